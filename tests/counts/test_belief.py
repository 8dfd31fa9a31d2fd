"""A summary is believed only where it was made from the rows that are there; the rows always count."""

import json

import pytest
from msgspec.structs import replace

from evalsite.counts.loaded import load_run
from evalsite.counts.tally import is_sealed, rebuild_summary, seal
from evalsite.rundir.schema import Grading, Verdict
from evalsite.rundir.store import ROW_FILES, RunDir
from evalsite.rundir.taxonomy import VerdictClass
from tests.make import make_problem, make_record, write_answers


@pytest.fixture
def run_dir(tmp_path):
    """Two problems, of which none is solved, and their true summary."""
    problems = [make_problem(f"Demo/{n}") for n in range(2)]
    run_dir = RunDir.create(tmp_path / "runs", make_record(num_problems=2), problems)
    rows = [Verdict(problem=f"Demo/{n}", sample=0, verdict="wrong_answer") for n in range(2)]
    write_answers(run_dir, rows)
    run_dir.write_verdicts(rows)
    run_dir.write_summary(rebuild_summary(run_dir))
    return run_dir


def edit(run_dir, **changes):
    """Change fields of the summary, as somebody with an editor would."""
    path = run_dir.path / "summary.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


SOLVED = {
    "tallies": [{"problem": f"Demo/{n}", "n": 1, "c": 1} for n in range(2)],
    "verdicts": {"passed": 2},
    "pass_at": {"1": 1.0},
}


def test_a_true_summary_is_believed(run_dir, caplog):
    """Nobody counts the rows again, and nothing is told."""
    assert load_run(run_dir).summary == run_dir.read_summary() == rebuild_summary(run_dir)
    assert is_sealed(run_dir.read_run(), run_dir.digest(ROW_FILES), run_dir.read_summary())
    assert not caplog.records


@pytest.mark.parametrize("changes", [SOLVED, SOLVED | {"made_from": ""}, SOLVED | {"made_from": "0" * 64}])
def test_a_summary_that_claims_more_than_the_rows_is_not_believed(run_dir, evalsite, changes):
    """By no command; each tells so, and the way to mend it."""
    edit(run_dir, **changes)
    assert load_run(run_dir).pass_at_1 == 0.0
    for command in (("report", run_dir.path), ("build", "--runs", "runs", "--output", "site")):
        done = evalsite(*command)
        assert done.returncode == 0, done.stderr
        said = "".join(done.stderr.split())  # lines break where a path's length has them break
        assert "summary.json:doesnotagreewiththerows,whicharecountedanew" in said
    assert evalsite("validate").returncode == 5


def test_rows_that_came_after_the_summary_count(run_dir, caplog):
    """As after a merge of two branches."""
    rows = [Verdict(problem=f"Demo/{n}", sample=0, verdict="passed") for n in range(2)]
    run_dir.write_verdicts(rows)
    assert load_run(run_dir).pass_at_1 == 1.0
    assert "does not agree with the rows" in caplog.text


def test_a_summary_of_an_evalsite_that_kept_no_hash_says_nothing_new(run_dir, caplog):
    """It is made anew; where it says the same, that is nobody's business."""
    edit(run_dir, made_from="")
    assert load_run(run_dir).summary == rebuild_summary(run_dir)
    assert not caplog.records


def test_failures_of_unknown_problems_are_not_listed(run_dir, evalsite):
    """They count in no score; how many there are is said."""
    with run_dir.append_verdicts() as verdicts:
        verdicts.append(Verdict(problem="Demo/99", sample=0, verdict="timeout"))
    done = evalsite("failures", run_dir.path)
    assert done.returncode == 0
    assert "2 of 2" in done.stdout
    assert "Demo/99" not in done.stdout
    assert "1 rows are of problems that problems.jsonl does not hold" in " ".join(done.stderr.split())


def test_rows_of_unknown_problems_do_not_count(run_dir, evalsite):
    """Every command goes on without them and says so; validate names them."""
    with run_dir.append_verdicts() as verdicts:
        verdicts.append(Verdict(problem="Demo/99", sample=0, verdict="passed"))
    assert load_run(run_dir).summary.verdicts == {"wrong_answer": 2}
    for form in ("csv", "human-eval", "evalplus", "lm-eval", "every-eval-ever"):
        done = evalsite("export", run_dir.path, "--format", form, "--output", "out")
        assert done.returncode == 0, done.stderr
        assert "1 rows are of problems that problems.jsonl does not hold" in " ".join(done.stderr.split())
    assert "'Demo/99' is not in problems.jsonl" in evalsite("validate").stdout


