"""Takes away what a model thought aloud before it answered, whatever markup its family puts around that."""

import pytest

from evalsite.extraction.thoughts import MARKUPS
from tests.extraction.answers import FUNCTION, fenced, passes, program
from tests.extraction.helpers import DRAFT, FINAL


@pytest.mark.parametrize("row", range(len(MARKUPS)))
def test_a_draft_in_a_thought_never_counts(row):
    """Whether the thought begins and ends, or its beginning was eaten; one without an end leaves nothing."""
    markup = MARKUPS[row]
    begins, _, ends = markup.example.partition("…")
    begins = begins.replace("analysis", "analysisWe") if begins == "analysis" else begins
    whole, eaten, unclosed = f"{begins}{DRAFT}{ends}", f"{DRAFT}{ends}", f"{begins}\n{DRAFT}"
    for text in (whole, *([f"{begins.upper()}{DRAFT}{ends}", eaten] if markup.alone else [])):
        assert passes(program(f"{text}\n{FINAL}")), text
        assert passes(program(f"{text}{FUNCTION}")), text
    if markup.alone:
        assert program(unclosed).rule == "no-code"


@pytest.mark.parametrize("behind", [fenced("def total(:\n"), "total = nothing\n", fenced("x = 1\n")])
def test_a_thought_before_an_answer_that_holds_other_code_does_not_count(behind):
    """Its end may stand alone: what follows is the answer, right or not."""
    found = program(f"{DRAFT}</think>\n{behind}")
    assert "floor" not in found.source
    assert not passes(found)


HELD = (
    "def total(numbers: List[int]) -> int:\n"
    '    opening = "a <think>b"\n'
    "    root = math.isqrt(sum(shift(n) for n in numbers))\n"
    '    closing = "a </think>b"\n'
    "    return root if opening != closing else 0\n"
)


@pytest.mark.parametrize(
    "text",
    [
        f"`<think>` opens a thought:\n{FINAL}\nand `</think>` ends it.",
        f'"<think>" opens a thought:\n{FINAL}\nand "</think>" ends it.',
        f"I do not need <think> here.\n{FINAL}",
        fenced(HELD),
        HELD,
        f"<think>{DRAFT}</think>\n{fenced(HELD)}",
    ],
    ids=["in backticks", "in quotes", "in a sentence", "in code", "in bare code", "in code behind a thought"],
)
def test_marks_that_are_spoken_of_end_and_open_nothing(text):
    """In quotes, in the midst of a sentence, and in code that compiles with anything in their place."""
    assert passes(program(text)), program(text)


def test_a_mark_with_a_quote_on_one_side_alone_is_one():
    """A draft that ends with a quote does not make its end a word."""
    assert passes(program(f'<think>They said "{DRAFT}"</think>\n{FINAL}'))


def test_what_stands_in_for_a_mark_may_stand_in_an_answer_itself():
    """Two characters for private use, with a mark's number between them, hide no mark."""
    odd = fenced(f'KEPT = "\ue0000\ue000 \ue0001\ue000"\n{FUNCTION}')
    assert passes(program(f"<think>{DRAFT}</think>\n{odd}"))
    assert "floor" not in program(f"<think>{DRAFT}</think>\n{odd}").source
