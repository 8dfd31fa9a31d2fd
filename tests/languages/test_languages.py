"""What is peculiar to one programming language: how code is asked for, found, run, judged and shown."""

import pytest

from evalsite.errors import RunFormatError
from evalsite.languages import language_of
from tests.languages.helpers import PROBLEM


def test_a_language_that_is_not_there_is_told():
    """With those that are."""
    with pytest.raises(RunFormatError, match="'toy'") as caught:
        language_of(PROBLEM)
    assert "python" in caught.value.hint
