"""Several candidates of one baseline: what may be called met of all of them together.

A choice among ten candidates is ten chances to be lucky. Holm's correction (1979) of the one-sided p-values
of "not met" bounds the chance that any candidate is falsely met by that of a single verdict, whatever they
have in common. That they share a baseline, which Dunnett's test would use, makes it cautious, not wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.compare.signflip import holm
from evalsite.stats.decision import Decision
from evalsite.stats.targets.judge import Result, judge_each
from evalsite.stats.targets.schema import Targets

Key = tuple[object, ...]
MOST_COUNTED = 50
"""Candidates whose number is told: of more, one further changes nothing that is said of each."""


def judge(
    targets: Targets, runs: Sequence[LoadedRun], baselines: Mapping[str, LoadedRun] | None = None
) -> tuple[Result, ...]:
    """Judge every target by every run that it applies to, as :func:`judge_each`, and candidates together."""
    return tuple(judged_together(judge_each(targets, runs, baselines)))


def judged_together(results: Sequence[Result]) -> list[Result]:
    """Return the results with what is said of each among the candidates of its family; in their order.

    A family is one target, on the same problems, against the same runs of the baseline. Where the target says
    so, the simultaneous verdict takes the place of the plain one.
    """
    families: dict[Key, list[int]] = {}
    for index, result in enumerate(results):
        if result.chance is not None and not result.is_trial:
            families.setdefault(_family_of(result), []).append(index)
    found = list(results)
    for members in families.values():
        if len(members) < 2:
            continue
        chances = [chance for index in members if (chance := results[index].chance) is not None]
        for index, adjusted in zip(members, holm(chances), strict=True):
            found[index] = _among(results[index], adjusted, len(members))
    return found


def _family_of(result: Result) -> Key:
    return result.target, *(run.dataset_key for run in result.runs), *(run.id for run in result.held_against)


def _among(result: Result, adjusted: float, number: int) -> Result:
    """One result with its simultaneous verdict, and a sentence where the two differ."""
    limit = (1 - result.target.confidence) / 2
    lost = result.decision == "met" and adjusted >= limit
    together: Decision = "inconclusive" if lost else result.decision
    simultaneous = result.target.family == "simultaneous"
    told, among = "", number if number <= MOST_COUNTED else f"more than {MOST_COUNTED}"
    if lost and simultaneous:
        told = f" Alone it would be met; of {among} candidates judged together (Holm) these data cannot tell."
    elif lost:
        told = (
            f" Judged by itself; of {among} candidates together (Holm) it would be inconclusive, as any of "
            "them may be lucky."
        )
    return replace(
        result,
        decision=together if simultaneous else result.decision,
        plain=result.decision,
        together=together,
        num_candidates=number,
        sentence=result.sentence + told,
    )


def of_families(results: Iterable[Result]) -> str:
    """Say how several candidates were judged, in a sentence; empty where none were several."""
    kinds = {result.target.family for result in results if result.num_candidates > 1}
    if not kinds:
        return ""
    if kinds == {"simultaneous"}:
        return (
            "Candidates of one baseline are judged together (Holm): many of them are no more luck than one."
        )
    if kinds == {"each"}:
        return (
            "Each candidate is judged by itself; beside it stands what holds of all of them together (Holm)."
        )
    return "Some targets judge candidates together (Holm), others each by itself, with the other beside it."
