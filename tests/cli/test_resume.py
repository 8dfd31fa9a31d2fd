"""Going on with a run: only as the run that it was, and telling what has changed around it."""

import json
import re

import msgspec
import pytest

from evalsite.datasets import load_dataset
from evalsite.rundir.draws import Draw, part_of
from evalsite.rundir.store import RunDir
from tests.cli.helpers import failed, running
from tests.faulty_server import FaultyServer


def begin(evalsite, server, *more):
    """Make a run of two problems without grading; returns its path and what it needs to be resumed."""
    done = evalsite(
        "run", "--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m", "--max-problems", 2,
        "--no-grade", *more,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.long
@pytest.mark.sandbox
def test_an_upgrade_half_way_is_recorded_told_and_shown(evalsite, tmp_path):
    """A resume warns and goes on; record, report, comparison and page name what changed and when."""
    with running(FaultyServer(pages={"/version": {"version": "b1"}})) as server:
        run = begin(evalsite, server)
        server.pages, server.fingerprint = {"/version": {"version": "b2"}}, "fp_9"
        resumed = evalsite("resume", run, "-n", 2, "--no-preflight")
        again = evalsite("resume", run, "--no-grade")
    said = " ".join(resumed.stderr.split())
    assert resumed.returncode == 0, said
    assert "warning: The server" in said
    assert "version b1 -> b2" in said
    assert "faulty-1 fp_0 (2), faulty-1 fp_9 (2)" in said
    assert "version b1" not in again.stderr, "said once, when it was new"
    record = RunDir(tmp_path / run).read_run()
    assert [each.told for each in record.sightings] == [{"version": v} for v in ("b1", "b2", "b2")]
    assert all(re.fullmatch(r"\d{4}-.*Z", each.at) for each in record.sightings)
    assert record.model.server == {"version": "b1"}
    shown = [evalsite("report", run).stdout, evalsite("compare", run, run, "--force", "--full").stdout]
    built = evalsite("build", "--output", "site")
    assert built.returncode == 0, built.stderr
    shown.append((tmp_path / "site/runs" / record.id / "index.html").read_text())
    for text in shown:
        text = " ".join(text.replace("&gt;", ">").split())
        assert "version b1 -> b2" in text
        assert "faulty-1 fp_9 (2)" in text
    assert evalsite("compare", run, run, "--force", "--strict").returncode == 9
    assert evalsite("validate", run).returncode == 0


def test_another_run_is_refused_before_anything_is_asked(evalsite, tmp_path):
    """Not even who the server is; the sandbox is not tried either."""
    data = tmp_path / "data.jsonl"
    with running(FaultyServer()) as server:
        run = begin(evalsite, server)
        record = {
            "task_id": "HumanEval/0", "prompt": "def f():\n", "entry_point": "f",
            "canonical_solution": "  pass\n", "test": "def check(f):\n    f()\n",
        }  # fmt: skip
        data.write_bytes(msgspec.json.encode(record))
        before = (len(server.requests), len(server.looks))
        failed(evalsite("resume", run, "--data-path", data), 5, "dataset.sha256 '")
        assert (len(server.requests), len(server.looks)) == before


@pytest.mark.parametrize(
    "command", ["resume", "grade", "grade --again", "check", "compare", "report", "validate"]
)
def test_a_record_that_was_changed_is_named_wherever_a_run_goes_on_or_is_judged(evalsite, tmp_path, command):
    """A temperature in run.json is what was asked, not what somebody wishes had been."""
    with running(FaultyServer()) as server:
        run = begin(evalsite, server, "--temperature", "0.8")
        record = tmp_path / run / "run.json"
        record.write_text(record.read_text().replace('"temperature": 0.8', '"temperature": 0.2', 1))
        assert RunDir(tmp_path / run).read_run().settings.temperature == 0.2
        words = {"compare": [run, run], "check": []}.get(command, [run])
        before = len(server.looks)
        done = evalsite(*command.split(), *words)
        assert len(server.looks) == before
    assert done.returncode == 5
    assert "settings.temperature 0.8 -> 0.2" in " ".join((done.stdout + done.stderr).split())


def test_a_server_that_moved_is_asked_at_its_new_address(evalsite, tmp_path):
    """The run goes on, records what was replaced, is sound, and its page tells."""
    card = tmp_path / "card.toml"
    card.write_text('quantization = "FP8"\n')
    with running(FaultyServer()) as server:
        run = begin(evalsite, server)
    with running(FaultyServer()) as other:
        failed(evalsite("resume", run, "-n", 2, "--no-grade"), 4)
        moved = evalsite(
            "resume", run, "-n", 2, "--no-grade", "--model-card", card,
            "--model-endpoint", f"{other.url}/v1/completions",
        )  # fmt: skip
        assert moved.returncode == 0, moved.stderr
        assert len(other.requests) == 2
    said = " ".join(moved.stderr.split())
    assert f"-> ['{other.url}/v1/completions']" in said
    assert "weights.quantization '' -> 'FP8'" in said
    record = RunDir(tmp_path / run).read_run()
    assert record.model.endpoints == (f"{other.url}/v1/completions",)
    assert record.model.card.quantization == "FP8"
    assert [bool(each.replaced) for each in record.sightings] == [False, True]
    assert "was changed" not in evalsite("validate", run).stdout
    assert evalsite("build", "--output", "site").returncode == 0
    assert "Replaced on purpose" in (tmp_path / "site/runs" / record.id / "index.html").read_text()


def test_a_card_can_be_mended_when_the_server_is_gone(evalsite, tmp_path):
    """A run that lacks nothing has nothing to ask, so it needs nobody to answer."""
    card = tmp_path / "card.toml"
    card.write_text('role = "baseline"\n')
    with running(FaultyServer()) as server:
        run = begin(evalsite, server)
    done = evalsite("resume", run, "--no-grade", "--model-card", card)
    assert done.returncode == 0, done.stderr
    assert "no server is needed" in " ".join(done.stderr.split())
    record = RunDir(tmp_path / run).read_run()
    assert (record.model.card.role, record.status) == ("baseline", "complete")
    assert record.sightings[-1].replaced == ("weights.role '' -> 'baseline'",)


def test_a_locked_run_is_refused_before_anything_is_asked(evalsite, tmp_path):
    """Whoever comes second waits for neither server nor sandbox to hear it."""
    with running(FaultyServer()) as server:
        run = begin(evalsite, server)
        before = len(server.looks)
        with RunDir(tmp_path / run).lock():
            failed(evalsite("resume", run, "-n", 2), 5, "another evalsite process")
        assert len(server.looks) == before


def test_a_run_of_before_sightings_keeps_what_it_knew(evalsite, tmp_path):
    """Its record of the beginning becomes the first sighting, so that an upgrade still shows."""
    with running(FaultyServer(pages={"/version": {"version": "b1"}})) as server:
        run = begin(evalsite, server)
        run_dir = RunDir(tmp_path / run)
        text = (run_dir.path / "run.json").read_text()
        text = re.sub(r'"sightings": \[.*?\n  \],\n', "", text, flags=re.DOTALL)
        assert "sightings" not in text
        (run_dir.path / "run.json").write_text(text)
        server.pages = {"/version": {"version": "b2"}}
        resumed = evalsite("resume", run, "-n", 2, "--no-grade")
    assert "version b1 -> b2" in " ".join(resumed.stderr.split())
    first, second = run_dir.read_run().sightings
    assert (first.at, first.told, second.told) == (
        run_dir.read_run().created_at, {"version": "b1"}, {"version": "b2"},
    )  # fmt: skip


@pytest.mark.sandbox
def test_a_row_that_nobody_asked_for_does_not_make_a_run_complete(evalsite, tmp_path):
    """Neither when it is graded, nor when it is resumed: the sample that is lacking is asked for."""
    with running(FaultyServer()) as server:
        run = begin(evalsite, server)
        rows = tmp_path / run / "completions.jsonl"
        first, second = rows.read_bytes().splitlines(keepends=True)
        rows.write_bytes(first + second.replace(b'"sample": 0', b'"sample": 7'))
        graded = evalsite("grade", run, "--no-preflight")
        assert graded.returncode == 0, graded.stderr
        assert RunDir(tmp_path / run).read_run().status == "incomplete"
        resumed = evalsite("resume", run, "--no-grade")
    assert resumed.returncode == 0, resumed.stderr
    assert RunDir(tmp_path / run).read_run().status == "complete"
    assert len(server.requests) == 3


def test_who_asks_for_fewer_is_told_that_nothing_changes(evalsite, tmp_path):
    """Samples and problems that were asked for stay."""
    with running(FaultyServer()) as server:
        run = begin(evalsite, server, "-n", 3)
        fewer = evalsite("resume", run, "-n", 2, "--max-problems", 1, "--no-grade")
    assert fewer.returncode == 0, fewer.stderr
    said = " ".join(fewer.stderr.split())
    assert (
        "this run asks 3 samples of each problem and cannot ask fewer: --num-samples 2 changes nothing"
        in said
    )
    assert "this run asks 2 problems and cannot ask fewer: --max-problems 1 changes nothing" in said
    record = RunDir(tmp_path / run).read_run()
    assert (record.num_samples, record.num_problems) == (3, 2)


def test_a_run_of_chosen_problems_keeps_them_however_it_goes_on(evalsite, tmp_path):
    """Others in their place would leave answers to what nobody asks any more."""
    drawn = [problem.task_id for problem in Draw().order(load_dataset("humaneval").problems)]
    with running(FaultyServer()) as server:
        done = evalsite(
            "run", "--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m", "--no-grade",
            "--problems", f"{drawn[1]},{drawn[4]}",
        )  # fmt: skip
        run = RunDir(tmp_path / done.stdout.strip())
        failed(evalsite("resume", run.path, "--max-problems", 3, "--no-grade"), 2, "they were chosen")
        assert run.read_run().chosen
        same = evalsite("resume", run.path, "-n", 2, "--no-grade")
        assert same.returncode == 0, same.stderr
        assert (run.read_run().chosen, run.read_run().num_problems) == (True, 2)
        more = evalsite("resume", run.path, "--max-problems", 5, "--no-grade")
    assert more.returncode == 0, more.stderr
    assert (run.read_run().chosen, run.read_run().num_problems) == (False, 5)


def test_a_part_is_drawn_recorded_and_grows_into_the_whole(evalsite, tmp_path):
    """What a smaller part asked, the larger one asks, too, so that nothing is asked twice."""
    problems = load_dataset("humaneval").problems
    with running(FaultyServer()) as server:
        run = RunDir(tmp_path / begin(evalsite, server, "--draw-seed", 6))
        assert run.problems() != problems[:2]
        assert ids(run.problems()) == ids(part_of(problems, 2, Draw(seed=6)))
        assert run.read_run().draw == Draw(seed=6)
        for more in (("--max-problems", 5), ("-n", 2), ("--all-problems", "-n", 2)):
            done = evalsite("resume", run.path, *more, "--no-grade")
            assert done.returncode == 0, done.stderr
            asked = 5 if "--all-problems" not in more else 164
            assert ids(run.problems()) == ids(part_of(problems, asked, Draw(seed=6)))
    rows = [(row.problem, row.sample) for row in run.completions()]
    assert len(rows) == len(set(rows)) == 2 * 164


def test_a_part_of_an_earlier_version_keeps_the_first_problems(evalsite, tmp_path):
    """It recorded no draw: more of it are the next ones."""
    problems = load_dataset("humaneval").problems
    with running(FaultyServer()) as server:
        run = RunDir(tmp_path / begin(evalsite, server, "--problems", "HumanEval/0,HumanEval/1"))
        record = json.loads((run.path / "run.json").read_text())
        del record["chosen"], record["draw"]
        (run.path / "run.json").write_text(json.dumps(record))
        for more, asked in (((), 2), (("--max-problems", 4), 4)):
            done = evalsite("resume", run.path, *more, "--no-grade")
            assert done.returncode == 0, done.stderr
            assert ids(run.problems()) == ids(problems[:asked])
    assert (run.read_run().draw, run.read_run().chosen) == (None, False)
    assert len(server.requests) == 4


def ids(problems):
    return [problem.task_id for problem in problems]
