"""The order of a sweep, and which run belongs to which cell."""

import pytest
from msgspec import structs

from evalsite.datasets import LoadedDataset
from evalsite.errors import RunLockedError, UsageError
from evalsite.rundir.store import RunDir
from evalsite.sweep.cells import Cell, Ledger, looks_at, rounds, starts
from evalsite.sweep.plan import DatasetEntry, ModelEntry, SweepPlan
from tests.make import make_problem, write_run

PROBLEMS = tuple(make_problem(f"Demo/{number}") for number in range(7))
PLAN = SweepPlan(
    models=(ModelEntry(name="a", endpoint="http://x"), ModelEntry(name="b", endpoint="http://x")),
    datasets=(DatasetEntry(name="demo"), DatasetEntry(name="part", max_problems=4)),
    passes=3,
)


def cells(plan=PLAN, **options):
    """Every cell of a plan, on seven problems."""
    return [
        Cell(model, entry, LoadedDataset(entry.name, PROBLEMS, "ab" * 32, "test"), options)
        for model in plan.models
        for entry in plan.datasets
    ]


def asked(turn):
    """Model, data set and problems of a round."""
    return [(cell.model.name, cell.dataset.name, part) for cell, part in turn.work]


def test_a_baseline_is_asked_all_before_candidates_are_looked_at():
    """Looks are at shares of all data sets; problems of two sets that are one source problem count once."""
    sets = (DatasetEntry(name="demo"), DatasetEntry(name="twin"))
    plan = SweepPlan(models=PLAN.models, datasets=sets, baseline="a", until_decided=True, margin=90)
    first, *others = rounds(cells(plan), plan)
    assert (asked(first), first.look) == ([("a", "demo", 7), ("a", "twin", 7)], 0)
    shares = looks_at(cells(plan), plan)
    assert [round(7 * share) for share in shares] == [4, 5, 6, 7]
    assert [asked(turn) for turn in others] == [
        [("b", "demo", number), ("b", "twin", number)] for number in (4, 5, 6, 7)
    ]
    assert [turn.look for turn in others] == [1, 2, 3, 4]


def test_a_thrifty_sweep_looks_sooner_and_is_another_one():
    """Its looks begin earlier, and a ledger of the usual kind does not go on with it."""
    sets = (DatasetEntry(name="demo"),)
    plan = SweepPlan(models=PLAN.models, datasets=sets, baseline="a", until_decided=True, margin=60)
    thrifty = structs.replace(plan, thrifty=True)
    assert looks_at(cells(thrifty), thrifty)[0] < looks_at(cells(plan), plan)[0]
    usual = cells(plan)[1]
    saving = Cell(usual.model, usual.dataset, usual.loaded, usual.options, usual.looks, thrifty=True)
    assert saving.asked == usual.asked | {"thrifty": True}


def test_parts_grow_and_models_take_turns_there_and_back():
    """Each model is asked a part of every set before any is asked more; the last goes on with the next."""
    turns = list(rounds(cells(), PLAN))
    assert {turn.look for turn in turns} == {0}
    assert [told for turn in turns for told in asked(turn)] == [
        ("a", "demo", 3), ("a", "part", 2), ("b", "demo", 3), ("b", "part", 2),
        ("b", "demo", 5), ("b", "part", 3), ("a", "demo", 5), ("a", "part", 3),
        ("a", "demo", 7), ("a", "part", 4), ("b", "demo", 7), ("b", "part", 4),
    ]  # fmt: skip


def test_a_run_that_a_kill_left_unnoted_is_found_again(tmp_path):
    """By model, data set and time; a run of before, or of another cell, is not taken."""
    cell, other = cells()[0], cells()[2]
    ledger = Ledger(tmp_path / "beside", tmp_path / "plan.toml", tmp_path / "runs")
    write_run(tmp_path / "runs", "a", [1], created_at="2020-01-01T00:00:00Z")
    assert ledger.run_of(cell) is None
    ledger.begin(cell)
    assert ledger.run_of(cell) is None
    left = write_run(tmp_path / "runs", "a", [1], created_at="2090-01-01T00:00:00Z")
    cell = on_dataset(cell, left.read_run().dataset.sha256)
    ledger = Ledger(tmp_path / "beside", tmp_path / "plan.toml", tmp_path / "runs")
    ledger.begin(cell)
    again = Ledger(tmp_path / "beside", tmp_path / "plan.toml", tmp_path / "runs")
    for others in ({"model": "b"}, {"dataset": "xx"}):  # of another model, of another data set
        run = structs.replace(left.read_run(), id=f"2099-{others}", created_at="2099-01-01T00:00:00Z")
        model = structs.replace(run.model, name=others.get("model", "a"))
        dataset = structs.replace(run.dataset, sha256=others.get("dataset", "ab") * 32)
        RunDir.create(tmp_path / "runs", structs.replace(run, model=model, dataset=dataset), left.problems())
    assert again.run_of(cell).path == left.path
    assert again.run_of(other) is None
    latest = write_run(tmp_path / "runs", "a", [1], day="2099-01-01")
    third = Ledger(tmp_path / "beside", tmp_path / "plan.toml", tmp_path / "runs")
    assert third.run_of(cell).path == latest.path, "the last of several"
    twin = Cell(cell.model, structs.replace(cell.dataset, name="twin"), cell.loaded, cell.options)
    third.begin(twin)
    assert third.run_of(twin).path == left.path, "one run is of one cell"


