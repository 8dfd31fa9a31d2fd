"""Tests in parts: each has counts and scores of its own beside those of all."""

import json

from msgspec import structs

from evalsite.counts.loaded import load_run
from evalsite.counts.tally import rebuild_summary
from evalsite.formats.writing import exported_samples
from evalsite.report.scores import Reported, as_json, as_text
from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from tests.formats.helpers import written
from tests.make import write_rows, write_run

PARTS = ("base", "plus")
PASSED = {"HumanEval/0": PARTS, "HumanEval/1": ("base",), "HumanEval/2": ("plus",), "HumanEval/3": ()}


def run_in_parts(folder):
    """Four problems with a sample each, of which the first passes all and the others a part or nothing."""
    run_dir = write_run(folder / "runs", "m", [1, 0, 0, 0], n=1)
    run_dir.write_problems([structs.replace(problem, parts=PARTS) for problem in run_dir.problems()])
    write_rows(run_dir, [structs.replace(row, parts=PASSED[row.problem]) for row in run_dir.verdicts()])
    return run_dir


def test_a_part_is_counted_for_itself(tmp_path):
    """A sample may pass one and not the other; the score takes both."""
    summary = rebuild_summary(run_in_parts(tmp_path))
    assert {tally.problem: tally.parts for tally in summary.tallies} == {
        "HumanEval/0": {"base": 1, "plus": 1},
        "HumanEval/1": {"base": 1},
        "HumanEval/2": {"plus": 1},
        "HumanEval/3": {},
    }
    assert summary.pass_at == {"1": 0.25}
    assert summary.pass_at_parts == {"base": {"1": 0.5}, "plus": {"1": 0.5}}


def test_parts_that_not_all_problems_have_are_no_score(tmp_path):
    """They would be scores of other problems."""
    run_dir = run_in_parts(tmp_path)
    first, *others = run_dir.problems()
    run_dir.write_problems([structs.replace(first, parts=("base",)), *others])
    assert list(rebuild_summary(run_dir).pass_at_parts) == ["base"]


def test_both_are_reported_shown_and_exported(tmp_path):
    """As text, as JSON, on the run's page, and in the files of EvalPlus and of spreadsheets."""
    run_dir = run_in_parts(tmp_path)
    reported = Reported(load_run(run_dir))
    told = "pass@1 by a part of the tests alone: base 50.0 %, plus 50.0 %; the score takes all of them."
    assert told in as_text([reported])
    (report,) = json.loads(as_json([reported]))["reports"]
    assert report["parts"] == {"base": {"pass_at_1": 0.5}, "plus": {"pass_at_1": 0.5}}
    assert report["per_problem_results"]["HumanEval/1"]["num_passed_by_part"] == {"base": 1}

    build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions(jobs=1))
    assert told in (tmp_path / "site" / "runs" / run_dir.path.name / "index.html").read_text("utf-8")

    graded = load_run(run_dir), exported_samples(run_dir)
    entries = json.loads(written("evalplus", graded)["samples_eval_results.json"])["eval"]
    found = {task: (each["base_status"], each["plus_status"]) for task, (each,) in entries.items()}
    assert found == {
        "HumanEval/0": ("pass", "pass"),
        "HumanEval/1": ("pass", "fail"),
        "HumanEval/2": ("fail", "pass"),
        "HumanEval/3": ("fail", "fail"),
    }
    assert b",base plus\n" in written("csv", graded)["samples.csv"]
