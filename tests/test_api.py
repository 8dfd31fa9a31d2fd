"""The front door: what commands do, done from Python; nothing is loaded before it is asked for."""

import asyncio
import signal
import subprocess
import sys
import time

import pytest

import evalsite
from evalsite import api
from evalsite.counts.validate import find_faults
from evalsite.errors import IdentityError, NotDecidedError, UsageError
from evalsite.rundir.schema import Settings
from evalsite.rundir.store import RunDir
from evalsite.runner.ask import Connection, new_run
from tests.cli.helpers import running
from tests.conftest import ROOT
from tests.faulty_server import FaultyServer
from tests.make import write_run
from tests.runner.helpers import answer, plan_for


@pytest.fixture
def runs(tmp_path):
    """A baseline that solves all three problems, and a candidate that solves one."""
    base = write_run(tmp_path, "fp8", [2, 2, 2], n=2, day="2026-11-18")
    candidate = write_run(tmp_path, "ternary", [2, 0, 0], n=2, day="2026-11-19")
    return base, candidate


def test_every_public_name_is_there_and_said():
    """What ``__all__`` promises can be had, and nothing else can."""
    assert set(evalsite.__all__) <= set(dir(evalsite))
    assert all(getattr(evalsite, name) is not None for name in evalsite.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        evalsite.nonsense  # noqa: B018


def test_no_public_name_is_also_a_rooms():
    """Which would take its place as soon as something of the room is imported."""
    import evalsite.grading.engine

    rooms = {path.stem for path in (ROOT / "evalsite").iterdir() if path.stem != "__init__"}
    assert not rooms & set(evalsite.__all__)
    assert callable(evalsite.grade)


def test_importing_it_loads_nothing_else():
    """A program that only wants the version need not wait for numpy."""
    code = "import sys, evalsite; print([n for n in sys.modules if n.startswith(('evalsite.', 'numpy'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"


def test_a_run_is_loaded_by_path_or_by_id(tmp_path, runs):
    """And all of a folder at once, but those left out."""
    base, candidate = runs
    by_path, by_id = api.open_run(base.path), api.open_run(base.path.name, tmp_path)
    assert by_path.id == by_id.id == base.path.name
    assert by_path.c.tolist() == [2, 2, 2]
    assert [run.id for run in api.open_runs(tmp_path)] == [base.path.name, candidate.path.name]
    others = api.open_runs(tmp_path, lambda run: run.model.name == "fp8")
    assert [run.model for run in others] == ["ternary"]


def test_two_runs_are_compared(runs):
    """The same object that pages and reports are made from."""
    base, candidate = (api.open_run(run.path) for run in runs)
    found = evalsite.compare(base, candidate)
    assert found.numbers.main.value == pytest.approx(-2 / 3)
    assert evalsite.compare(candidate, base).numbers.main.value == pytest.approx(2 / 3)


def test_a_run_is_not_held_against_itself(runs):
    """Unless somebody means it."""
    base = api.open_run(runs[0].path)
    with pytest.raises(UsageError, match="one and the same run"):
        api.compare(base, base)
    assert api.compare(base, base, force=True).numbers.main.value == 0


def test_strict_refuses_what_was_not_made_alike(tmp_path, runs):
    """With the reservations in its message."""
    other = Settings(api="chat", prompt="chat-v1", temperature=0.8, top_p=1.0, max_tokens=64)
    changed = write_run(tmp_path, "ternary", [2, 0, 0], n=2, day="2026-11-20", settings=other)
    base, candidate = api.open_run(runs[0].path), api.open_run(changed.path)
    assert api.compare(base, candidate).reservations
    with pytest.raises(NotDecidedError, match="not made alike"):
        api.compare(base, candidate, strict=True)


def test_runs_are_judged_and_reported(runs):
    """By the built-in targets, and beside the baseline named."""
    loaded = [api.open_run(run.path) for run in runs]
    results = api.check(loaded, baseline="fp8")
    assert results
    assert {result.run.id for result in results if result.run} <= {run.id for run in loaded}
    first, second = api.report(runs, baseline="fp8")
    assert first.is_baseline
    assert second.against.numbers.main.value == pytest.approx(-2 / 3)


@pytest.mark.sandbox
@pytest.mark.parametrize("inside_a_loop", [False, True])
def test_a_model_is_asked_also_from_inside_a_running_loop(tmp_path, inside_a_loop):
    """As in a notebook, whose cells run in a loop; what is told arrives at the listener."""
    told = []

    def asked(server):
        plan = plan_for(server)
        connection = Connection(plan_endpoints(plan))
        return api.ask(plan, connection, new_run(tmp_path), None, api.Watched(told.append))

    async def scenario():
        async with FaultyServer(answer=answer) as server:
            if inside_a_loop:
                return await call_in_a_loop_of_its_own(asked, server)
            return await asyncio.to_thread(asked, server)

    run_dir, produced = asyncio.run(scenario())
    assert produced.status == "complete"
    assert len(list(RunDir(run_dir.path).completions())) == 8
    assert told[-1].answered == 8


CELL = """
import asyncio, signal, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from evalsite import api
from evalsite.runner.ask import Connection, new_run
from types import SimpleNamespace
from tests.runner.helpers import plan_for
from tests.test_api import plan_endpoints

async def cell():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as a kernel does around each cell
    plan = plan_for(SimpleNamespace(url=sys.argv[1]))
    connection = Connection(plan_endpoints(plan), concurrency=1)
    try:
        api.ask(plan, connection, new_run(Path(sys.argv[2])), None)
    except KeyboardInterrupt:
        print("KeyboardInterrupt")

asyncio.run(cell())
"""


@pytest.mark.linux
def test_an_interrupted_cell_leaves_a_run_that_can_be_resumed(tmp_path):
    """The notebook hears of the interrupt, and the run holds what had arrived."""
    with running(FaultyServer(answer=answer, latency_s=0.3)) as server:
        cell = subprocess.Popen(
            [sys.executable, "-c", CELL.format(root=str(ROOT)), server.url, tmp_path],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while not any(path.stat().st_size for path in tmp_path.glob("*/completions.jsonl")):
            assert cell.poll() is None, cell.communicate()
            time.sleep(0.05)
        cell.send_signal(signal.SIGINT)
        out, err = cell.communicate(timeout=60)
    assert (out, cell.returncode) == ("KeyboardInterrupt\n", 0), err
    [path] = tmp_path.iterdir()
    run_dir = RunDir(path)
    assert run_dir.read_run().status == "interrupted"
    answers = len(list(run_dir.completions()))
    assert 0 < answers < 8
    assert [fault for fault in find_faults(run_dir) if "has no verdict" not in fault] == []


def plan_endpoints(plan):
    """The endpoints of a plan, parsed."""
    from evalsite.client.endpoints import parse_endpoint

    return tuple(parse_endpoint(url, plan.settings.api) for url in plan.model.endpoints)


async def call_in_a_loop_of_its_own(work, *arguments):
    """Call from a thread in which a loop is running, while this one goes on serving."""

    async def cell():
        return work(*arguments)

    return await asyncio.to_thread(lambda: asyncio.run(cell()))


def test_a_changed_record_is_not_judged(tmp_path):
    """Whoever edits the temperature of a run does not get it compared."""

    async def scenario():
        async with FaultyServer(answer=answer) as server:
            plan = plan_for(server)
            ask = lambda: api.ask(plan, Connection(plan_endpoints(plan)), new_run(tmp_path), None)  # noqa: E731
            return await asyncio.to_thread(ask)

    run_dir, _ = asyncio.run(scenario())
    text = (run_dir.path / "run.json").read_text()
    changed = text.replace('"temperature": 0.5', '"temperature": 0.2')
    assert changed != text
    (run_dir.path / "run.json").write_text(changed)
    run = api.open_run(run_dir.path)
    with pytest.raises(IdentityError):
        api.check([run])
    with pytest.raises(IdentityError):
        api.compare(run, run, force=True)
