"""Completions on disk -> verdicts on disk: the second half of a run, and a step of its own."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeGuard

import msgspec
from msgspec import structs

from evalsite.counts.tally import rebuild_summary
from evalsite.errors import IdentityError, IncompleteError, OutputError, RunFormatError
from evalsite.events import Listener, SampleCount, ignore, remark
from evalsite.grading.engine import Grader, Job
from evalsite.grading.verdicts import Ungraded
from evalsite.rundir.answers import drop_void, find_void
from evalsite.rundir.identity import graded
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import FORMAT, Completion, Grading, Run, RunStatus, Verdict
from evalsite.rundir.store import COMPLETIONS, PROBLEMS, Key, RunDir
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.runner.reading import program_job
from evalsite.runner.recording import differences, utc_now
from evalsite.runner.trial import try_grading
from evalsite.runner.turns import SECOND_TURN, may_owe_turn
from evalsite.words.commands import command
from evalsite.words.sentences import and_more
from evalsite.words.text import one_line

_SHOWN = 9


@dataclass(frozen=True)
class Change:
    """A verdict that a regrade turned into another."""

    before: Verdict
    after: Verdict


def grade_run(
    run_dir: RunDir, grader: Grader, wanted: Grading, *, again: bool = False, listener: Listener = ignore
) -> list[Change]:
    """Grade what a run has no verdicts of, or with ``again`` everything anew; return verdicts that changed.

    ``grader`` is not yet started; ``wanted`` says how it grades. Must be called with the run's lock held.
    Raises :class:`SandboxError` where preflight finds that grading does not work here, and
    :class:`IdentityError` where earlier verdicts were reached under other limits.
    """
    if not again:
        check_like_before(run_dir, wanted)
    record, problems = run_dir.read_run(), run_dir.problems()
    if not problems:
        raise RunFormatError(
            f"{run_dir.path / PROBLEMS}: holds no problems, and nothing can be graded",
            hint="Put it back if you have it; what is graded already is as it was.",
        )
    count = SampleCount("grading", record.model.name, record.num_problems * record.num_samples, listener)
    changes: list[Change] = []
    grader.expect(problems)
    with grader:
        described = try_grading(wanted, grader, problems, listener, record.dataset)
        if record.grading and not wanted.preflight:
            described = structs.replace(described, excluded=record.grading.excluded)
        if again:
            changes = regrade(run_dir, grader, count)
            run_dir.write_run(graded(record, described))
        else:
            remark(listener, note(drift_from_before(run_dir, described)))
            run_dir.write_run(structs.replace(graded(record, described), status="running"))
            drop_void(run_dir)
            count.graded = sum(1 for _ in run_dir.verdicts())
            grade_pending(run_dir, grader, count)
    finish(run_dir, answered_status(run_dir))
    return changes


def note(text: str) -> str:
    """A remark that can be passed over; empty for nothing."""
    return f"note: {text}" if text else ""


def check_like_before(run_dir: RunDir, wanted: Grading) -> None:
    """Refuse to put verdicts beside those that are there, if sandbox or limits would be others.

    Raises :class:`IdentityError`, naming every field that differs.
    """
    before = _graded_before(run_dir)
    if before is not None and before.sandbox == Sandbox.NONE:  # nothing was run, and nothing needed one
        wanted = structs.replace(wanted, sandbox=Sandbox.NONE)
    changes = _changes(before, wanted, ("sandbox", "limits", "packages")) if before else []
    if changes:
        raise IdentityError(
            f"{run_dir.path}: its verdicts were reached under other conditions: {'; '.join(changes[:_SHOWN])}"
            + (f"; {more}" if (more := and_more(len(changes), _SHOWN)) else ""),
            hint="Repeat the earlier ones, or grade everything anew with: "
            + command("grade", run_dir.path, "--again"),
        )


def drift_from_before(run_dir: RunDir, described: Grading) -> str:
    """Say what else is not as it was when the verdicts that are there were reached; empty for nothing."""
    before = _graded_before(run_dir)
    changes = _changes(before, described, ("extraction", "layers", "python")) if before else []
    if not changes:
        return ""
    return (
        f"earlier verdicts of this run were reached otherwise: {'; '.join(changes)}. "
        f"What makes them alike: {command('grade', run_dir.path, '--again')}"
    )


def grade_pending(run_dir: RunDir, grader: Grader, count: SampleCount) -> None:
    """Grade every completion that has no verdict yet, appending each verdict as it is reached.

    Void verdicts have to be dropped before, see :func:`evalsite.rundir.answers.drop_void`.
    """
    run = run_dir.read_run()
    with run_dir.append_verdicts() as appender:
        waiting = _waiting(run_dir, run)
        for verdict in grader.grade(_jobs(run_dir, ungraded(run_dir))):
            if (verdict.problem, verdict.sample) in waiting and may_owe_turn(run, verdict):
                count.leave(SECOND_TURN)
            elif count_graded(verdict, count):
                appender.append(verdict)
    remark(count.listener, reasons_ungraded(count))


def _waiting(run_dir: RunDir, run: Run) -> set[Key]:
    """Samples without a second answer, of a run that asks for one where the first fails."""
    if run.settings is None or run.settings.turns == 1:
        return set()
    return {(row.problem, row.sample) for row in run_dir.completions() if not row.again}


def regrade(run_dir: RunDir, grader: Grader, count: SampleCount) -> list[Change]:
    """Grade every completion again; replace the verdicts at the end, and return those that changed."""
    before = {(verdict.problem, verdict.sample): verdict for verdict in run_dir.verdicts()}
    waiting = _waiting(run_dir, run_dir.read_run()) - before.keys()
    answers = (row for row in _answers(run_dir) if (row.problem, row.sample) not in waiting)
    found = grader.grade(_jobs(run_dir, answers))
    after = [verdict for verdict in found if count_graded(verdict, count)]
    if count.ungraded:
        remark(count.listener, reasons_ungraded(count))
        raise IncompleteError(
            f"{run_dir.path}: not every sample could be graded once more; all verdicts are left as they were",
            hint="Grade the run where there is more room.",
        )
    after.sort(key=lambda verdict: (verdict.problem, verdict.sample))
    run_dir.write_verdicts(after)
    pairs = ((before.get((verdict.problem, verdict.sample)), verdict) for verdict in after)
    return [Change(old, new) for old, new in pairs if old is not None and old.verdict != new.verdict]


def count_graded(found: Verdict | Ungraded, count: SampleCount) -> TypeGuard[Verdict]:
    """Count a sample that was graded, or that had no room here; say whether it has a verdict."""
    if isinstance(found, Ungraded):
        count.leave(found.reason)
        return False
    count.grade(passed=found.verdict is VerdictClass.PASSED)
    return True


def reasons_ungraded(count: SampleCount) -> str:
    """A warning of the samples that had no room here, with whose limits they met; empty for none."""
    if not count.ungraded:
        return ""
    told = "; ".join(f"{reason} ({number})" for reason, number in count.ungraded.items())
    return f"warning: samples that this machine has no room for, and that therefore have no verdict: {told}"


def answered(run_dir: RunDir, run: Run, problems: Container[str]) -> set[Key]:
    """Return the samples that the run asks for and has; a stray row must not make it look complete."""
    rows = run_dir.completions()
    return {
        (row.problem, row.sample)
        for row in rows
        if row.problem in problems and 0 <= row.sample < run.num_samples
    }


def ungraded(run_dir: RunDir) -> Iterator[Completion]:
    """Stream the completions that have no verdict at the moment when the first is asked for."""
    graded = {(verdict.problem, verdict.sample) for verdict in run_dir.verdicts()}
    for completion in _answers(run_dir):
        if (completion.problem, completion.sample) not in graded:
            yield completion


def finish(run_dir: RunDir, status: RunStatus, lost: dict[str, int] | None = None) -> None:
    """Write the summary, and close the run with its final status; ``lost`` is why samples are missing.

    Raises :class:`OutputError` where answers went away while they were being graded.
    """
    run = structs.replace(run_dir.read_run(), format=FORMAT, status=status, finished_at=utc_now())
    if (void := next(find_void(run_dir), None)) is not None:
        verdict, why = void
        command = "grade" if run.kind == "imported" else "resume"
        raise OutputError(
            f"{run_dir.path / COMPLETIONS}: was removed or changed while the run went on: "
            f"{one_line(verdict.problem)} sample {verdict.sample} {why}",
            hint=f"Put it back if you have it. Then go on with: evalsite {command} {run_dir.path}",
        )
    run_dir.write_summary(rebuild_summary(run_dir))
    if lost is not None:
        run = structs.replace(run, lost=lost)
    if run.grading is not None:
        run = graded(run, structs.replace(run.grading, graded_by=run_dir.graded_by()))
    run_dir.write_run(run)


def answered_status(run_dir: RunDir) -> RunStatus:
    """A run is complete when every sample asked for has been answered; imports ask for nothing."""
    run = run_dir.read_run()
    if run.kind == "imported":
        return "complete"
    have = answered(run_dir, run, {problem.task_id for problem in run_dir.problems()})
    graded_ = {(row.problem, row.sample) for row in run_dir.verdicts()}
    have -= _waiting(run_dir, run) - graded_
    whole = len(have) >= run.num_problems * run.num_samples
    return "complete" if whole else "incomplete"


def _graded_before(run_dir: RunDir) -> Grading | None:
    return run_dir.read_run().grading if next(run_dir.verdicts(), None) else None


def _changes(before: Grading, now: Grading, names: Iterable[str]) -> list[str]:
    return [
        change
        for name in names
        for change in differences(
            name, msgspec.to_builtins(getattr(before, name)), msgspec.to_builtins(getattr(now, name))
        )
    ]


def _answers(run_dir: RunDir) -> Iterator[Completion]:
    known = {problem.task_id for problem in run_dir.problems()}
    for completion in run_dir.completions():
        if completion.problem not in known:
            raise RunFormatError(
                f"{run_dir.path}: completions.jsonl answers {completion.problem!r}, "
                "which is not in problems.jsonl",
                hint="Restore problems.jsonl, or take the lines out; 'evalsite validate' lists them.",
            )
        yield completion


def _jobs(run_dir: RunDir, completions: Iterable[Completion]) -> Iterator[Job]:
    problems = {problem.task_id: problem for problem in run_dir.problems()}
    return (program_job(problems, completion) for completion in completions)
