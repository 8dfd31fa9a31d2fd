"""Takes away what a model thought aloud before it answered, whatever markup its family puts around that."""

import pytest

from evalsite.extraction.thoughts import MARKUPS
from tests.extraction.answers import FUNCTION, fenced, passes, program
from tests.extraction.helpers import DRAFT, FINAL


@pytest.mark.parametrize("markup", MARKUPS, ids=lambda markup: markup.example)
def test_a_draft_in_a_thought_never_counts(markup):
    """Whether the thought begins and ends, or its beginning was eaten; one without an end leaves nothing."""
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
