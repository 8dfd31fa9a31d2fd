"""Kinds of problem: how each is asked, and how its answer is read back."""

import pytest
from msgspec import structs

from evalsite.errors import RunFormatError
from evalsite.kinds.prompts import build_prompt
from tests.kinds.helpers import PROBLEM


def test_a_kind_that_is_not_known_is_told():
    """As of a run of a later evalsite."""
    with pytest.raises(RunFormatError, match="Demo/0 is a problem of kind 'later'") as caught:
        build_prompt(structs.replace(PROBLEM, kind="later"), "chat-v1")
    assert "upgrade" in caught.value.hint
