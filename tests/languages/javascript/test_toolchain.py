"""JavaScript in node: right and wrong told apart, every way to fail by its name, and no pass by a trick."""

import pytest

from tests.languages.judged import Judged, marks

pytestmark = marks("javascript")

JUDGED = Judged("javascript")


@pytest.fixture(scope="module")
def found():
    return JUDGED.verdicts()


@pytest.mark.parametrize("name", JUDGED.expected)
def test_each_program_is_judged_by_what_it_does(found, name):
    """As the verdict's class says."""
    assert found[name].verdict == JUDGED.expected[name], found[name]


def test_what_failed_and_where_is_told(found):
    """The error's name and words, the program's line, the tests' line; of no pass anything."""
    told = found["an error"]
    assert (told.exception, told.message, told.line) == ("TypeError", "no", 2)
    assert told.failed_test == "console.assert(f(1) === 2)"
    assert found["wrong the second time"].failed_test.startswith("console.assert(JSON.stringify(f(2))")
    assert found["no program"].line == 2
    assert found["a package"].module == "js-md5"
    assert found["what it was told"].message == "0"
    assert found["right"].message == found["right"].traceback == ""
