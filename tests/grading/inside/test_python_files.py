"""Exercises of several files: their modules, as tests and as programs import them."""

import sys
import types
import unittest

import pytest

from evalsite.grading.inside import python_files


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch, tmp_path):
    """What a process of the tests does once, undone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", sys.dont_write_bytecode)
    monkeypatch.setitem(sys.modules, "program", types.ModuleType("program"))
    yield
    python_files._forget()


def test_files_are_laid_out_and_some_imported(tmp_path, monkeypatch):
    """Below the process' own folder, from which they are imported first."""
    files = {"laid_out_once.py": "from inner.laid_out import value\n", "inner/laid_out.py": "value = 'é'\n"}
    python_files.lay_out(files, ["laid_out_once"])
    try:
        assert (tmp_path / "inner" / "laid_out.py").read_text("utf-8") == files["inner/laid_out.py"]
        assert sys.modules["laid_out_once"].value == "é"
        assert sys.path[0] == str(tmp_path)
        assert sys.dont_write_bytecode
    finally:
        for name in ("laid_out_once", "inner", "inner.laid_out"):
            sys.modules.pop(name, None)


def test_names_mean_the_program_and_helpers_until_the_tests_have_run():
    """Then what stood there stands there again."""
    kept = types.ModuleType("kept_before")
    sys.modules["kept_before"] = kept
    helpers = {"a_helper": "import kept_before, sys\nsaid = kept_before is sys.modules['program']\n"}
    try:
        python_files.know(["kept_before", "new_one"], helpers)
        assert sys.modules["kept_before"] is sys.modules["new_one"] is sys.modules["program"]
        assert sys.modules["a_helper"].said
        python_files.know(["new_one"], {})
        assert sys.modules["kept_before"] is kept
        assert "a_helper" not in sys.modules
        with pytest.raises(AssertionError, match="no test was run"):
            python_files.run([])
        assert "new_one" not in sys.modules
    finally:
        del sys.modules["kept_before"]


def test_cases_of_the_tests_and_of_their_helpers_run_once():
    """Though both name them."""
    ran = []
    helper = "import unittest\nclass Case(unittest.TestCase):\n    def test(self): ran.append('helper')\n"
    case = type("Own", (unittest.TestCase,), {"test": lambda self: ran.append("own")})
    python_files.know([], {"a_helper": helper})
    module = sys.modules["a_helper"]
    module.ran = ran
    python_files.run([case, 5, module.Case, case])
    assert sorted(ran) == ["helper", "own"]
    assert "a_helper" not in sys.modules
    python_files.know([], {"a_helper": helper.replace("ran.append('helper')", "assert 0, 'no'")})
    with pytest.raises(AssertionError, match="no"):
        python_files.run([case])
    assert "a_helper" not in sys.modules
