"""The words of published benchmarks, so that their numbers can be made again. Each names what it follows.

Words are theirs to the letter; how an answer is read is ours, and docs/recipes.md says where that differs.
"""

from collections.abc import Callable, Mapping

from evalsite.errors import UsageError
from evalsite.kinds import kind_of
from evalsite.kinds.shots import MBPP_SHOTS, Shot
from evalsite.languages import language_of
from evalsite.rundir.schema import Problem, Prompt


def _evalplus_chat(problem: Problem) -> Prompt:
    """EvalPlus 0.3: prefixes of evalplus/codegen.py, make_raw_chat_prompt of evalplus/provider/utility.py."""
    text = (
        "Please provide a self-contained Python script that solves the following problem in a markdown code "
        f"block:\n```\n{_as_code(problem, tests=1).strip()}\n```\n"
    )
    prefill = (
        "Below is a Python script with a self-contained function that solves the problem and passes "
        "corresponding tests:\n```python\n"
    )
    return Prompt(problem=problem.task_id, text=text, form="response", prefill=prefill)


def _lm_eval_humaneval_instruct(problem: Problem) -> Prompt:
    """lm-evaluation-harness, lm_eval/tasks/humaneval/humaneval_instruct.yaml, version 4.0 of the task."""
    code = _as_code(problem)
    text = (
        "Write a solution to the following problem and make sure that it passes the tests:\n"
        f"```python\n{code}\n```\n"
    )
    prefill = f"Here is the completed function:\n```python\n{code}\n"
    return Prompt(problem=problem.task_id, text=text, form="response", prefill=prefill)


def _lm_eval_mbpp_3shot(problem: Problem) -> Prompt:
    """lm-evaluation-harness, lm_eval/tasks/mbpp/mbpp.yaml and utils.py, version 1.0 of the task."""
    shots = "".join(f"{_mbpp_question(shot)}{shot.code}\n[DONE]\n\n" for shot in MBPP_SHOTS)
    asked = Shot(problem.prompt, "", problem.shown_tests[:3])
    text = shots + _mbpp_question(asked)
    return Prompt(problem=problem.task_id, text=text, form="completion", stop=("[DONE]",))


def _mbpp_question(shot: Shot) -> str:
    tests = "\n".join(shot.tests)
    return (
        f"You are an expert Python programmer, and here is your task: {shot.text} "
        f"Your code should pass these tests:\n\n{tests}\n[BEGIN]\n"
    )


def _bigcode_mbpp(problem: Problem) -> Prompt:
    """bigcode-evaluation-harness, bigcode_eval/tasks/mbpp.py: a docstring that shows one test."""
    stop = ("\nclass", "\nassert", '\n"""', "\nprint", "\nif", "\n<|/", "\n```")
    return Prompt(problem=problem.task_id, text=_docstring(problem, tests=1), form="completion", stop=stop)


def _octopack_instruct(problem: Problem) -> Prompt:
    """bigcode-evaluation-harness, bigcode_eval/tasks/humanevalpack.py, the prompt ``instruct``, which is its
    default: HumanEvalSynthesize, or HumanEvalFix with tests where there is something to mend. Code in Go
    begins with its imports, too, without which the answer to the latter would not compile.
    """
    if problem.faulty:
        shown = "\n".join((problem.prompt + problem.faulty, *problem.shown_tests))
        asked = f"{shown}\nFix bugs in {problem.entry_point}."
    elif problem.instruction:
        asked = problem.instruction.strip()
    else:
        raise UsageError(
            f"{problem.task_id} comes without an instruction, and octopack-instruct-v1 is HumanEvalPack's",
            hint="Leave --prompt out, or take a data set humanevalpack-... ('evalsite datasets' lists them).",
        )
    text = f"{asked}\n\n{problem.prompt}".strip()
    stop = language_of(problem).asking.function_stops
    return Prompt(problem=problem.task_id, text=text, form="completion", stop=stop)


def _as_code(problem: Problem, tests: int = 0) -> str:
    """A problem as code to continue: its prompt, or a docstring where that is prose."""
    return problem.prompt if kind_of(problem).prompt_is_code else _docstring(problem, tests)


def _docstring(problem: Problem, tests: int) -> str:
    description = "\n".join((problem.prompt, *problem.shown_tests[:tests]))
    return language_of(problem).asking.text.format(description)


PUBLISHED: Mapping[str, Callable[[Problem], Prompt]] = {
    "evalplus-chat-v1": _evalplus_chat,
    "lm-eval-humaneval-instruct-v4": _lm_eval_humaneval_instruct,
    "lm-eval-mbpp-3shot-v1": _lm_eval_mbpp_3shot,
    "bigcode-mbpp-v1": _bigcode_mbpp,
    "octopack-instruct-v1": _octopack_instruct,
}
"""Name of each style, with the version of what it follows -> the function that writes it."""
