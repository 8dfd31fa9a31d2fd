"""Edits of two runs: whether they can be read, whether they apply, and what passes at each turn."""

import json

import pytest
from msgspec.structs import replace

from evalsite.counts.loaded import LoadedRun
from evalsite.report.comparison import as_json
from evalsite.rundir.edits import EditCounts, EditTally
from evalsite.site.views.edits import compared_rows
from evalsite.stats.compare.edits import as_edits, compare_edits
from evalsite.stats.compare.runs import compare_runs
from tests.make import SETTINGS, loaded_run

RIGHT, LATE, WRONG = (1, 1, 1, 1), (1, 1, 0, 1), (1, 1, 0, 0)
UNAPPLIED, UNREAD = (1, 0, 0, 0), (0, 0, 0, 0)


def run_with_edits(edits, *, model="candidate", name="udiff", turns=2):
    """A run of which each problem's one sample is (well-formed, applied, passed at first, passed)."""
    settings = replace(SETTINGS, turns=turns, prompt=f"edit-{name}-v1")
    loaded = loaded_run([passed for *_, passed in edits], 1, model=model, settings=settings)
    tallies = tuple(
        replace(tally, edits=EditTally(well_formed=read, applied=applied, first=first))
        for tally, (read, applied, first, _) in zip(loaded.summary.tallies, edits, strict=True)
    )
    read, applied, first, passed = (sum(each) for each in zip(*edits, strict=True))
    counts = EditCounts(
        format=name, samples=len(edits), well_formed=read, applied=applied,
        passed=(first, passed) if turns > 1 else (passed,),
    )  # fmt: skip
    summary = replace(loaded.summary, tallies=tallies, edits=counts)
    return LoadedRun(loaded.dir, loaded.run, summary)


BASE = run_with_edits([RIGHT] * 80 + [LATE] * 10 + [WRONG] * 10, model="base")
CANDIDATE = run_with_edits([RIGHT] * 50 + [LATE] * 20 + [UNAPPLIED] * 10 + [UNREAD] * 20)


def test_each_figure_is_a_paired_difference():
    """With an interval and a decision of its own; what passes in the end is pass@1."""
    found = compare_runs(BASE, CANDIDATE)
    figures = found.edits.figures
    assert {name: (each.main.base, each.main.candidate) for name, each in figures.items()} == {
        "well_formed": (1.0, 0.8), "applied": (1.0, 0.7), "first": (0.8, 0.5),
    }  # fmt: skip
    mains = [each.main for each in figures.values()]
    assert [one.interval.low < one.value < one.interval.high for one in mains] == [True] * 3
    assert found.numbers.main.value == pytest.approx(-0.2)
    said = " ".join(found.notes)
    assert "Edits that can be read in their format, on 100 problems: 100.0 % to 80.0 %" in said
    assert "Samples that pass at the first turn, on 100 problems: 80.0 % to 50.0 %" in said
    assert "as udiff" not in said


def test_other_formats_are_told():
    """Since then it is not the model alone that differs."""
    found = compare_runs(BASE, run_with_edits([RIGHT] * 100, name="whole"))
    assert "The baseline was asked for edits as udiff, the candidate as whole." in found.notes


def test_one_turn_has_no_first_one():
    """Then it is the last as well."""
    one = run_with_edits([RIGHT] * 5 + [WRONG] * 5, turns=1)
    assert list(compare_edits(one, one).figures) == ["well_formed", "applied"]


def test_runs_without_edits_have_no_figures():
    """Nor has a run beside one without."""
    plain = loaded_run([1] * 100, 1, model="base")
    assert compare_edits(plain, CANDIDATE) is None
    assert compare_runs(plain, CANDIDATE).edits is None
    assert as_edits(plain, "applied").n.size == 0


def changed(run, *, missing=0, **fields):
    """The same run with another record, or with samples of its first problem missing."""
    first, *others = run.summary.tallies
    tallies = (replace(first, missing=missing), *others)
    return LoadedRun(run.dir, replace(run.run, **fields), replace(run.summary, tallies=tallies))


@pytest.mark.parametrize(
    ("fields", "missing", "decision"),
    [({}, 0, "met"), ({"status": "running"}, 0, "pending"), ({}, 1, "inconclusive")],
)
def test_no_figure_is_met_where_nothing_can_be_concluded(fields, missing, decision):
    """In sentences, for scripts and in tables alike; what is missing could hide a miss."""
    candidate = changed(run_with_edits([RIGHT] * 100), missing=missing, id="other", **fields)
    found = compare_runs(run_with_edits([RIGHT] * 100, model="base"), candidate)
    assert [found.decided(each) for each in found.edits.figures.values()] == [decision] * 3
    assert found.decided(found.numbers) == found.decision
    said = [note for note in found.notes if "that no more than 10.0 points were lost is" in note]
    assert len(said) == 3
    assert all(note.endswith(f"were lost is {decision}.") for note in said)
    document = json.loads(as_json(found, lambda _task: ""))
    assert {document["edits"][name]["decision"] for name in found.edits.figures} == {decision}
    assert {row[-1] for row in compared_rows(found)} <= {decision, found.decision}
    assert compared_rows(found)[-1][-1] == found.decision
