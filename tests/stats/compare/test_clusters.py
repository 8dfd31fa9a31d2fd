"""Several problems of one data set that ask one source problem count as one cluster, in every figure."""

import dataclasses

import numpy as np
import pytest

from evalsite.stats.compare.clusters import layout_of
from evalsite.stats.compare.numbers import compare, compare_counts
from evalsite.stats.compare.pooled import Stratum, pool
from evalsite.stats.compare.recovery import recovery
from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.compare.signflip import paired_test
from evalsite.stats.targets import judge, parse_targets
from tests.make import loaded_run

SIZE, EACH = 40, 5
"""Source problems, and how many problems ask each."""
NAMES = [f"source/{index // EACH}" for index in range(SIZE * EACH)]
LOST = [0] * (4 * EACH) + [1] * (36 * EACH)
"""Four source problems are lost in every form."""


def counts(passes, n=1):
    return np.full(len(passes), n), np.array(passes)


def runs(names=NAMES, **fields):
    """A baseline that solves everything, and the candidate."""
    sources = {f"Gap/{index}": name for index, name in enumerate(names)}
    ids = list(sources)
    pair = (
        loaded_run(passes, 1, model=model, dataset="gaps", task_ids=ids, **fields)
        for model, passes in (("fp8", [1] * len(LOST)), ("ternary", LOST))
    )
    return tuple(dataclasses.replace(run, sources=sources) for run in pair)


def test_a_data_set_in_clusters_is_compared_as_a_pool_of_it_is():
    """Interval, test and excess are those of clusters; what counts problems is not said."""
    base, candidate = counts([1] * len(LOST)), counts(LOST)
    found = compare_counts(base, candidate, layout=layout_of(NAMES))
    pooled = pool([Stratum(NAMES, base, candidate)])
    assert found.main.interval == pooled.interval
    assert found.main.p_value == pooled.p_value
    assert found.excess == pooled.excess
    assert found.needed is None


def test_clusters_make_an_interval_wider_and_what_could_be_seen_larger():
    """Problems that fail together tell less than as many of their own; alone, nothing changes."""
    base, candidate = counts([1] * len(LOST)), counts(LOST)
    alone = compare(*base, *candidate)
    together = compare_counts(base, candidate, layout=layout_of(NAMES))
    assert together.main.value == alone.main.value
    assert together.main.interval.low < alone.main.interval.low
    assert together.main.interval.high > alone.main.interval.high
    assert together.main.p_value > alone.main.p_value
    assert together.main.detectable > alone.main.detectable
    assert layout_of([str(index) for index in range(9)]) is None
    kept = [recovery(base, candidate, layout=layout) for layout in (None, layout_of(NAMES))]
    assert kept[1].interval.low < kept[0].interval.low


def test_several_samples_are_compared_in_clusters_at_every_k():
    """pass@k has the same units."""
    base, candidate = counts([4] * len(LOST), 4), counts([4 * each for each in LOST], 4)
    alone = compare(*base, *candidate, ks=(1, 4))
    together = compare_counts(base, candidate, ks=(1, 4), layout=layout_of(NAMES))
    assert [each.k for each in together.differences] == [1, 4]
    assert [each.value for each in together.differences] == [each.value for each in alone.differences]
    lower = [each.interval.low for each in together.differences]
    assert lower[0] < alone.differences[0].interval.low
    assert lower[1] < alone.differences[1].interval.low


def test_signs_of_a_cluster_are_swapped_together():
    """Four clusters lost are four changes, not twenty: McNemar's test would be sure, and is wrong."""
    base, candidate = counts([1] * len(LOST)), counts(LOST)
    groups = layout_of(NAMES).cluster_of
    assert paired_test(base, candidate, 1).p_value < 1e-5
    assert paired_test(base, candidate, 1, groups).p_value == pytest.approx(2 / 2**4)


def test_runs_targets_and_missing_samples_know_clusters():
    """Whoever compares, the figures are the same, and a sentence says how many source problems there are."""
    told = "The 200 problems come from 40 source problems: those that share one count as one cluster"
    found = compare_runs(*runs())
    assert found.numbers == compare_counts(
        counts([1] * len(LOST)), counts(LOST), layout=layout_of(NAMES), ks=(1,)
    )
    assert any(note.startswith(told) for note in found.notes)
    alone = compare_runs(*runs([str(index) for index in range(len(LOST))]))
    assert not any("source problems" in note for note in alone.notes)
    assert alone.numbers.main.interval.low > found.numbers.main.interval.low
    base, candidate = runs()
    rule = parse_targets('[[target]]\nname = "Loss"\nmetric = "degradation"\nmargin = 10\n', "test")
    (result,) = judge(rule, (base, candidate), {candidate.id: base, base.id: base})
    assert result.interval.high == pytest.approx(-100 * found.numbers.main.interval.low)
    assert told in result.sentence


def test_clusters_are_those_of_problems_wherever_either_run_has_them():
    """A candidate that begins with the last problem, and with one that nobody else was asked."""
    base, candidate = runs()
    whole = compare_runs(base, candidate)
    ids = ["Gap/other", *list(candidate.task_ids)[::-1]]
    turned = loaded_run([0, *LOST[::-1]], 1, model="ternary", dataset="gaps", task_ids=ids)
    found = compare_runs(base, dataclasses.replace(turned, sources={**candidate.sources, "Gap/other": "odd"}))
    assert found.clustered == whole.clustered
    assert found.numbers.main.interval == whole.numbers.main.interval
    assert np.array_equal(found.layout.cluster_of, whole.layout.cluster_of)
