"""Two models on several data sets: the verdict, and in words where the loss is."""

import dataclasses

import pytest

from evalsite.stats.compare.suites import compare_suites
from tests.make import loaded_run


def pair(dataset, base, candidate, n=1, **fields):
    ids = [f"{dataset}/{index}" for index in range(len(base))]
    return tuple(
        loaded_run(passes, n, model=model, dataset=dataset, task_ids=ids, **given)
        for model, passes, given in (("fp8", base, {}), ("ternary", candidate, fields))
    )


KEPT = pair("python", [1] * 90 + [0] * 10, [1] * 90 + [0] * 10)
LOST = pair("rust", [1] * 90 + [0] * 10, [0] * 40 + [1] * 50 + [0] * 10)
ALSO = pair("go", [1] * 90 + [0] * 10, [0] * 30 + [1] * 60 + [0] * 10)
WON = pair("perl", [1] * 50 + [0] * 50, [1] * 80 + [0] * 20)


def test_the_verdict_is_over_all_and_says_what_counts_the_same():
    """A headline in the words of a comparison."""
    found = compare_suites([KEPT, LOST], "dataset", margin=0.1)
    assert found.decision == "missed"
    assert found.headline.startswith(
        "On all 200 problems of python and rust (each data set counts the same), pass@1 went from 90.0 % "
        "(fp8) to 70.0 % (ternary): 20.0 points lost. With 95 % confidence it lost at least "
    )
    assert found.notes[0] == "Confidence that more than the allowed 10 points were lost: more than 99.9 %."
    (python,) = (note for note in found.notes if note.startswith("python, "))
    assert python.startswith(
        "python, all 100 problems: no change (3.0 points lost to 3.0 points gained with 95 %"
    )


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        (
            [KEPT, LOST, ALSO],
            "The loss is in rust and go; python lost nothing that shows. The data sets lost unlike",
        ),
        ([LOST, ALSO], "Each data set shows a loss. Data sets that all lost the same would often differ"),
        ([KEPT, WON], "perl gained; python lost nothing that shows. The data sets lost unlike much"),
        ([KEPT, (KEPT[0], KEPT[1])], "No data set by itself shows a loss or a gain. Data sets that all"),
    ],
)
def test_where_the_loss_is(pairs, words):
    """Each data set by itself, corrected for their number, and whether they differ."""
    assert compare_suites(pairs).spread.startswith(words)


def test_source_problems_are_told():
    """Data sets that ask the same problems name how many there are."""
    sources = {f"rust/{index}": f"python/{index}" for index in range(100)}
    found = compare_suites([KEPT, tuple(dataclasses.replace(run, sources=sources) for run in LOST)])
    assert found.numbers.num_clusters == 100
    assert found.clustered.startswith(
        "The 200 problems come from 100 source problems: those that share one count"
    )
    assert compare_suites([KEPT, LOST]).clustered == ""


def test_a_pair_that_is_not_ready_makes_all_of_it_pending():
    """The same rule as of one data set."""
    going = pair("rust", [1] * 9, [1] * 9, status="running", id="r")
    found = compare_suites([KEPT, going])
    assert (found.decision, found.pending) == ("pending", "The run r has not ended.")
    assert "So nothing is decided about the allowed 10 points." in found.headline
    assert found.excess is None


def test_missing_samples_may_hide_a_loss_of_the_pool():
    """At worst all of them failed, over all data sets together."""
    whole = pair("rust", [1] * 100, [1] * 100)
    lacking = pair("go", [1] * 100, [1] * 70 + [0] * 30, n=[1] * 100)
    short = loaded_run(
        [1] * 70 + [0] * 30, [1] * 70 + [0] * 30, model="ternary", dataset="go", missing=[0] * 70 + [1] * 30,
        task_ids=[f"go/{index}" for index in range(100)],
    )  # fmt: skip
    found = compare_suites([whole, (lacking[0], short)], margin=0.1)
    assert found.numbers.by_figures == "met"
    assert found.decision == "inconclusive"
    assert "those that are missing could hide more" in found.headline
    assert found.missing.worst.value == pytest.approx(-0.15)
    assert any(note.startswith("30 samples of the candidate are missing") for note in found.notes)


def test_nothing_in_common_is_no_comparison():
    """A data set of which no problem has samples in both."""
    assert compare_suites([KEPT, pair("go", [0] * 3, [0] * 3, n=0)]) is None
