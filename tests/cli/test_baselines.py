"""What --baseline takes, and what it refuses."""

import re
import shlex

import pytest

from evalsite.rundir.schema import Completion, Model, Verdict
from evalsite.rundir.store import RunDir
from tests.cli.helpers import failed
from tests.make import BASELINE, CANDIDATE, make_problem, make_record, write_answers, write_run

LENIENT = ("--allow", "pending,inconclusive")


@pytest.fixture
def runs(tmp_path):
    """A baseline that solves all, and a candidate that solves half."""
    folder = tmp_path / "runs"
    write_run(folder, "q-fp8", [2] * 40, n=2, card=BASELINE, day="2026-11-18")
    write_run(folder, "q-ternary", [2, 0] * 20, n=2, card=CANDIDATE, day="2026-11-19")
    return folder


@pytest.mark.parametrize(
    "command",
    [("check", *LENIENT), ("build",), ("report", "q-ternary"), ("compare", "q-fp8")],
)
def test_a_mistyped_name_is_an_error(evalsite, runs, command):
    """As of any run that is named, with what may have been meant; also where a gate allows the pending."""
    option = () if command[0] == "compare" else ("--baseline",)
    failed(
        evalsite(*command, *option, "q-fp9"), 5, "q-fp9: no run directory", "Did you mean q-fp8? The newest"
    )
    failed(
        evalsite(*command, *option, "nosuch"), 5, "nosuch: no run directory", "The newest there: 2026-11-18"
    )
    assert not (runs.parent / "site").exists()


def test_a_part_of_a_run_that_fits_one_will_do(evalsite, runs):
    """A model, a run's id, its path or a part of it; what fits several is an error."""
    whole = next(path.name for path in runs.iterdir() if "fp8" in path.name)
    for name in ("q-fp8", whole, f"runs/{whole}", "FP8", "2026-11-18"):
        assert evalsite("check", *LENIENT, "--baseline", name).returncode == 1, name
        assert "baseline" in evalsite("report", "q-ternary", "--baseline", name).stdout
        assert evalsite("build", "--baseline", name).returncode == 0, name
        assert "No baseline is set" not in (runs.parent / "site/index.html").read_text("utf-8")
    for command in (("check",), ("build",), ("report", "q-ternary")):
        failed(evalsite(*command, "--baseline", "2026"), 5, "--baseline 2026: 2 runs", "Name one")
        failed(evalsite(*command, "--baseline", ""), 2, "is empty")


def test_a_name_in_the_settings_may_stand_there_before_its_run(evalsite, runs, tmp_path):
    """A warning, as any name is where there are no runs at all."""
    settings = tmp_path / "evalsite.toml"
    settings.write_text('baseline = "q-fp9"\n')
    assert evalsite("check", *LENIENT).returncode == 0
    done = evalsite("build")
    assert done.returncode == 0
    assert "baseline q-fp9: no such model or run" in " ".join(done.stderr.split())
    settings.write_text('exclude = ["q-fp8"]\n')
    failed(evalsite("check", "--baseline", "q-fp8"), 5, "not among those that are looked at", "excludes")
    (tmp_path / "none").mkdir()
    done = evalsite("build", "--runs", "none", "--baseline", "q-fp9")
    assert done.returncode == 0
    assert "there are no runs" in done.stderr


def test_a_candidate_is_no_baseline(evalsite, runs):
    """What compare refuses is refused by check and report, and never ticked by the site."""
    for command in (("check", *LENIENT), ("report", "q-fp8", "q-ternary")):
        done = evalsite(*command, "--baseline", "q-ternary")
        failed(done, 2, "By their model cards the roles are the other way round", "--baseline q-fp8")
        (line,) = re.findall(r"evalsite (compare .* --force)", done.stderr)
        assert evalsite(*shlex.split(line)).returncode == 0
    assert evalsite("check", "--baseline", "q-fp8").returncode == 1
    done = evalsite("build", "--baseline", "q-ternary")
    assert done.returncode == 0
    assert "the roles are the other way round" in " ".join(done.stderr.split())
    targets = (runs.parent / "site/data/targets.csv").read_text("utf-8")
    assert "pending" in targets
    assert ",met," not in targets


def test_two_baselines_leave_a_candidate_pending(evalsite, runs):
    """Both are named, in check, in report and on the front page; the newer one does not win."""
    write_run(runs, "q-worse", [0] * 40, n=2, card=BASELINE, day="2026-11-20")
    said = "Several models are baselines on humaneval by their model cards, q-fp8 and q-worse"
    checked = evalsite("check")
    assert checked.returncode == 9
    assert said in " ".join(checked.stdout.split())
    assert said in " ".join(evalsite("report", "q-ternary").stderr.split())
    assert evalsite("build").returncode == 0
    assert said in " ".join((runs.parent / "site/index.html").read_text("utf-8").split())
    assert evalsite("check", "--baseline", "q-fp8").returncode == 1


def test_answers_without_verdicts_are_not_graded_yet(evalsite, runs, tmp_path):
    """No run of 0 solved problems: every output says what is to be done."""
    record = make_record("2026-11-21--raw--demo", model=Model(name="raw"))
    raw = RunDir.create(runs, record, [make_problem()])
    with raw.append_completions() as rows:
        rows.append(Completion(problem="Demo/0", sample=0, text="x", form="solution"))
    graded = make_record("2026-11-22--done--demo", model=Model(name="done"))
    done = RunDir.create(runs, graded, [make_problem()])
    done.write_verdicts([Verdict(problem="Demo/0", sample=0, verdict="passed")])
    write_answers(done, done.verdicts())
    said = "The run 2026-11-21--raw--demo is not graded yet: evalsite grade 2026-11-21--raw--demo."
    for order in (("raw", "done"), ("done", "raw")):
        compared = evalsite("compare", *order)
        assert compared.returncode == 9, compared.stderr
        assert said in " ".join(compared.stdout.split())
        assert "in common" not in compared.stdout
        (line,) = re.findall(r"^next: \S*evalsite (grade .*)$", compared.stderr, re.M)
        assert shlex.split(line) == ["grade", f"runs/{record.id}"]
    told = evalsite("report", "raw", "q-fp8").stdout
    assert "0/1" not in told
    assert told.count("share of samples") == 1, "no table without a row"
    assert re.search(r"Data set +demo, 1 problem, 1 answer, not graded yet", told)
    assert re.search(rf"pass@k +blank: not graded yet, \S*evalsite grade runs/{record.id}\n", told)
    assert evalsite("build").returncode == 0
    page = next(path for path in (tmp_path / "site/runs").iterdir() if "raw" in path.name) / "index.html"
    assert said in " ".join(page.read_text("utf-8").split())
    assert "0 of 0" not in page.read_text("utf-8")
    assert "not graded yet" in (tmp_path / "site/index.html").read_text("utf-8")
