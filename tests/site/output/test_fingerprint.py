"""Fingerprints: everything counts, nothing is mistaken for something else, the program itself included."""

import dataclasses
from pathlib import Path

import pytest

import evalsite.site.output.fingerprint
from evalsite.counts.loaded import LoadedRun, load_run
from evalsite.rundir.schema import Tally
from evalsite.site.options import RunRule, SiteOptions
from evalsite.site.output.fingerprint import fingerprint, program_and_options
from evalsite.site.urls import Urls
from evalsite.stats.compare.runs import compare_all, compare_runs
from scripts.draw_house import modules
from tests.conftest import ROOT
from tests.make import write_run

ALIKE = (
    "1", 1, 1.0, True, None, "None", "", (), {}, ("",), ("a", "b"), ("ab",), ("a", ("b",)), (("a",), "b"),
    {"a": "b"}, {"b": "a"}, ("1", "2"), ("12", ""), Tally(problem="a", n=1, c=0),
    Tally(problem="a", n=1, c=1), RunRule(), RunRule(archive="counts"), Urls({"a": "b"}, {}),
    Urls({}, {"a": "b"}), ("str 1:", "a"), "\ud800",
)  # fmt: skip

MADE = ((10, "Base", [10, 9, 8]), (11, "One", [3, 2, 1]), (12, "Other", [0, 0, 1]))


def test_different_values_have_different_fingerprints():
    """Type, limits and place of every piece count; half a surrogate pair is a piece like any other."""
    assert len({fingerprint(value) for value in ALIKE}) == len(ALIKE)
    assert len({fingerprint("ab"), fingerprint("a", "b"), fingerprint("b", "a")}) == 3


def test_equal_values_have_equal_fingerprints():
    """A set has no order; a list and a tuple of the same are made from the same."""
    assert fingerprint(frozenset("abc")) == fingerprint(frozenset("cba"))
    assert fingerprint(RunRule(match=("a",))) == fingerprint(RunRule(match=("a",)))


def test_a_run_counts_as_its_files(tmp_path):
    """Wherever it lies; one whose files were not hashed has no fingerprint, rather than that of any other."""
    run = load_run(write_run(tmp_path, "One", [1], n=1))
    known, other = (dataclasses.replace(run, digest=digest) for digest in ("0a", "0b"))
    assert fingerprint(known) != fingerprint(other)
    assert fingerprint(known) == fingerprint(LoadedRun(None, known.run, None, "0a"))
    with pytest.raises(TypeError, match="without a hash of its files"):
        fingerprint(run)


def test_what_cannot_be_told_has_no_fingerprint():
    """A function, a class or a file's handle may change without a trace."""
    for value in (len, RunRule, object(), Path()):
        with pytest.raises(TypeError, match="has no fingerprint"):
            fingerprint((value,))


def reached(module, graph):
    found, left = set(), [module]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += graph[name]
    return found


def test_every_module_that_makes_pages_counts(monkeypatch, tmp_path):
    """Whatever the site imports, directly or not: a change in it makes every page anew."""
    before = program_and_options(SiteOptions())
    package = tmp_path / "evalsite"
    needed = [ROOT / "evalsite" / f"{name.replace('.', '/')}.py" for name in reached("site.build", modules())]
    needed = [path if path.is_file() else path.with_suffix("") / "__init__.py" for path in needed]
    assert len(needed) > 60
    for path in (ROOT / "evalsite").rglob("*.py"):
        copy = package / path.relative_to(ROOT / "evalsite")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(evalsite.site.output.fingerprint.evalsite, "__file__", str(package / "__init__.py"))
    assert program_and_options(SiteOptions()) == before
    for path in {*(ROOT / "evalsite").rglob("*.py")} - {*needed}:
        (package / path.relative_to(ROOT / "evalsite")).unlink()
    before = program_and_options(SiteOptions())
    for path in needed:
        copy = package / path.relative_to(ROOT / "evalsite")
        copy.write_bytes(path.read_bytes() + b"\n")
        assert program_and_options(SiteOptions()) != before, path
        copy.write_bytes(path.read_bytes())


def test_a_comparison_counts_as_its_runs_and_what_others_add(tmp_path):
    """Its figures follow from both runs; a correction over further candidates does not."""
    dirs = [write_run(tmp_path, name, passes, day=f"2026-11-{day}") for day, name, passes in MADE]
    base, one, other = (dataclasses.replace(load_run(run), digest=run.digest()) for run in dirs)
    alone = fingerprint(compare_runs(base, one))
    assert fingerprint(compare_runs(base, one)) == alone
    assert fingerprint(compare_runs(base, other)) != alone
    assert fingerprint(compare_runs(base, one, repeat=other)) != alone
    assert fingerprint(compare_all(base, (one, other))[0]) != alone


def test_options_count_but_for_those_that_change_no_page():
    """Processes are not an input; redirects are one of the index alone."""
    before = program_and_options(SiteOptions())
    assert program_and_options(SiteOptions(jobs=7, redirects=(("a", "b"),))) == before
    assert program_and_options(SiteOptions(title="Other")) != before
