"""Kinds of problem: how each is asked, and how its answer is read back."""

import pytest
from msgspec import structs

from evalsite.errors import RunFormatError
from evalsite.kinds import KINDS
from evalsite.kinds.prompts import build_prompt
from tests.kinds.helpers import PROBLEM


def test_a_kind_that_is_not_known_is_told():
    """As of a run of a later evalsite."""
    with pytest.raises(RunFormatError, match="Demo/0 is a problem of kind 'later'") as caught:
        build_prompt(structs.replace(PROBLEM, kind="later"), "chat-v1")
    assert "upgrade" in caught.value.hint


def test_it_is_told_of_each_kind_what_its_prompt_and_references_are():
    """Stubs, exports and templates go by that."""
    code = {name for name, kind in KINDS.items() if kind.prompt_is_code}
    goes_on = {name for name, kind in KINDS.items() if kind.goes_on}
    assert goes_on == {"code", "infill", "repair", "code-inputs", "unittest"}
    assert code == goes_on | {"output-prediction", "input-prediction"}
    assert {name for name, kind in KINDS.items() if not kind.has_references} == {"calls", "stdin", "call"}
    assert {name for name, kind in KINDS.items() if not kind.runs} == {"calls"}
