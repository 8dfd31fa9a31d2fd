"""A pool of data sets as a target takes it: the pairs of runs in, the figure of a target out."""

from collections.abc import Sequence
from dataclasses import replace

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.compare.question import Question
from evalsite.stats.compare.suites import SuiteComparison, compare_suites
from evalsite.stats.targets.measure import Measured, Unmeasured, as_of_one_look
from evalsite.stats.targets.metrics import parse_metric
from evalsite.stats.targets.schema import Target


def compare_pool(
    target: Target, pairs: Sequence[tuple[LoadedRun, LoadedRun]]
) -> SuiteComparison | Unmeasured:
    """Hold a candidate's runs against the baseline's, over all data sets; or say why nothing follows yet."""
    asked = question_of(target)
    found = compare_suites(pairs, target.weights, margin=asked, confidence=target.confidence)
    if found is None:
        return Unmeasured(
            f"Not every data set of the pool {' + '.join(target.pool)} has a problem in common."
        )
    if found.pending:
        return Unmeasured(found.pending)
    if asked.way == "share" and found.numbers.recovery is None:
        return Unmeasured("The baseline's runs solve nothing that could be kept.")
    return found


def part_of(target: Target) -> Target:
    """What has to be measured of each data set by itself: of a pool points, however it is asked."""
    if not target.pool:
        return target
    return replace(target, metric=parse_metric("degradation"), two_sided=False)


def question_of(target: Target) -> Question:
    """What a target asks of a pool."""
    if target.metric.means.is_share_kept:
        return Question(target.threshold / 100, "share")
    return Question(target.threshold / 100, "equivalence" if target.two_sided else "margin")


def pooled_measure(target: Target, found: SuiteComparison) -> Measured:
    """The figure of a target, with whole sentences on what is behind it."""
    numbers, missing, kept = found.numbers, found.missing, found.numbers.recovery
    share = kept if numbers.question.way == "share" else None
    cases = (missing.worst, missing.best) if missing else ()
    most = max(each.chance for each in (numbers, *(cases if target.two_sided else cases[:1])))
    chance = as_of_one_look(most, numbers.interval.confidence, target.confidence)
    return Measured(
        actual=100 * share.value if share else 100 * (0.0 - numbers.value),  # never -0.0
        interval=share.interval.scaled(100) if share else numbers.interval.scaled(-100),
        candidate=100 * numbers.candidate,
        base=100 * numbers.base,
        needed=numbers.needed,
        num_problems=numbers.num_problems,
        total_problems=found.total_problems,
        chance=chance,
        caveats=(
            *found.sequential,
            found.spread,
            *filter(None, (found.clustered,)),
            *((missing.sentence,) if missing else ()),
            *found.caveats,
        ),
        hidden=numbers.by_figures == "met" != found.decision,
    )
