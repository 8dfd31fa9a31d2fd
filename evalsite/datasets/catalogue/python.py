"""HumanEval, MBPP and their + forms."""

from evalsite.datasets import mbpp
from evalsite.datasets.catalogue.base import Known, Published

_HUMANEVAL = "HumanEval.jsonl.gz"
_MBPP = "https://raw.githubusercontent.com/google-research/google-research/master/mbpp/"
_PLUS = "https://github.com/evalplus/{0}_release/releases/download/{1}-OriginFmt.jsonl.gz"
_MBPP_FILE = Published("mbpp.jsonl", f"{_MBPP}mbpp.jsonl", 563_743)
_MBPP_ORIGIN = "https://github.com/google-research/google-research/tree/master/mbpp"
_AS_EVALPLUS = "`evalplus-chat-v1` is EvalPlus' own; `completion-v1` continues the prompt as it is."

PYTHON: dict[str, Known] = {
    "humaneval": Known(
        files=(
            Published(
                _HUMANEVAL,
                f"https://raw.githubusercontent.com/openai/human-eval/master/data/{_HUMANEVAL}",
                44_877,
            ),
        ),
        kinds=("code",),
        problems=164,
        licence="MIT",
        origin="https://github.com/openai/human-eval",
        hub=("openai/openai_humaneval", "openai_humaneval"),
        sha256="4c7b9968210b4ec7c8ad877f19ee323f8023cc178c96884aee18307524e79009",
        package=f"human-eval:human_eval/data/{_HUMANEVAL}",
        prompt="`completion-v1` is that of Chen et al. 2021 (arXiv 2107.03374), with its stop sequences.",
        numbers="Completions are run and judged as human-eval does it, sample by sample. Chat answers are "
        "read as docs/extraction.md says: published chat scores may differ by what was extracted.",
    ),
    "humaneval-plus": Known(
        files=(
            Published(
                "HumanEvalPlus-OriginFmt.jsonl.gz",
                _PLUS.format("humanevalplus", "v0.1.10/HumanEvalPlus"),
                1_350_689,
            ),
        ),
        kinds=("code",),
        problems=164,
        licence="Apache-2.0",
        origin="https://github.com/evalplus/evalplus",
        hub=("evalplus/humanevalplus", "default"),
        sha256="331a63d54d9703083ada2d233ec34b64d80dd1a3dc905bfbad1fcc3a56a85818",
        also=("3ab4c805b17a220f945880223442899f72a5b8eae28ecc5c76d177b2b1d00ffa",),
        prompt=_AS_EVALPLUS,
        numbers="EvalPlus' *plus* score, release v0.1.10. HumanEval/32's own reference fails its tests in "
        "this form; it counts all the same, so that a perfect model scores 163 of 164. `--data-path "
        "HumanEvalPlus.jsonl.gz`, EvalPlus' own form, gives its *base* score, too, and all 164.",
    ),
    "mbpp": Known(
        files=(_MBPP_FILE,),
        kinds=("text",),
        problems=974,
        licence="CC-BY-4.0",
        origin=_MBPP_ORIGIN,
        hub=("google-research-datasets/mbpp", "full"),
        sha256="e59a244596df70e2dc6f270b724714a9e4d45981944380f723af365d95dadc24",
        prompt="None: all 974 tasks, zero-shot. The paper's is 3-shot on the test split.",
        numbers="With nothing that is published as *MBPP*: that is nearly always one of the two below.",
    ),
    "mbpp-test": Known(
        files=(_MBPP_FILE,),
        kinds=("text",),
        problems=500,
        licence="CC-BY-4.0",
        origin=_MBPP_ORIGIN,
        keep=mbpp.in_test_split,
        sha256="483611ec27e80ee8921b20a566d9e5fd5142f4dc5eeaa90806b9328b91462222",
        prompt="`lm-eval-mbpp-3shot-v1` is lm-evaluation-harness' (3-shot), `bigcode-mbpp-v1` that of "
        "bigcode-evaluation-harness (zero-shot, one test shown).",
        numbers="Task ids 11 to 510, as both harnesses take them; name the style with the score.",
    ),
    "mbpp-sanitized": Known(
        files=(Published("sanitized-mbpp.json", f"{_MBPP}sanitized-mbpp.json", 255_053),),
        kinds=("text",),
        problems=427,
        licence="CC-BY-4.0",
        origin=_MBPP_ORIGIN,
        hub=("google-research-datasets/mbpp", "sanitized"),
        sha256="a642d780c20df3b7a4174915037fc26fdb35b4a4759cb077e7ed876fe9fe6dd3",
        prompt="None of its own: `completion-v1` shows the task and all its tests in a docstring.",
        numbers="All 427 hand-verified tasks; others report its part of the test split (257).",
    ),
    "mbpp-plus": Known(
        files=(
            Published("MbppPlus-OriginFmt.jsonl.gz", _PLUS.format("mbppplus", "v0.2.0/MbppPlus"), 549_938),
        ),
        kinds=("text",),
        problems=378,
        licence="Apache-2.0",
        origin="https://github.com/evalplus/evalplus",
        hub=("evalplus/mbppplus", "default"),
        sha256="61e2255fca5ee96771f96fac40f2480d90230b75528b20d0726d29896dd2e47b",
        prompt=_AS_EVALPLUS,
        numbers="EvalPlus' *plus* score, release v0.2.0, by the same tests as a program.",
    ),
}
"""Name -> data set."""
