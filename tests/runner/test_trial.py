"""Problems whose own reference does not pass here: excluded by name and with the reason, everywhere."""

import json
import re

import pytest
from msgspec.structs import replace

from evalsite.counts.loaded import load_run
from evalsite.counts.validate import find_faults
from evalsite.datasets import KNOWN
from evalsite.errors import SandboxError
from evalsite.events import ignore
from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.preflight import PreflightFailure, PreflightReport
from evalsite.rundir.schema import Dataset, Grading, Limits, ModelCard, Verdict
from evalsite.rundir.store import RunDir
from evalsite.runner import trial
from evalsite.runner.trial import try_grading
from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.stats.compare.runs import compare_runs
from tests.make import GRADING, loaded_run, make_problem, write_run
from tests.site.helpers import every_internal_link_resolves

TOLD = (
    "Demo/3 counts in no score: its reference solution does not pass here (runtime error, NameError: name 'y'"
)


def record(number, body="2 * x"):
    return {
        "task_id": f"Demo/{number}",
        "prompt": f'def f{number}(x):\n    """Return twice x."""\n',
        "entry_point": f"f{number}",
        "canonical_solution": f"    return {body}\n",
        "test": "def check(candidate):\n    assert candidate(3) == 6\n",
    }


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def imported(evalsite, tmp_path):
    """Four problems, the last with a wrong reference; the model answers two of the others, and that one."""
    write(tmp_path / "demo.jsonl", [*map(record, range(3)), record(3, "2 * y")])
    answers = [
        {"task_id": f"Demo/{n}", "completion": f"    return {'3' if n == 1 else '2'} * x\n"} for n in range(4)
    ]
    write(tmp_path / "samples.jsonl", answers)
    done = evalsite(
        "import", "samples.jsonl", "--dataset", "demo", "--data-path", "demo.jsonl", "--model-name", "m"
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.sandbox
def test_a_problem_that_nothing_could_pass_counts_in_no_score(evalsite, imported, tmp_path):
    """The run stores it, and the run's end, report, check and page say it; pass@1 is 2 of 3."""
    assert (
        "excluded from all scores: Demo/3: its reference solution does not pass"
        in imported.stderr.replace("\n", " ")
    )
    run_dir = RunDir(tmp_path / imported.stdout.strip())
    assert list(run_dir.read_run().grading.excluded) == ["Demo/3"]
    loaded = load_run(run_dir)
    assert loaded.pass_at_1 == loaded.summary.pass_at["1"] == pytest.approx(2 / 3)
    assert sum(loaded.summary.verdicts.values()) == 3
    assert find_faults(run_dir) == []
    report = evalsite("report", run_dir.path).stdout
    assert TOLD in report
    assert "66.7 %  (2/3 solved at least once)" in report
    (entry,) = json.loads(evalsite("report", run_dir.path, "--format", "json").stdout)["reports"]
    assert list(entry["per_problem_results"]) == ["Demo/0", "Demo/1", "Demo/2"]
    (tmp_path / "targets.toml").write_text('[[target]]\nname = "T"\nmetric = "pass@1"\nabove = 1\n')
    assert TOLD in evalsite("check").stdout
    build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions(jobs=1))
    (page,) = (tmp_path / "site" / "runs").glob("*/index.html")
    shown = re.sub(r"<[^>]*>", "", page.read_text())  # the problem leads to its page
    assert TOLD in shown.replace("&#39;", "'").replace("\n", " ")
    assert "1 problem excluded" in (tmp_path / "site" / "index.html").read_text()
    own = (page.parent / "Demo-3" / "index.html").read_text()  # its answers can be looked at all the same
    assert "It counts in no score: its reference solution does not pass here" in own
    assert "counts in no score" not in (page.parent / "Demo-2" / "index.html").read_text()
    assert every_internal_link_resolves(tmp_path / "site")


@pytest.mark.sandbox
def test_what_was_excluded_stays_so_where_it_is_not_tried_again(evalsite, imported, tmp_path):
    """With another preflight it is found again, without one it is remembered."""
    run_dir = RunDir(tmp_path / imported.stdout.strip())
    for options in ((), ("--no-preflight",)):
        assert evalsite("grade", run_dir.path, "--again", *options).returncode == 0
        assert list(run_dir.read_run().grading.excluded) == ["Demo/3"]
        assert load_run(run_dir).pass_at_1 == pytest.approx(2 / 3)


