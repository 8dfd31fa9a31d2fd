"""Programs in a Python of one's own: they import what is installed there, and the run says what that was."""

import importlib.util
import json
import locale
import sys
import zoneinfo
from pathlib import Path

import pytest
from msgspec.structs import replace

from evalsite.grading.engine import Grader
from evalsite.grading.environments import compile_ours
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.interpreters import hash_packages, named_interpreter
from evalsite.rundir.schema import Limits
from evalsite.rundir.store import RunDir
from evalsite.stats.compare.guard import reservations
from tests.grading.helpers import IN_EACH_SANDBOX, imported, verdict_of
from tests.make import GRADING, make_problem, make_record

BY_PACKAGE = "import tinyframe\n\ndef double(x):\n    return tinyframe.double(x)\n"
BEFOREHAND = "import sys\nassert {word} 'tinyframe' in sys.modules\n"
SEES = """
import importlib.util, os, sys
assert importlib.util.find_spec("msgspec") is None
for folder in sys.path:
    if "tinyframe" in (os.listdir(folder) if os.path.isdir(folder) else ()):
        found = folder
try:
    open(os.path.join(found, "tinyframe", "mine.py"), "w")
except OSError:
    pass
else:
    raise AssertionError("it can be written")
"""


@pytest.mark.sandbox
@IN_EACH_SANDBOX
def test_programs_import_what_is_installed_there(packaged, sandbox):
    """Read-only, preloaded for those who name it, and nothing of what evalsite itself has."""
    python = named_interpreter(packaged, "tinyframe")
    with Grader(LocalExecutor(Limits(), sandbox=sandbox, workers=1, interpreter=python)) as grader:
        assert grader.conditions.packages == (("tinyframe", "1.2"),)
        assert grader.conditions.preload == ("tinyframe",)
        for number, source in enumerate(
            (
                BY_PACKAGE,
                BEFOREHAND.format(word="") + BY_PACKAGE,
                BEFOREHAND.format(word="not").replace("'tinyframe'", "'tiny' + 'frame'")
                + "def double(x):\n    return __import__('tiny' + 'frame').double(x)\n",
                SEES + BY_PACKAGE,
            )
        ):
            verdict = verdict_of(grader, source, sample=number)
            assert verdict.verdict == "passed", (number, verdict.traceback)
            assert not verdict.in_process
        verdict = verdict_of(grader, "import pandalike\n", sample=9)
        assert (verdict.verdict, verdict.module) == ("missing_module", "pandalike")


@pytest.mark.sandbox
@IN_EACH_SANDBOX
def test_without_one_there_is_the_standard_library(sandbox):
    """And the package that lies in nobody's environment is missing."""
    with Grader(LocalExecutor(Limits(), sandbox=sandbox, workers=1)) as grader:
        assert grader.conditions.packages == ()
        verdict = verdict_of(grader, BY_PACKAGE)
        assert (verdict.verdict, verdict.module) == ("missing_module", "tinyframe")


@pytest.mark.sandbox
@IN_EACH_SANDBOX
def test_zones_and_locales_are_those_of_the_machine(sandbox):
    """A program finds the time zones and the locales that a program outside finds, and no others."""
    zones = sorted(zoneinfo.available_timezones() - {"localtime"})  # a link to where the machine is
    names = ("C.UTF-8", "en_US.UTF-8", "de_DE.UTF-8", "fr_FR.UTF-8", "ja_JP.UTF-8", "POSIX")
    asked = f"""
import locale, zoneinfo

def double(x):
    found = []
    for name in {names!r}:
        try:
            found.append(bool(locale.setlocale(locale.LC_ALL, name)))
        except locale.Error:
            found.append(False)
    return [found, sorted(zoneinfo.available_timezones() - {{"localtime"}})]
"""
    tests = f"assert double(0) == [{[has_locale(name) for name in names]}, {zones!r}]\n"
    with Grader(LocalExecutor(Limits(), sandbox=sandbox, workers=1)) as grader:
        verdict = verdict_of(grader, asked, problem=make_problem(tests=tests, reference=asked))
    assert verdict.verdict == "passed", verdict.message


def has_locale(name):
    before = locale.setlocale(locale.LC_ALL)
    try:
        return bool(locale.setlocale(locale.LC_ALL, name))
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_ALL, before)


@pytest.mark.sandbox
def test_problems_in_bigcodebenchs_manner_are_graded(evalsite, packaged, tmp_path):
    """Its tests are classes of unittest, and its programs need packages."""
    test = """import unittest

class TestCases(unittest.TestCase):
    def test_doubles(self):
        self.assertEqual(task_func(3), 6)

    def test_refuses(self):
        with self.assertRaises(TypeError):
            task_func(None)
"""
    row = {
        "task_id": "BigCodeBench/0",
        "complete_prompt": "import tinyframe\ndef task_func(x):\n",
        "instruct_prompt": "Double a number.",
        "canonical_solution": "    return tinyframe.double(x)\n",
        "test": test,
        "entry_point": "task_func",
        "libs": "['tinyframe']",
    }
    (tmp_path / "bigcodebench.jsonl").write_text(json.dumps(row) + "\n")
    checked = evalsite("check-dataset", "bigcodebench.jsonl", "--sandbox-python", packaged)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    answers = [row["canonical_solution"], "    return tinyframe.double(x or 0)\n", "    return 7\n"]
    (tmp_path / "samples.jsonl").write_text(
        "".join(json.dumps({"task_id": row["task_id"], "completion": each}) + "\n" for each in answers)
    )
    named = ("--dataset", "bigcodebench", "--data-path", "bigcodebench.jsonl", "--model-name", "m")
    done = evalsite("import", "samples.jsonl", *named, "--sandbox-python", packaged, "--preload", "tinyframe")
    assert done.returncode == 0, done.stderr
    verdicts = {each.sample: each for each in RunDir(tmp_path / done.stdout.strip()).verdicts()}
    assert [str(verdicts[n].verdict) for n in range(3)] == ["passed", "wrong_answer", "wrong_answer"]
    assert not any(each.in_process for each in verdicts.values())


@pytest.mark.sandbox
def test_a_reference_that_needs_packages_says_which(evalsite, tmp_path):
    """Without them nothing can be judged, and the message names the package."""
    done = imported(evalsite, tmp_path)
    assert done.returncode == 3
    assert "No module named 'tinyframe'" in done.stderr


def test_what_programs_could_import_is_a_condition_of_a_comparison():
    """Two runs with other packages are not comparable without a word."""

    def graded(*packages):
        told = {"packages": dict(packages), "packages_sha256": hash_packages(packages)}
        return make_record(grading=replace(GRADING, **told))

    def fields(ours, theirs):
        return [each.field for each in reservations(ours, theirs) if each.field.startswith("grading.")]

    assert fields(graded(("a", "1")), graded(("a", "1"))) == []
    assert fields(graded(("a", "1")), graded(("a", "2"))) == ["grading.packages"]
    assert fields(graded(("a", "1")), graded()) == ["grading.packages"]


@pytest.mark.parametrize("wanted", [True, False])
def test_what_fork_servers_import_of_ours_is_compiled_before(tmp_path, monkeypatch, wanted):
    """They may write nothing there, and each would compile it anew; unless nobody wants such files."""
    monkeypatch.setattr(sys, "dont_write_bytecode", not wanted)
    source = tmp_path / "ours.py"
    source.write_text("x = 1\n")
    (tmp_path / "broken.py").write_text("def\n")
    compile_ours(tmp_path)
    assert Path(importlib.util.cache_from_source(source, optimization="")).exists() is wanted