def on_dataset(cell, sha256):
    """The same cell, of a data set with this hash."""
    return Cell(cell.model, cell.dataset, LoadedDataset("demo", PROBLEMS, sha256, "test"), cell.options)


def test_a_plan_that_was_changed_is_told_by_what_changed(tmp_path):
    """More samples or problems are no such change, nor is another slot."""
    run_dir = write_run(tmp_path / "runs", "a", [1], created_at="2090-01-01T00:00:00Z")
    sha256 = run_dir.read_run().dataset.sha256
    ledger = Ledger(tmp_path / "beside", tmp_path / "plan.toml", tmp_path / "runs")
    ledger.begin(on_dataset(cells(temperature=0.2)[0], sha256))
    changed = on_dataset(cells(temperature=0.8)[0], sha256)
    with pytest.raises(UsageError, match=r"options.temperature 0.2 -> 0.8") as told:
        ledger.run_of(changed)
    assert told.value.hint.endswith(f"evalsite rm {run_dir.path}")
    more = on_dataset(cells(temperature=0.2)[0], sha256)
    entry = structs.replace(more.dataset, num_samples=5, max_problems=3)
    model = structs.replace(more.model, slot="gpu")
    assert ledger.run_of(Cell(model, entry, more.loaded, more.options)).path == run_dir.path


def test_a_ledger_keeps_how_long_servers_took_to_load(tmp_path):
    """And a run that is gone is none."""
    ledger = Ledger(tmp_path / "a/b", tmp_path / "plan.toml", tmp_path / "runs")
    ledger.loads["a"] = 2.5
    run_dir = write_run(tmp_path / "runs", "a", [1], created_at="2090-01-01T00:00:00Z")
    cell = on_dataset(cells()[0], run_dir.read_run().dataset.sha256)
    ledger.begin(cell)
    assert ledger.run_of(cell).path == run_dir.path
    ledger.keep()
    run_dir.remove()
    again = Ledger(tmp_path / "a/b", tmp_path / "plan.toml", tmp_path / "runs")
    assert again.loads == {"a": 2.5}
    assert again.run_of(cell) is None


def test_a_server_is_started_when_another_one_had_its_slot():
    """One that is up goes on; one at an address is started by nobody."""
    entry, loaded = PLAN.datasets[0], LoadedDataset("demo", PROBLEMS, "ab" * 32, "test")
    gpu, other, beside = (
        Cell(ModelEntry(name=name, command="serve {port}", slot=slot), entry, loaded, {})
        for name, slot in (("a", "gpu"), ("b", "gpu"), ("c", "cpu"))
    )
    order = [gpu, gpu, beside, gpu, other, beside, cells()[0], gpu, other, other]
    assert starts((cell, 1) for cell in order) == {"a": 2, "b": 2, "c": 1}


def test_what_is_asked_holds_all_that_may_not_change():
    """How many problems are asked in the end is no more than there are."""
    cell = cells(temperature=0.2)[0]
    assert cell.asked == {
        "file": "", "profile": "", "path": "/v1", "card": "", "draw_seed": 0, "data set": "ab" * 32,
        "options.temperature": 0.2,
    }  # fmt: skip
    looked = Cell(cell.model, structs.replace(cell.dataset, max_problems=9), cell.loaded, {}, looks=3)
    assert looked.asked["looks"] == 3
    assert (looked.num_problems, cells()[1].num_problems) == (7, 4)
    assert looked.key == '["a","demo"]'


def test_a_broken_ledger_and_a_second_sweep_are_refused(tmp_path):
    """Neither asks anything twice."""
    ledger = Ledger(tmp_path, tmp_path / "plan.toml", tmp_path / "runs")
    with ledger.held(), pytest.raises(RunLockedError), ledger.held():
        pass
    ledger.path.write_text("{")
    with pytest.raises(UsageError, match=r"ledger.json: cannot be read"):
        Ledger(tmp_path, tmp_path / "plan.toml", tmp_path / "runs")
