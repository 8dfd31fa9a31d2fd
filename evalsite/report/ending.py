"""What a run came to, in the few lines with which the command that made it ends."""

from collections.abc import Iterator

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.stats.intervals import estimate_pass_at_k
from evalsite.words.cells import percent_limits
from evalsite.words.sentences import certainty, count, missing_sentence, names, of_all, percent

SHOWN_KS = (1, 10)


def ending(run: LoadedRun) -> Iterator[str]:
    """Scores with their intervals, the samples by verdict, and how many are missing."""
    yield from _scores(run)
    verdicts = dict(run.summary.verdicts)
    told = [f"{verdicts.pop(VerdictClass.PASSED, 0):,} passed"]
    told += [
        f"{number:,} {VerdictClass(kind).words}"
        for kind, number in sorted(verdicts.items(), key=lambda item: -item[1])
    ]
    yield f"{count(run.num_samples, 'sample')}: {names(told, most=len(told))}"
    if run.num_missing:
        yield missing_sentence(run.num_missing)


def _scores(run: LoadedRun) -> Iterator[str]:
    if not run.max_k:
        yield "pass@1: blank, since a problem has no graded sample yet"
        return
    asked = of_all(len(run.n), run.run.dataset.num_problems)
    for k in (k for k in SHOWN_KS if k <= run.max_k):
        found = estimate_pass_at_k(run.n, run.c, k)
        low, high = percent_limits(found.interval.low, found.interval.high)
        sure = f"{certainty(found.interval.confidence)} interval {low} to {high} %"
        yield f"pass@{k} on {asked}: {percent(found.value)}, {sure}"
