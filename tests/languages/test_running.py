"""What programs need to be run, in languages whose tools compile and run them."""

import pytest

from evalsite.languages import LANGUAGES

OF_TOOLS = [name for name in LANGUAGES if name != "python"]


@pytest.mark.parametrize("name", OF_TOOLS)
def test_a_language_of_tools_has_an_environment_of_its_own_and_shares_no_names(name):
    """Whatever a program says: names are shared, and classes told from functions, in Python alone."""
    running = LANGUAGES[name].running
    assert running.environment("import numpy", "f(1)") == name
    assert running.environment("", "", ("numpy",)) == name
    assert running.own_names("sum = f", "f") == ()
    assert running.shared_names("def f(): return g") == ()
    assert running.entry_function("def f(): return 1", "f") == ""


@pytest.mark.parametrize("name", OF_TOOLS)
def test_what_is_asked_for_may_have_no_stub(name):
    """Where types have to be known, no program is made up; one that does nothing is not one that fails."""
    running = LANGUAGES[name].running
    stubs = [running.stub("f"), running.stub_of("", "f"), running.idle_stub("f")]
    assert [type(stub) for stub in stubs] == [str, str, str]
    assert all("f" in stub for stub in stubs if stub)
    assert running.stub("f") != running.idle_stub("f") or stubs == ["", "", ""]


def test_types_are_why_there_is_none():
    """Their compilers would refuse it, and so would say nothing of the tests."""
    with_stubs = {name for name in OF_TOOLS if LANGUAGES[name].running.stub("f")}
    assert with_stubs
    assert not with_stubs & {"cpp", "go", "java", "rust"}