@pytest.mark.parametrize("name", ["cpu_s", "wall_s", "peak_mib"])
@pytest.mark.parametrize("value", ["1e308", "-1", "1e999", "123456789012345678901234567890"])
def test_a_number_out_of_range_is_named(run_dir, evalsite, name, value):
    """With file, line and field."""
    (run_dir.path / "summary.json").unlink()
    path = run_dir.path / "verdicts.jsonl"
    row = f'{{"problem": "Demo/0", "sample": 0, "verdict": "passed", "{name}": {value}}}\n'
    path.write_text(row)
    for command in ("report", "build", "export", "validate"):
        options = {
            "build": ("--output", "site"),
            "export": (run_dir.path, "--format", "csv", "--output", "out"),
        }
        done = evalsite(command, *options.get(command, (run_dir.path,)))
        said = " ".join((done.stdout + done.stderr).split())
        assert done.returncode == 5, said
        assert "verdicts.jsonl:1: " in said


@pytest.mark.parametrize(
    "changes",
    [
        {"tallies": [{"problem": f"Demo/{n}", "n": 0, "c": 1} for n in range(2)]},
        {"tallies": [{"problem": f"Demo/{n}", "n": 9, "c": 9} for n in range(2)]},
        {"tallies": [{"problem": f"Demo/{n}", "n": 1, "c": 0, "failures": {"odd": 1}} for n in range(2)]},
        {"tallies": [{"problem": f"Demo/{n}", "n": 1, "c": 1, "symptoms": {"loop": 2}} for n in range(2)]},
        {"verdicts": {"odd": 2}},
        {"pass_at": {"7": 1.0}},
        {"exceptions": {"NameError": 1}},
        {"missing_modules": {"numpy": 1}},
        {"in_process": 3},
        {"rules": {"fenced": 3}},
        {"latency_s": {"count": 2, "mean": 1.0, "p50": 2.0, "p95": 1.0}},
    ],
)
def test_a_summary_that_contradicts_itself_is_not_believed_hash_or_not(run_dir, changes):
    """Somebody may have made the hash anew."""
    edit(run_dir, **changes)
    forged, rows = run_dir.read_summary(), run_dir.digest(ROW_FILES)
    run_dir.write_summary(replace(forged, made_from=seal(run_dir.read_run(), rows, forged)))
    assert load_run(run_dir).summary == rebuild_summary(run_dir)


def test_a_run_without_a_time_of_day_is_told_by_the_export_that_needs_one(run_dir, evalsite):
    """With the field to mend."""
    run_dir.write_run(replace(run_dir.read_run(), created_at="yesterday"))
    done = evalsite("export", run_dir.path, "--format", "every-eval-ever", "--output", "out")
    assert done.returncode == 5
    assert "'yesterday' is no time such as" in done.stderr
    assert "`created_at`" in done.stderr


def test_a_problem_without_a_name_is_told(run_dir, evalsite):
    """It would have no page."""
    path = run_dir.path / "problems.jsonl"
    path.write_text(path.read_text().replace('"Demo/1"', '""'))
    done = evalsite("build", "--output", "site")
    assert done.returncode == 5
    assert "problems.jsonl:2: field `task_id`" in " ".join(done.stderr.split())


def test_a_summary_with_excluded_problems_is_believed(tmp_path):
    """What they count is in their tallies alone; the rest is held against the rest."""
    grading = Grading(sandbox="bubblewrap", excluded={"Demo/1": "its own reference does not pass"})
    problems = [make_problem("Demo/0"), make_problem("Demo/1")]
    run_dir = RunDir.create(tmp_path, make_record(grading=grading, num_samples=1), problems)
    run_dir.write_verdicts(
        [Verdict(problem=problem.task_id, sample=0, verdict="passed") for problem in problems]
    )
    summary = rebuild_summary(run_dir)
    assert (len(summary.tallies), summary.verdicts) == (2, {"passed": 1})
    assert is_sealed(run_dir.read_run(), run_dir.digest(ROW_FILES), summary)


@pytest.mark.parametrize("classes", [[], list(VerdictClass)])
def test_a_summary_of_nothing_and_one_of_every_class_are_believed(tmp_path, classes):
    """The ends of what can be."""
    run_dir = RunDir.create(tmp_path, make_record(num_samples=len(classes)), [make_problem("Demo/0")])
    run_dir.write_verdicts(
        [Verdict(problem="Demo/0", sample=number, verdict=each) for number, each in enumerate(classes)]
    )
    summary = rebuild_summary(run_dir)
    assert set(summary.verdicts) == {str(each) for each in classes}
    assert is_sealed(run_dir.read_run(), run_dir.digest(ROW_FILES), summary)


def test_the_ks_that_a_summary_tells(tmp_path):
    """As far as the samples allow."""
    run_dir = RunDir.create(tmp_path, make_record(num_samples=1000), [make_problem("Demo/0")])
    run_dir.write_verdicts(
        [Verdict(problem="Demo/0", sample=number, verdict="passed") for number in range(1000)]
    )
    told = rebuild_summary(run_dir).pass_at
    assert list(map(int, told)) == [1, 2, 3, 5, 10, 20, 25, 50, 100, 200, 500, 1000]