def test_a_comparison_uses_what_counts_in_both_runs():
    """What one run excludes is left out by name, and said to be a condition that differs."""
    base = loaded_run([1] * 10, 1, model="fp8")
    without = replace(GRADING, excluded={"HumanEval/0": "wrong"})
    found = compare_runs(base, loaded_run([0] + [1] * 9, 1, model="ternary", grading=without))
    assert found.left_out == ("HumanEval/0",)
    assert found.numbers.main.value == 0
    assert found.headline.startswith("On 9 of 10 problems")
    assert "HumanEval/0 counts in no score: wrong." in found.notes
    assert not any("without samples" in told for told in found.notes)
    assert any("grading.excluded (none against HumanEval/0)" in told for told in found.reservations)


BROKEN = [
    (
        {"entry_point": "other"},
        "`entry_point` of Demo/1: 'other' is defined neither by prompt nor by solution",
    ),
    ({"test": "assert f1(3) == 6\n"}, "`test` of Demo/1: defines no check(candidate)"),
    (
        {"test": "def check(candidate):\n    assert candidate(3 == 6\n"},
        "`test` of Demo/1: is no Python ('(' was never",
    ),
]


@pytest.mark.parametrize(("change", "said"), BROKEN)
def test_a_record_that_nothing_could_pass_is_the_data_sets_fault(evalsite, tmp_path, change, said):
    """Exit code 3 with file, line and problem, before anybody is asked."""
    write(tmp_path / "demo.jsonl", [record(0), record(1) | change])
    write(tmp_path / "samples.jsonl", [{"task_id": "Demo/0", "completion": "    return 2 * x\n"}])
    done = evalsite(
        "import", "samples.jsonl", "--dataset", "demo", "--data-path", "demo.jsonl", "--model-name", "m"
    )
    assert done.returncode == 3
    assert f"demo.jsonl:2: field {said}" in done.stderr


def test_an_excluded_problem_of_a_baseline_is_said_by_the_target(evalsite, tmp_path):
    """A page and a gate speak of one problem less, in both runs."""
    grading = Grading(
        sandbox="bubblewrap", excluded={"HumanEval/7": "its reference solution does not pass here"}
    )
    for name, role in (("fp8", "baseline"), ("ternary", "candidate")):
        write_run(tmp_path / "runs", name, [10] * 40, card=ModelCard(role=role), grading=grading)
    told = evalsite("check").stdout
    assert "on 39 of 40 problems" in told
    assert "without enough samples" not in told
    assert "HumanEval/7 counts in no score" in told


def imported_demo(evalsite, tmp_path, rows):
    """Import one right answer to each of some records."""
    write(tmp_path / "demo.jsonl", rows)
    answers = [{"task_id": row["task_id"], "completion": "    return 2 * x\n"} for row in rows]
    write(tmp_path / "samples.jsonl", answers)
    return evalsite(
        "import", "samples.jsonl", "--dataset", "demo", "--data-path", "demo.jsonl", "--model-name", "m"
    )


@pytest.mark.sandbox
def test_a_handful_of_problems_of_which_some_are_wrong_does_not_blame_the_machine(evalsite, tmp_path):
    """Two of five references fail, and tests that pass what raises: excluded by name, the others count."""
    rows = [record(0), record(1, "2 * y"), record(2, "3 * x"), record(3), record(4)]
    rows[3]["test"] = "def check(candidate):\n    pass\n"
    done = imported_demo(evalsite, tmp_path, rows)
    assert done.returncode == 0, done.stderr
    excluded = RunDir(tmp_path / done.stdout.strip()).read_run().grading.excluded
    assert list(excluded) == ["Demo/1", "Demo/2", "Demo/3"]
    assert excluded["Demo/3"] == "its tests pass a program that only raises an exception"
    assert "pass@1 on 2 of 5 problems: 100.0 %" in done.stderr


