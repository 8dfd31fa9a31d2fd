"""Python that is to be predicted (CRUXEval) or to be filled in (human-eval-infilling)."""

from evalsite.datasets import cruxeval, infilling
from evalsite.datasets.base import Shape
from evalsite.datasets.catalogue.base import Known, Published

_CRUXEVAL = "https://raw.githubusercontent.com/facebookresearch/cruxeval/main/data/cruxeval.jsonl"
_INFILLING = "https://raw.githubusercontent.com/openai/human-eval-infilling/master/data/"


def _cruxeval(kind: str, shape: Shape[cruxeval.CruxEvalRecord], sha256: str, letter: str) -> Known:
    return Known(
        files=(Published("cruxeval.jsonl", _CRUXEVAL, 186_873),),
        kinds=(kind,),
        problems=800,
        licence="MIT",
        origin="https://github.com/facebookresearch/cruxeval",
        sha256=sha256,
        shape=shape,
        prompt="The built-in styles follow the direct prompts of CRUXEval, two examples and `[ANSWER]` tags "
        "included, in words of our own.",
        numbers=f"Near CRUXEval-{letter} without a chain of thought, which is published as pass@1 at "
        "temperature 0.2; words and examples differ, so hold runs against runs that were made here.",
    )


def _infilling(file: str, problems: int, size: int, sha256: str) -> Known:
    return Known(
        files=(Published(file, f"{_INFILLING}{file}", size),),
        kinds=("infill",),
        problems=problems,
        licence="MIT",
        origin="https://github.com/openai/human-eval-infilling",
        sha256=sha256,
        shape=infilling.SHAPE,
        prompt="`fim-...` styles wrap prefix and suffix in the tokens of a model family, as its model card "
        "does; `completion-v1` sends the suffix beside the prompt, where the server takes it.",
        numbers="Near the pass rates of Bavarian et al. 2022 (arXiv 2207.14255) and of model cards where a "
        "`fim-...` style is the model's own; on chat with none.",
    )


REASONING: dict[str, Known] = {
    "cruxeval-input": _cruxeval(
        "input-prediction",
        cruxeval.INPUT,
        "9a0b68b83eb9b076ea0bed62de501d0ff0ce6f07d5c2c3a09a1864717d7626a8",
        "I",
    ),
    "cruxeval-output": _cruxeval(
        "output-prediction",
        cruxeval.OUTPUT,
        "f6014366f068bb393c8c7e46ffe532fa96267ea7fe06068f893d7ff17773476e",
        "O",
    ),
    "humaneval-infilling-single-line": _infilling(
        "HumanEval-SingleLineInfilling.jsonl.gz",
        1033,
        75_058,
        "fe3551dc0207a2c814e67707b60407bb3a90b8fc7f885e5114ddb01291b71459",
    ),
    "humaneval-infilling-random-span-light": _infilling(
        "HumanEval-RandomSpanInfillingLight.jsonl.gz",
        164,
        45_730,
        "20b04a2f251f66cb8ebb8d16f915c6f308659d4107b3954f2e7104b08263d685",
    ),
}
"""Name -> data set."""
