"""Going on with a run: only as the run that it was, and telling what has changed around it."""

import re

from evalsite.rundir.store import RunDir
from tests.cli.test_commands import failed, running
from tests.faulty_server import FaultyServer


def begin(evalsite, server, *more):
    """Make a run of two problems without grading; returns its path and what it needs to be resumed."""
    done = evalsite(
        "run", "--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m", "--max-problems", 2,
        "--no-grade", *more,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


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
    shown = [evalsite("report", run).stdout, evalsite("compare", run, run).stdout]
    built = evalsite("build", "--output", "site")
    assert built.returncode == 0, built.stderr
    shown.append((tmp_path / "site/runs" / record.id / "index.html").read_text())
    for text in shown:
        text = " ".join(text.replace("&gt;", ">").split())
        assert "version b1 -> b2" in text
        assert "faulty-1 fp_9 (2)" in text
    assert evalsite("compare", run, run, "--strict").returncode == 9
    assert evalsite("validate", run).returncode == 0


def test_another_run_is_refused_before_anything_is_asked(evalsite, tmp_path):
    """Not even who the server is; the sandbox is not tried either."""
    card = tmp_path / "card.toml"
    card.write_text('quantization = "FP8"\n')
    with running(FaultyServer()) as server, running(FaultyServer()) as other:
        run = begin(evalsite, server)
        before = (len(server.requests), len(server.looks))
        failed(
            evalsite("resume", run, "--model-card", card, "--model-endpoint", f"{other.url}/v1/completions"),
            5,
            "weights.quantization None -> 'FP8'",
            "endpoints [",
        )
        assert (len(server.requests), len(server.looks)) == before
        assert other.requests == other.looks == []


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
