"""A run that cannot be read is in the way of nobody who asked about others."""

import pytest

from tests.cli.helpers import HUMANEVAL_2, running
from tests.faulty_server import FaultyServer

SITE = ("--site-url", "https://example.org/")
ABOUT_OTHERS = (
    ("import", "samples.jsonl", "--model-name", "m", "--no-preflight"),
    ("report", "fp8"),
    ("compare", "fp8", "ternary"),
    ("compare", "fp8", "ternary", *SITE),
    ("failures", "ternary", *SITE),
    ("link", "ternary", "HumanEval/1", *SITE),
    ("export", "ternary", "--format", "hf", "--baseline", "fp8"),
    ("tally", "ternary"),
    ("rm", "ternary", "--yes"),
    (),
)


@pytest.fixture
def broken(runs):
    """Its record was cut off."""
    (runs / "broken").mkdir()
    (runs / "broken" / "run.json").write_text("{")


@pytest.mark.sandbox
@pytest.mark.parametrize("words", ABOUT_OTHERS, ids=" ".join)
def test_a_broken_run_beside_is_not_in_the_way(evalsite, runs, samples, broken, words):
    """Whatever is looked for beside the run that was named: a baseline, addresses, the next step."""
    done = evalsite(*words)
    assert done.returncode == (9 if "compare" in words else 0), done.stderr
    assert "error" not in done.stderr


@pytest.mark.sandbox
def test_a_run_ends_well_beside_a_broken_one(evalsite, broken):
    """And is graded later as well."""
    with running(FaultyServer(answer=lambda *_: HUMANEVAL_2)) as server:
        asked = ("--model-name", "m", "--max-problems", 1, "--no-preflight")
        made = evalsite("run", "--model-endpoint", server.url, *asked, "--no-grade")
        assert made.returncode == 0, made.stderr
    graded = evalsite("grade", made.stdout.strip(), "--no-preflight")
    assert graded.returncode == 0, graded.stderr


def test_all_runs_are_asked_about_by_those_that_take_all(evalsite, broken):
    """These name the one that cannot be read."""
    for words in (("build",), ("validate",), ("export", "--all", "--format", "csv")):
        done = evalsite(*words)
        assert (done.returncode, "runs/broken/run.json" in done.stdout + done.stderr) == (5, True), words