@pytest.mark.sandbox
def test_problems_none_of_which_can_be_judged_are_the_data_sets_fault(evalsite, tmp_path):
    """Exit code 3, with the first reason and the command that shows all; no run is left."""
    done = imported_demo(evalsite, tmp_path, [record(n, "__import__('pandas').x") for n in range(3)])
    assert done.returncode == 3
    assert "demo: no problem can be judged. Demo/0: its reference solution does not pass here" in done.stderr
    assert "No module named 'pandas'" in done.stderr
    assert "Name a Python that has pandas: --sandbox-python PATH." in " ".join(done.stderr.split())
    assert "evalsite check-dataset demo.jsonl" in done.stderr
    assert not (tmp_path / "runs").exists()


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"canonical_solution": "    return (2 * x\n"},
            "its reference solution is no valid program, line 3 of prompt",
        ),
        (
            {"canonical_solution": "    return 2 *\n\n    x = 1\n"},
            "Demo/2: its reference solution is no valid program, line",
        ),
        (
            {"test": "def check(candidate):\n    nonlocal x\n    assert candidate(3) == 6\n"},
            "Demo/2: its tests, line 2, do not compile: SyntaxError: no binding for nonlocal",
        ),
        (
            {"test": "def check(candidate):\n    pass\nreturn 3\n"},
            "Demo/2: its tests, line 3, do not compile: SyntaxError: 'return' outside function",
        ),
    ],
)
def test_what_no_machine_could_compile_is_the_data_sets_fault(evalsite, tmp_path, change, said):
    """Exit code 3 with problem and line, though other problems are sound: never "no safe sandbox"."""
    done = imported_demo(evalsite, tmp_path, [record(0), record(1), record(2) | change])
    assert done.returncode == 3
    assert said in " ".join(done.stderr.split())
    assert not (tmp_path / "runs").exists()
    checked = evalsite("check-dataset", "demo.jsonl")
    assert checked.returncode == 3
    assert "Demo/2" in checked.stdout + checked.stderr


@pytest.mark.sandbox
def test_a_machine_that_judges_what_is_right_wrong_is_to_blame(monkeypatch):
    """The problems that come along fail: then it is no matter of the data set, whatever that is."""
    monkeypatch.setattr(
        "evalsite.grading.preflight.PROBES", [make_problem("probe/0", reference="def double(x): return x")]
    )
    with Grader(LocalExecutor(Limits(), workers=1)) as grader:
        with pytest.raises(SandboxError) as told:
            try_grading(GRADING, grader, [make_problem()], ignore)
    assert "grading does not work here: 1 preflight check failed" in told.value.message
    assert "probe/0 (reference: wrong_answer)" in told.value.message


@pytest.mark.sandbox
@pytest.mark.parametrize("options", [(), ("--again",), ("--no-preflight",)])
def test_a_run_whose_problems_are_gone_is_not_graded(evalsite, imported, tmp_path, options):
    """It is told which file is empty, and no verdict is lost."""
    run_dir = RunDir(tmp_path / imported.stdout.strip())
    (run_dir.path / "problems.jsonl").write_bytes(b"")
    before = (run_dir.path / "verdicts.jsonl").read_bytes()
    done = evalsite("grade", run_dir.path, *options)
    assert done.returncode == 5
    assert "problems.jsonl: holds no problems" in " ".join(done.stderr.split())
    assert (run_dir.path / "verdicts.jsonl").read_bytes() == before


def test_references_that_are_known_to_fail_are_no_sign_of_a_broken_machine():
    """Exercises that pass as they are given, or want what is not here; any others are."""
    known = KNOWN["polyglot-go"]
    dataset = Dataset(name="polyglot-go", sha256=known.sha256, num_problems=39)
    passed = Verdict(problem="p", sample=0, verdict="passed")

    def report(*problems):
        failures = tuple(PreflightFailure(problem, "stub", passed) for problem in problems)
        return PreflightReport(39, failures)

    assert len(known.unjudged) == 4
    found = report(*sorted(known.unjudged))
    assert trial._sound(found, dataset) is found
    with pytest.raises(SandboxError, match="go/forth"):
        trial._sound(report("go/ledger", "go/forth", "go/hangman"), dataset)


def test_a_broken_machine_is_told_without_words_of_nobody():
    """A stub that passes has said nothing."""
    passed = Verdict(problem="p", sample=0, verdict="passed")
    told = trial.broken_machine([PreflightFailure("p", "stub", passed)], 40).args[0]
    assert told == "grading does not work here: 1 preflight check failed on 40 problems: p (stub: passed)"
