"""Is a run ready to be judged, or to be judged against? One rule for candidate and baseline.

A run that goes on, that lacks samples, or that asks only a part of its data set speaks of other problems than
it seems to, and one whose record was changed says of itself what is not true: whatever is concluded from
either is pending.
"""

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.schema import Run
from evalsite.stats.steadiness import changes_recorded
from evalsite.words.commands import command
from evalsite.words.sentences import count


def is_whole(run: Run) -> bool:
    """Whether a run ended with all that it asked, and asked every problem of its data set."""
    return run.status == "complete" and run.num_problems >= run.dataset.num_problems


def why_ungraded(run: LoadedRun) -> str:
    """Say in a sentence that a run has no verdicts yet, and what gives it some; empty where it has."""
    return f"The run {run.id} is not graded yet: {command('grade', run.id)}." if run.is_ungraded else ""


def why_changed(run: LoadedRun) -> str:
    """Say in a sentence that a run's record is not what it was when the run was made; empty where it is."""
    if not (run.record_changes or run.retested):
        return ""
    return f"{run.id}: {' '.join(changes_recorded(run.run, run.retested))}"


def why_not_ready(run: LoadedRun, *, timed: bool = False, looked: bool = False) -> str:
    """Say in a sentence why nothing can be concluded from a run yet; empty where it is ready.

    ``timed``: what is asked is how long answers took, which nobody has to grade for. ``looked``: what is
    asked is whether more was lost than is allowed, which a run may be asked that stops when it is decided.
    """
    if changed := why_changed(run):
        return changed
    status, asked, there = run.run.status, run.num_asked, run.run.dataset.num_problems
    if status == "running":
        return f"The run {run.id} has not ended."
    if run.is_ungraded and not timed:
        return why_ungraded(run)
    if asked < there and not (looked and run.asks_enough):
        return f"The run {run.id} asks only {asked:,} of the {there:,} problems of {run.dataset}."
    if status != "complete":
        lacking = f": {count(run.num_missing, 'sample')} missing" if run.num_missing else ""
        return f"The run {run.id} is {status}{lacking}."
    return ""


def in_a_word(base: LoadedRun, candidate: LoadedRun) -> str:
    """What keeps a baseline from being held against a candidate, for a cell; empty where nothing does."""
    if base.dataset_key != candidate.dataset_key:
        return "of other problems"
    if why_changed(base):
        return "record changed"
    if base.run.status == "running":
        return "not ended"
    if base.is_ungraded:
        return "not graded yet"
    if not base.asks_all:
        return f"{base.num_asked:,} of {count(base.run.dataset.num_problems, 'problem')}"
    return "" if base.run.status == "complete" else base.run.status


def why_not_comparable(base: LoadedRun, candidate: LoadedRun, *, timed: bool = False) -> str:
    """Say in a sentence why nothing can be concluded from two runs; empty where something can.

    Two runs have to be two, of one data set (its name and its hash), and both ready (:func:`why_not_ready`);
    of a candidate a look that was planned is enough, but for times.
    """
    if base.id == candidate.id:
        return f"Both are one and the same run, {base.id}."
    ours, theirs = base.run.dataset, candidate.run.dataset
    if ours.name != theirs.name:
        return f"{base.id} was asked {ours.name}, and {candidate.id} {theirs.name}."
    if ours.sha256 != theirs.sha256:
        return (
            f"{base.id} and {candidate.id} were asked different problems under the name {ours.name} "
            f"({ours.sha256[:6]} and {theirs.sha256[:6]})."
        )
    if ours.num_problems != theirs.num_problems:
        return (
            f"Of one data set {base.id} says that it has {ours.num_problems:,} problems, and {candidate.id} "
            f"{theirs.num_problems:,}."
        )
    return why_not_ready(candidate, timed=timed, looked=not timed) or why_not_ready(base, timed=timed)
