"""A run that stops when it is decided: looks at problem numbers fixed beforehand, each of them recorded."""

from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun, load_run
from evalsite.errors import UsageError
from evalsite.rundir.beside import append_look, looks
from evalsite.rundir.looks import Look, LookPlan, Outcome
from evalsite.rundir.schema import Dataset, Run
from evalsite.rundir.store import RunDir
from evalsite.stats.compare.runs import RunComparison, compare_runs
from evalsite.stats.decision import LARGEST_SHARE, is_vacuous
from evalsite.stats.readiness import why_not_ready
from evalsite.stats.sequential import LookRule, chance_of_decision, stops
from evalsite.words.moments import stamp
from evalsite.words.sentences import count, percents, too_weak

FINAL = ("met", "missed", "futile")
"""What a look can find after which nothing more is asked."""


@dataclass(frozen=True)
class Deciding:
    """What a run is held against while it goes on."""

    base: LoadedRun
    plan: LookPlan

    @classmethod
    def prepare(
        cls,
        base: LoadedRun,
        dataset: Dataset,
        num_samples: int,
        margin: float,
        most: int,
        *,
        thrifty: bool = False,
    ) -> "Deciding":
        """Fix the looks beforehand: at most so many. ``margin`` in [0, 1].

        ``thrifty``: whether requests are to be saved even where that decides less.

        Raises :class:`UsageError` where nothing could be decided against this baseline.
        """
        ours, theirs = dataset, base.run.dataset
        if (ours.name, ours.sha256) != (theirs.name, theirs.sha256):
            raise UsageError(
                f"--until-decided: the baseline {base.id} was asked {theirs.name} ({theirs.sha256[:6]}), and "
                f"this run asks {ours.name} ({ours.sha256[:6]})",
                hint="Name a run of the baseline on this data set.",
            )
        if reason := why_not_ready(base):
            raise UsageError(
                f"--until-decided: nothing can be held against this baseline. {reason}",
                hint="Name a whole run of it.",
            )
        score = base.pass_at_1
        if score is None or is_vacuous(score, margin):
            raise UsageError(f"--until-decided: {too_weak(score or 0.0, margin, LARGEST_SHARE)}")
        rule = LookRule.of(most, thrifty=thrifty)
        plan = LookPlan(
            base=base.id,
            margin=margin,
            stops=stops(ours.num_problems, most, margin, spending=rule.spending),
            num_samples=num_samples,
            spending=rule.spending,
            give_up=rule.give_up,
        )
        return cls(base, plan)

    @property
    def saves_nothing(self) -> str:
        """That there is a single look, at all that is asked, as a sentence; empty where there are several."""
        if len(self.plan.stops) > 1:
            return ""
        told = one_look(self.plan.stops[-1], self.plan.margin)
        return f"{told} Allow a larger --margin, or ask all of them in their order, without --until-decided."

    def look(self, run_dir: RunDir) -> Look | None:
        """Look at a run that has all answers it asks for, and record that unless it is recorded already.

        None where nothing can be concluded, as samples have no verdict.
        """
        run = load_run(run_dir)
        here = run.run.num_problems, run.run.num_samples
        known = next((look for look in run.looks if look.amount == here), None)
        if known is not None:
            return known
        found = compare_runs(self.base, run, margin=self.plan.margin)
        if found.numbers is None or found.pending or run.num_missing:
            return None
        interval = found.numbers.main.interval
        look = Look(
            at=stamp(),
            num_problems=here[0],
            num_samples=here[1],
            outcome=_outcome(found, self.plan.give_up),
            confidence=float(interval.confidence),
            difference=found.numbers.main.value,
            low=interval.low,
            high=interval.high,
        )
        append_look(run_dir, look)
        return look

    def next_stop(self, look: Look) -> int | None:
        """How many problems there are to be at the next look; None where it is decided, or was the last."""
        if look.outcome in FINAL:
            return None
        return next((stop for stop in self.plan.stops if stop > look.num_problems), None)

    def told(self, look: Look) -> str:
        """What a look found, and what was saved by it, in a line."""
        number = sum(stop <= look.num_problems for stop in self.plan.stops)
        total = self.plan.stops[-1]
        asked = f"{look.num_problems:,} of {count(total, 'problem')}"
        told = f"look {number} of at most {len(self.plan.stops)}, at {asked}: {look.outcome}"
        saved = total - look.num_problems
        if look.outcome in FINAL and saved:
            told += f"; {count(saved * look.num_samples, 'sample')} saved ({percents(saved / total)})"
        return told


def one_look(total: int, margin: float) -> str:
    """Say that looking more than once saves nothing; ``margin`` in [0, 1]."""
    return (
        f"Of {count(total, 'problem')} and a margin of {100 * margin:g} points there is one look, at the "
        "end, so that nothing is saved: no part of them could show that who lost nothing is inside of it."
    )


def record_unseen(run_dir: RunDir, run: Run) -> None:
    """Record that a run is asked for more samples which had ended, so that its verdict was there to be seen.

    Of a part of a data set, or of what nobody graded, there was none.
    """
    whole = run.num_problems >= run.dataset.num_problems or run.looks is not None
    if run.status != "complete" or run.grading is None or not whole:
        return
    look = Look(
        at=stamp(), num_problems=run.num_problems, num_samples=run.num_samples, outcome="not recorded"
    )
    if look.amount not in [each.amount for each in looks(run_dir)]:
        append_look(run_dir, look)


def _outcome(found: RunComparison, give_up: float) -> Outcome:
    numbers, run = found.numbers, found.candidate.run
    assert numbers is not None
    if found.decision in ("met", "missed"):
        return found.decision
    fraction = run.num_problems / run.dataset.num_problems
    hope = chance_of_decision(found.changes.standardized(-numbers.margin), fraction)
    if fraction < 1.0 and hope < give_up:
        return "futile"
    return "vacuous" if found.decision == "vacuous" else "inconclusive"
