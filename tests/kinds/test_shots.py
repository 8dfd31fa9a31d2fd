"""Three problems of MBPP (Austin et al. 2021, arXiv 2108.07732, CC BY 4.0): tasks 2, 3 and 4."""

from evalsite.kinds.prompts import prompt_for
from evalsite.rundir.schema import Example
from tests.kinds.helpers import AREA, DOUBLE, ZERO, settings


def test_no_problem_is_shown_its_own_solution() -> None:
    """Of one example more than wanted each sees the first others."""
    examples = tuple(Example(problem=f"Code/{n}", text=f"<{n}>") for n in (1, 2, 3))
    shown = [prompt_for(each, settings(few_shot=examples)).text[:6] for each in (AREA, ZERO, DOUBLE)]
    assert shown == ["<2><3>", "<1><3>", "<1><2>"]
    own = settings(few_shot=(Example(text="First: 1\n"),), template="{{ few_shot }}-- {{ prompt }}")
    assert prompt_for(ZERO, own).text == f"First: 1\n-- {ZERO.prompt}"
