"""How long a run's requests and programs took, and how many tokens were written."""

import msgspec
import pytest

from evalsite.rundir.schema import Completion, Distribution, Summary
from evalsite.site.build import build_site
from evalsite.site.views.times import Times, times_of
from tests.make import write_rows, write_run
from tests.site.conftest import OPTIONS
from tests.site.serving import serving


def test_what_was_measured_is_told_with_its_spread():
    """Each time where it belongs; tokens that several answers had together are no answer's own."""
    took = {
        name: Distribution(count=3, mean=mean, p50=2 * mean, p95=3 * mean)
        for name, mean in (
            ("latency_s", 1.0), ("first_token_s", 0.1), ("token_s", 0.01), ("execution_s", 0.02),
        )
    }  # fmt: skip
    about = {"run": "r", "tallies": (), "verdicts": {}}
    summary = Summary(**about, tokens_per_s=12.34, completion_tokens=4567, tokens_from="shared", **took)
    answers = [
        Completion(
            problem="p", sample=at, text="", form="response", latency_s=1.5 + at, completion_tokens=40 * at,
            tokens_from=how,
        )
        for at, how in enumerate(("usage", "usage", "chunks", "shared"))
    ]  # fmt: skip
    found = times_of(summary, answers)
    assert [(fact.name, fact.value, fact.note) for fact in found.facts] == [
        ("Request latency", "1.00 s", "median 2.00 s, 95 % below 3.00 s"),
        ("Time to first token", "100 ms", "median 200 ms, 95 % below 300 ms"),
        ("Time per output token", "10.0 ms", "median 20.0 ms, 95 % below 30.0 ms"),
        ("Execution", "20.0 ms", "median 40.0 ms, 95 % below 60.0 ms"),
        ("Output tokens a second", "12.3", "of request time"),
        ("Output tokens", "4,567", "all samples (of some requests counted for all answers together)"),
    ]
    latency, tokens = found.histograms
    assert (latency.title, latency.low, latency.high) == ("Latency of a request", "1.50 s", "4.50 s")
    assert (tokens.title, tokens.summary) == ("Tokens of an answer", "half are below 40, 95 % below 76")
    assert [row[2] for row in tokens.rows] == ["1", "1", "1"]


def test_what_was_not_measured_is_not_shown():
    """But why there is no time of a token is told."""
    about = {"run": "r", "tallies": (), "verdicts": {}}
    assert times_of(Summary(**about), []) == Times((), ())
    (fact,) = times_of(Summary(**about, untimed={"one_token": 2}), []).facts
    assert (fact.name, fact.value) == ("Time per output token", "–")
    assert fact.note.startswith("2 samples ")
    bare = [Completion(problem="p", sample=at, text="", form="response") for at in range(3)]
    assert times_of(Summary(**about), bare).histograms == ()


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.xdist_group("browser")  # one Chromium for all
def test_durations_sort_by_time_and_not_by_their_digits(open_page, tmp_path):
    """300 ms is more than 1.5 s to whoever reads digits alone."""
    runs = tmp_path / "runs"
    run_dir = write_run(runs, "Slow", [1, 1, 1], n=1)
    took = {"HumanEval/0": 0.3, "HumanEval/1": 1.5, "HumanEval/2": 0.02}
    write_rows(
        run_dir, [msgspec.structs.replace(row, wall_s=took[row.problem]) for row in run_dir.verdicts()]
    )
    build_site(runs, tmp_path / "site", options=OPTIONS)
    with serving(tmp_path / "site", "/results/") as base:
        page = open_page("runs/2026-11-20T10-00-00Z--slow--humaneval/", base=base)
        page.get_by_text("All problems as a table").click()
        page.get_by_role("button", name="Mean execution").click()
        assert page.locator("table.sortable tbody td:last-child").all_text_contents() == [
            "1.50 s",
            "300 ms",
            "20.0 ms",
        ]
