"""Results counted: which of them decide, what they say together, and what they say of each model.

The gate, the comment on a pull request, the front page and the page of targets all count here.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.decision import WORST_FIRST, Decision, worst
from evalsite.stats.readiness import why_not_ready
from evalsite.stats.targets.judge import Result
from evalsite.words.sentences import count, names

_ANSWERS = {
    "met": "Yes: {met}.",
    "missed": "No: {missed}{rest}.",
    "inconclusive": "Not proven: {inconclusive}{rest}.",
    "vacuous": "Proves nothing: {vacuous}{rest}.",
    "pending": "Too early to say: {pending}{rest}.",
}


@dataclass(frozen=True)
class Standing:
    """Results of which some decide."""

    deciding: tuple[Result, ...]
    others: tuple[Result, ...] = ()
    """Of runs that a change did not bring, where only those that it brought decide."""
    trials: tuple[Result, ...] = ()
    """Of runs that ask a part of their data set only, beside others that decide."""
    of_change: bool = False
    """Whether only what a change brings decides."""

    @classmethod
    def of(cls, results: Sequence[Result], brought: Sequence[LoadedRun] | None = None) -> "Standing":
        """Tell results apart; ``brought``: the runs of a change, by whose results it is judged.

        A result is of a change if its run or its baseline's run is, and what a change brings unfinished is
        pending. Trials decide where nothing else does.
        """
        trials = tuple(result for result in results if result.is_trial)
        whole = tuple(result for result in results if not result.is_trial)
        if not whole:
            trials, whole = (), trials
        if brought is None:
            return cls(whole, trials=trials)
        ids = {run.id for run in brought}
        own = tuple(one for one in whole if any(run.id in ids for run in (*one.runs, *one.held_against)))
        waiting = tuple(_waiting(results, own, brought))
        told = {one.run for one in waiting}
        trials = tuple(result for result in trials if result.run not in told)
        return cls((*own, *waiting), tuple(one for one in whole if one not in own), trials, of_change=True)

    def of_model(self, model: str) -> "Standing":
        """What is said of one model; what no model answers yet is that of the empty name."""
        return self._by_model.get(model, Standing(()))

    @cached_property
    def _by_model(self) -> dict[str, "Standing"]:
        own: dict[str, list[Result]] = {}
        for result in self.deciding:
            own.setdefault(result.model, []).append(result)
        return {model: Standing(tuple(results)) for model, results in own.items()}

    @cached_property
    def models(self) -> tuple[str, ...]:
        """Whom the results that decide are about, in their order."""
        return tuple(dict.fromkeys(result.model for result in self.deciding if result.model))

    @property
    def decision(self) -> Decision:
        """The worst of what decides; ``pending`` where nothing does."""
        return worst(result.decision for result in self.deciding)

    @property
    def counts(self) -> Mapping[Decision, int]:
        """How many results there are of each decision, the deciding ones first."""
        found = Counter(result.decision for result in self.deciding)
        return {decision: found[decision] for decision in WORST_FIRST if found[decision]}

    @property
    def counted(self) -> str:
        """All counts in a line: ``missed (2 missed, 1 met)``."""
        told = ", ".join(f"{number} {decision}" for decision, number in self.counts.items())
        return f"{self.decision} ({told or 'nothing to judge'})"

    @property
    def answer(self) -> str:
        """The answer to "is it good enough?", with the counts behind it."""
        counts = {decision: self.counts.get(decision, 0) for decision in WORST_FIRST}
        words = {decision: f"{count(number, 'target')} {decision}" for decision, number in counts.items()}
        if counts["met"] > 1 and self.decision == "met":
            words["met"] = f"all {words['met']}"
        rest = [f"{number} {one}" for one, number in counts.items() if number and one != self.decision]
        return _ANSWERS[self.decision].format(**words, rest=f", {names(rest)}" if rest else "")


def _waiting(
    results: Sequence[Result], own: Sequence[Result], brought: Sequence[LoadedRun]
) -> Iterator[Result]:
    """A change's runs that nothing can be concluded from yet, as pending for each target that asks for them.

    Else an older run of the same model, which is judged in their place, would let the change pass unseen. A
    trial beside a whole run in one change is no loss.
    """
    settled = {run.id for one in own for run in (*one.runs, *one.held_against)}
    settled_kinds = {(run.model, run.dataset_key) for one in own for run in one.runs}
    targets = dict.fromkeys(one.target for one in results if not one.target.where_possible)
    for run in brought:
        reason = _why_not_yet(run)
        if not reason or run.id in settled or (run.model, run.dataset_key) in settled_kinds:
            continue
        for target in targets:
            if target.wants_dataset(run.dataset) and target.selects(run.run):
                yield Result(target, run, "pending", f"The change's {reason.removeprefix('The ')}")


def _why_not_yet(run: LoadedRun) -> str:
    if reason := why_not_ready(run):
        return reason
    return f"The run {run.id} lacks {count(run.num_missing, 'verdict')}." if run.num_missing else ""
