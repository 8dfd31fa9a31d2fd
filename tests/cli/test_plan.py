"""``evalsite plan``: what a decision would cost."""

import json

from tests.cli.helpers import failed


def test_plans_of_a_baseline_and_of_a_published_score(evalsite, runs, tmp_path):
    """The cheapest first, with a chart; nobody is asked anything."""
    chart = tmp_path / "plan.svg"
    done = evalsite(
        "plan", "--baseline", "fp8", "--margin", "30", "--seconds-per-sample", "2", "--chart", chart
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Cheapest: humaneval with ")
    assert chart.read_text().startswith("<svg")
    done = evalsite("plan", "--published", "humaneval=82/164", "--margin", "15", "--format", "json")
    assert json.loads(done.stdout)["plans"][0]["requests"] == 328


def test_what_cannot_be_planned_is_refused(evalsite, runs):
    """With an example of what can."""
    failed(evalsite("plan"), 2, "plan needs a baseline", "--published humaneval=82/164")
    failed(
        evalsite("plan", "--published", "humaneval=164"),
        2,
        "a name, a score in percent and a number of problems",
    )
