"""A comparison in one screen: whatever there is to say of it, and whatever the runs are called."""

import json

import pytest
from msgspec import structs

from evalsite.report.brief import HEIGHT, WIDTH, as_brief
from evalsite.report.comparison import as_json
from evalsite.rundir.schema import Grading
from evalsite.stats.compare.runs import compare_runs
from tests.make import loaded_run

LONG = "an-organisation/a-model-of-a-very-long-name-" + "x" * 60
GRADING = Grading(sandbox="process", python="3.14.0")
PAIRS = {
    "met": ([10] * 164, [10] * 164, {}),
    "missed": ([10] * 164, [3] * 164, {}),
    "inconclusive": ([8, 10, 3, 0] * 10, [8, 7, 3, 1] * 10, {}),
    "vacuous": ([1] + [0] * 163, [0] * 164, {}),
    "pending": ([8] * 20, [7] * 20, {"status": "incomplete"}),
}


def brief(found):
    return as_brief(found, lambda _task: "")


@pytest.mark.parametrize("decision", PAIRS)
def test_every_verdict_fits_into_a_screen(decision):
    """It comes first, in capitals, then its figures; nothing is wider than a terminal."""
    base, candidate, changes = PAIRS[decision]
    found = compare_runs(loaded_run(base, 10, model="fp8"), loaded_run(candidate, 10, **changes))
    lines = brief(found).split("\n")
    assert lines[0].startswith(f"{decision.upper()}. On ")
    assert len(lines) <= HEIGHT
    assert max(map(len, lines)) <= WIDTH
    assert sum(line.startswith("pass@") for line in lines) == 2
    assert lines[-1] == "Exit code: 0 met; 1 missed; 9 inconclusive, vacuous or pending."


def test_what_is_too_much_for_a_screen_is_cut():
    """Long names, samples that are missing, other conditions, dozens of flips."""
    base = loaded_run([9, 10, 0, 4] * 20, 10, model=LONG, missing=3)
    other = loaded_run([3, 10, 5, 3] * 20, 10, model=f"{LONG}-2", missing=7, grading=GRADING, num_samples=9)
    lines = brief(compare_runs(base, other)).split("\n")
    assert len(lines) <= HEIGHT
    assert "All of it: the same command with --full." in lines


def test_neither_the_verdict_nor_a_note_takes_the_room_of_others():
    """Of seven lines, three and nine for all notes: what is cut inside of one ends in dots."""
    name = "-".join([LONG] * 6)
    base = loaded_run([9, 10, 0, 4] * 20, 10, model=name, missing=3)
    other = loaded_run([3, 10, 5, 3] * 20, 10, model=f"{name}-2", missing=7, num_samples=9)
    text = brief(compare_runs(base, other))
    verdict, table, notes, last = (part.split("\n") for part in text.split("\n\n"))
    assert (len(verdict), len(table), len(notes), len(last)) == (7, 3, 9, 2)
    assert verdict[-1].endswith(" ...")
    starts = [place for place, line in enumerate(notes) if line.startswith("- ")]
    assert starts == [0, 1, 4, 7]
    assert notes[6].endswith(" ...")
    assert all(line.startswith(("- ", "  ")) for line in notes)
    assert table[1].split() == ["pass@1", "57.5", "%", "52.5", "%", "-5.0", "-13.7", "to", "+3.9"]


def test_what_changed_is_counted():
    """Problems of every kind, and those that did not change."""
    base = loaded_run([10, 10, 0, 9, 2, 5], 10, model="fp8")
    text = " ".join(brief(compare_runs(base, loaded_run([0, 10, 10, 8, 3, 5], 10))).split())
    assert "Problems: 1 broken, 1 fixed, 1 pass less often, 1 pass more often, 2 unchanged." in text
    assert "Broken: HumanEval/0." in text


@pytest.mark.parametrize(
    ("excluded", "said"),
    [
        ({"HumanEval/1": "NameError"}, "Excluded: 1 of 3 problems (HumanEval/1: NameError)."),
        (
            {"HumanEval/1": "NameError", "HumanEval/2": "timeout"},
            "Excluded: 2 of 3 problems (HumanEval/1 and HumanEval/2; HumanEval/1: NameError).",
        ),
    ],
)
def test_excluded_problems_are_counted_with_a_reason(excluded, said):
    """Whichever of the runs excludes them; nothing is said where none is."""
    base = loaded_run([1, 0, 1], 1, model="fp8")
    grading = structs.replace(base.run.grading, excluded=excluded)
    other = loaded_run([1, 0, 1], 1, grading=grading)
    for pair in ((base, other), (other, base)):
        assert said in " ".join(brief(compare_runs(*pair)).split())
    assert "Excluded" not in brief(compare_runs(base, base))


def test_nothing_in_common_is_said():
    """There are no figures then."""
    base = loaded_run([1], 1, task_ids=["A/1"], model="fp8")
    lines = brief(compare_runs(base, loaded_run([1], 1, task_ids=["A/2"]))).split("\n")
    assert lines[0].startswith("PENDING. ")
    assert not [line for line in lines if line.startswith("pass@")]


@pytest.mark.parametrize(("status", "advised"), [("complete", True), ("incomplete", False)])
def test_more_data_are_advised_where_these_are_what_cannot_tell(status, advised):
    """To people and to scripts alike: of a run that is not ready, nothing would settle anything."""
    base = loaded_run([1] * 100, 1, model="base")
    found = compare_runs(base, loaded_run([1] * 92 + [0] * 8, 1, status=status))
    assert ("What would settle it" in as_brief(found, lambda _task: "")) is advised
    assert (json.loads(as_json(found, lambda _task: ""))["needed"] is not None) is advised
