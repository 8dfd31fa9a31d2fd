"""What a sweep costs, and how far it is: tables, verdicts over all data sets, and time to load."""

from dataclasses import replace

import pytest
from msgspec import structs

from evalsite.cli.sweeping import _duration, _option, estimate, status
from evalsite.datasets import LoadedDataset
from evalsite.rundir.schema import Dataset
from evalsite.sweep.cells import Cell, rounds, starts
from evalsite.sweep.plan import DatasetEntry, ModelEntry, SweepPlan
from tests.make import problem, write_run

SETS = ("humaneval", "mine")


def model(name, slot="gpu"):
    return ModelEntry(name=name, command="serve {port}", slot=slot)


def planned(*models, part=None, passes=2):
    """A plan of models on two data sets of 40 problems, and its cells."""
    sets = tuple(DatasetEntry(name=name, max_problems=part) for name in SETS)
    plan = SweepPlan(baseline="Base", models=models, datasets=sets, passes=passes)
    loaded = {
        name: LoadedDataset(name, tuple(problem(i, prefix=name) for i in range(40)), "ab" * 32, "toy")
        for name in SETS
    }
    return plan, [Cell(one, entry, loaded[entry.name], {}) for one in models for entry in sets]


def found(cells, folder, passes):
    """Each cell with its run, as far as ``passes`` has one: (model, data set) -> what passes."""
    runs = {}
    for (name, dataset), kept in passes.items():
        run_dir = write_run(folder, name, kept, n=1, dataset=dataset, prefix=dataset)
        whole = Dataset(name=dataset, sha256="ab" * 32, num_problems=40)
        run_dir.write_run(structs.replace(run_dir.read_run(), dataset=whole))
        runs[name, dataset] = run_dir
    return [(cell, runs.get((cell.model.name, cell.dataset.name))) for cell in cells]


def test_the_verdict_over_all_data_sets_stands_below_the_table(tmp_path):
    """A line for each candidate; one that lacks a data set is pending."""
    plan, cells = planned(model("Base"), model("Kept"), model("Lost"), model("Begun"))
    passes = {(name, dataset): [1] * 40 for name in ("Base", "Kept") for dataset in SETS}
    passes |= {("Lost", "humaneval"): [1] * 40, ("Lost", "mine"): [0] * 40, ("Begun", "mine"): [1] * 40}
    told = status(plan, found(cells, tmp_path, passes)).splitlines()
    kept, lost, begun = told[-3:]
    assert kept.startswith("Kept, all together: met. On all 80 problems of humaneval and mine (each problem")
    assert lost.startswith("Lost, all together: missed. ")
    assert begun == "Begun, all together: pending: 1 data set not asked of both"


def test_a_part_is_decided_as_the_plan_has_it(tmp_path):
    """What the plan asks is all there is, as far as it goes; that it is a part is said."""
    plan, cells = planned(model("Base"), model("Lost"), part=30)
    passes = {("Base", dataset): [1] * 30 for dataset in SETS}
    passes |= {("Lost", "humaneval"): [0] * 30, ("Lost", "mine"): [1] * 20}
    told = status(plan, found(cells, tmp_path, passes)).splitlines()
    rows = {tuple(line.split()[:2]): line for line in told[1:6]}
    assert "missed" in rows["Lost", "humaneval"]
    assert "pending" in rows["Lost", "mine"], "10 of its 30 are not asked yet"
    assert told[-2].startswith("Lost, all together: pending. ")
    assert told[-1].startswith(
        "Verdicts are about the parts that the plan asks (30 of 40 of humaneval and 30 of 40 of mine)"
    )


def test_what_loading_takes_is_part_of_the_time(tmp_path):
    """Of a slot one server is up at a time; A, B, then B, A are three starts."""
    plan, cells = planned(model("Base"), model("Lost"))
    nothing = found(cells, tmp_path, {})
    strange = ", and 3 starts of servers; how long Base and Lost load is not known yet"
    assert estimate(plan, nothing, {}).endswith(strange)
    told = estimate(plan, nothing, {"Base": 100.0, "Lost": 10.0})
    assert told.endswith("time: not known before something was asked (3 starts of servers: 4 min)")
    whole = {(name, dataset): [1] * 40 for name in ("Base", "Lost") for dataset in SETS}
    assert estimate(plan, found(cells, tmp_path, whole), {}).endswith("in 2 passes; time: 0 s")


@pytest.mark.parametrize(("slots", "begun"), [(("gpu", "gpu"), 3), (("one", "other"), 2)])
def test_a_server_that_keeps_its_slot_is_started_once(slots, begun):
    """Servers in different slots stay up together."""
    plan, cells = planned(*(model(name, slot) for name, slot in zip("AB", slots, strict=True)))
    work = [each for one in rounds(cells, plan) for each in one.work]
    assert starts(work).total() == begun


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, "unknown"), (59.4, "59 s"), (60, "1 min"), (3_600, "1 h 0 min"), (9_000, "2 h 30 min")],
)
def test_a_duration_is_told_as_people_do(seconds, said):
    """Seconds below a minute, then minutes, then hours with them."""
    assert _duration(seconds) == said


@pytest.mark.parametrize("word", ["top-p", "top_p"])
def test_an_option_of_a_plan_goes_by_either_spelling(word):
    """As a command line has it, or as Python does."""
    _, (cell, *_) = planned(model("Base"))
    assert _option(replace(cell, options={word: 0.5}), "top-p", 1.0) == 0.5
    assert _option(cell, "top-p", 1.0) == 1.0
