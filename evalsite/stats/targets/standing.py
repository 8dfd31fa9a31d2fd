"""Results counted: which of them decide, what they say together, and what they say of each model.

The gate, the comment on a pull request, the front page and the page of targets all count here.
"""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from evalsite.stats.decision import WORST_FIRST, Decision, worst
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

    @classmethod
    def of(cls, results: Sequence[Result], brought: Container[str] | None = None) -> "Standing":
        """Tell results apart; ``brought``: ids of the runs of a change, by whose results it is judged.

        A result is of a change if its run or its baseline's run is. Trials decide where nothing else does.
        """
        trials = tuple(result for result in results if result.is_trial)
        whole = tuple(result for result in results if not result.is_trial)
        if not whole:
            trials, whole = (), trials
        if brought is None:
            return cls(whole, trials=trials)
        own = tuple(
            one for one in whole if any(run and run.id in brought for run in (one.run, one.baseline_run))
        )
        return cls(own, tuple(one for one in whole if one not in own), trials)

    def of_model(self, model: str) -> "Standing":
        """What is said of one model."""
        return Standing(tuple(result for result in self.deciding if result.model == model))

    @property
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
        if self.decision == "met":
            words["met"] = f"all {count(counts['met'], 'target')} met"
        rest = [f"{number} {one}" for one, number in counts.items() if number and one != self.decision]
        return _ANSWERS[self.decision].format(**words, rest=f", {names(rest)}" if rest else "")
