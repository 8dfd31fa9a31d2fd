"""The front door: what each command does between reading its options and printing, for programs.

Nothing here prints or exits. What goes wrong raises an :class:`evalsite.errors.EvalsiteError` with a message
and a next step; what people should know on the way is told to a :class:`evalsite.events.Listener`.
"""

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalsite.counts.loaded import LoadedRun, Runs
from evalsite.counts.loaded import load_run as _load
from evalsite.errors import NotDecidedError, UsageError
from evalsite.events import UNWATCHED, Listener, Watched, ignore
from evalsite.rundir.answers import find_retested
from evalsite.rundir.finding import find_run, find_runs
from evalsite.rundir.identity import refuse_changed
from evalsite.rundir.schema import Grading, Limits, Problem, Run, Verdict
from evalsite.rundir.store import RunDir
from evalsite.stats.baseline import contradicted, is_repeat, pick_baselines, pick_if_known
from evalsite.stats.compare.guard import swapped_roles
from evalsite.stats.decision import MARGIN
from evalsite.stats.matching import matched, shared
from evalsite.words.commands import command

if TYPE_CHECKING:
    from evalsite.datasets.fetching import Fetched
    from evalsite.grading.engine import Grader
    from evalsite.report.scores import Reported
    from evalsite.runner.adopt import Adopted, adopt
    from evalsite.runner.ask import Connection, ask, new_run
    from evalsite.runner.grade import Change
    from evalsite.runner.proving import DatasetReport
    from evalsite.site.options import BuildReport, SiteOptions
    from evalsite.stats.compare.clusters import Weights
    from evalsite.stats.compare.runs import RunComparison
    from evalsite.stats.compare.suites import SuiteComparison
    from evalsite.stats.distance import Found
    from evalsite.stats.plans import Place, Plan, Question
    from evalsite.stats.scorecards import Scorecard
    from evalsite.stats.targets import Result, Targets

__all__ = [
    "Adopted",
    "Change",
    "Connection",
    "Fetched",
    "LoadedRun",
    "Reported",
    "Result",
    "RunComparison",
    "Scorecard",
    "SuiteComparison",
    "Watched",
    "adopt",
    "ask",
    "build",
    "check",
    "check_dataset",
    "compare",
    "compare_pool",
    "fetch_dataset",
    "grade",
    "grade_run",
    "new_run",
    "open_run",
    "open_runs",
    "plan",
    "report",
    "scorecard",
]  # fmt: skip

_LATER = {
    "Adopted": "evalsite.runner.adopt",
    "Change": "evalsite.runner.grade",
    "Connection": "evalsite.runner.ask",
    "Fetched": "evalsite.datasets.fetching",
    "Reported": "evalsite.report.scores",
    "Result": "evalsite.stats.targets",
    "RunComparison": "evalsite.stats.compare.runs",
    "Scorecard": "evalsite.stats.scorecards",
    "SuiteComparison": "evalsite.stats.compare.suites",
    "adopt": "evalsite.runner.adopt",
    "ask": "evalsite.runner.ask",
    "new_run": "evalsite.runner.ask",
}
"""What asks, grades and compares -> where it stands; loaded when it is used, as most need a part of it."""


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'evalsite.api' has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)


def check_dataset(
    path: Path | str, style: str | None = None, grader: "Grader | None" = None, listener: Listener = ignore
) -> "DatasetReport":
    """Read a data set's file, and try each problem's reference solution, and stubs, with ``grader``.

    ``grader`` is not yet started; with None nothing is run. ``style`` words the prompts. Raises
    :class:`DatasetError` for a file that cannot be read at all or holds no problem, and :class:`SandboxError`
    where grading does not work here.
    """
    from evalsite.runner.proving import prove

    return prove(Path(path), style, grader, listener)


def fetch_dataset(name: str, origin: Path | str | None = None, listener: Listener = ignore) -> "Fetched":
    """See to it that a known data set is on this machine, and is what its project published.

    ``origin``: its file, or a folder of its files, instead of its project's server. Raises
    :class:`DatasetError` for a name that is not known, and where it cannot be had or is another one.
    """
    from evalsite.datasets.fetching import fetch
    from evalsite.datasets.source import known_dataset

    return fetch(name, known_dataset(name), None if origin is None else Path(origin), listener)


def open_run(run: Path | str, runs_dir: Path | str = "runs") -> LoadedRun:
    """Read a run by the path of its directory, or by its id below ``runs_dir``.

    Raises :class:`RunError` where there is none, and :class:`RunFormatError` for a broken file.
    """
    return _load(find_run(Path(run), Path(runs_dir)))


def open_runs(runs_dir: Path | str = "runs", excludes: Callable[[Run], bool] = lambda _run: False) -> Runs:
    """Read every run below a folder but those left out, in the order of their ids."""
    return Runs(_load(run_dir) for run_dir in find_runs(Path(runs_dir)) if not excludes(run_dir.read_run()))


def compare(
    base: LoadedRun | Path | str,
    candidate: LoadedRun | Path | str,
    *,
    margin: float = MARGIN,
    repeat: LoadedRun | None = None,
    strict: bool = False,
    force: bool = False,
) -> "RunComparison":
    """Hold a candidate against a baseline, problem by problem; ``margin`` is the allowed loss in [0, 1].

    Both are runs, or what :func:`open_run` finds them by. ``repeat`` is a second run of the baseline, which
    shows how much is mere noise. Raises :class:`UsageError` for a run against itself, for one against the
    roles of the model cards and for a ``repeat`` of another model, unless ``force`` is given;
    :class:`IdentityError` where a run's record is not what it was when it was made; and with ``strict``
    :class:`NotDecidedError` where the two were not made alike.
    """
    base, candidate = (run if isinstance(run, LoadedRun) else open_run(run) for run in (base, candidate))
    for run in filter(None, (base, candidate, repeat)):
        refuse_changed(run.dir.path, run.run, run.retested)
    if base.id == candidate.id and not force:
        raise UsageError(
            f"BASE and CANDIDATE are one and the same run, {base.id}: it loses nothing against itself",
            hint="Name two runs, or give --force to see it nevertheless.",
        )
    if (swapped := swapped_roles(base.run, candidate.run)) and not force:
        turned = command("compare", candidate.dir.path, base.dir.path)
        both = base.run.model.card.role and candidate.run.model.card.role
        raise UsageError(
            f"BASE and CANDIDATE {'are swapped' if both else 'contradict a model card'}. {swapped}",
            hint=f"{turned}   (or --force, to compare them in this order)",
        )
    if repeat and not force and (repeat.id == base.id or not is_repeat(repeat.run, base.run)):
        raise UsageError(
            f"--repeat {repeat.id}: no second run of the baseline's model, {base.model}, so it cannot show "
            "what is chance",
            hint="Ask the baseline a second time, or give --force for runs of one model under two names.",
        )
    from evalsite.stats.compare.runs import compare_runs

    found = compare_runs(base, candidate, margin=margin, repeat=repeat)
    if strict and found.reservations:
        raise NotDecidedError(
            "these runs were not made alike: " + " ".join(found.reservations),
            hint="Repeat one of them with the other's settings, or leave out --strict.",
        )
    return found


def compare_pool(
    runs: Sequence[LoadedRun],
    base: str,
    candidate: str,
    pool: Sequence[str] = (),
    *,
    weights: "Weights" = "problem",
    margin: float = MARGIN,
) -> "SuiteComparison":
    """Hold one model against another over several data sets: those of ``pool``, or all that both were asked.

    ``base`` and ``candidate`` are names of models among ``runs``; ``margin`` is the loss of pass@1 that is
    allowed over all of them, in [0, 1]; ``weights``: what counts the same, each problem or each data set.
    Raises :class:`UsageError` for a data set that either lacks, and for two models against the roles of their
    cards, and :class:`IdentityError` where a run's record is not what it was when it was made.
    """
    from evalsite.stats.compare.suites import compare_suites

    pairs = _two_models(runs, base, candidate, pool)
    found = compare_suites(pairs, weights, margin=margin)
    if found is None:
        raise UsageError(
            "a data set of the pool has no problem that both models have samples of",
            hint="Grade its runs, or leave it out of --pool.",
        )
    return found


def scorecard(
    runs: Sequence[LoadedRun],
    base: str,
    candidate: str,
    *,
    distances: "Sequence[Found]" = (),
    weights: "Weights" = "problem",
    margin: float = MARGIN,
) -> "Scorecard":
    """Set one model beside another by all that both were asked, as :func:`compare_pool` names them.

    A row for each thing that was measured, with all data sets together, and what was not measured;
    ``distances``: those to look among. Raises what :func:`compare_pool` raises.
    """
    from evalsite.stats.scorecards import scorecard as made_of

    _two_models(runs, base, candidate, tuple(shared(runs, base, candidate)))
    return made_of(runs, base, candidate, distances=distances, weights=weights, margin=margin)


def _two_models(
    runs: Sequence[LoadedRun], base: str, candidate: str, pool: Sequence[str] = ()
) -> list[tuple[LoadedRun, LoadedRun]]:
    """The runs of two models that stand against each other; refuses what no verdict is to come of."""
    if base == candidate:
        raise UsageError(f"BASE and CANDIDATE are one and the same model, {base}", hint="Name two models.")
    pairs = matched(runs, base, candidate, pool)
    for run in (run for pair in pairs for run in pair):
        refuse_changed(run.dir.path, run.run, run.retested)
    if swapped := next(filter(None, (swapped_roles(one.run, other.run) for one, other in pairs)), ""):
        raise UsageError(
            f"BASE and CANDIDATE contradict a model card. {swapped}", hint="Name them the other way round."
        )
    return pairs


def plan(
    runs: Sequence[LoadedRun],
    baseline: str | None,
    places: "Sequence[Place]" = (),
    asked: "Question | None" = None,
) -> "list[Plan]":
    """Say what it takes to decide whether a candidate lost more than is allowed, before it is asked.

    ``baseline`` is a model's name or a run's id; ``places`` are data sets of which no run tells. Raises
    :class:`UsageError` for a baseline without a whole run.
    """
    from evalsite.stats.plans import Question, places_of, plans

    return plans([*(places_of(runs, baseline) if baseline else []), *places], asked or Question())


def check(
    runs: Sequence[LoadedRun], *, targets: "Targets | None" = None, baseline: str | None = None
) -> "list[Result]":
    """Judge runs by targets, without any by the built-in rule. ``baseline`` is a model's name or a run's id;
    else model cards name them.

    Raises :class:`IdentityError` where a run's record is not what it was when it was made, and
    :class:`UsageError` where model cards contradict the baseline that is named.
    """
    from evalsite.stats.targets import DEFAULT_TARGETS, judge

    for run in runs:
        refuse_changed(run.dir.path, run.run, run.retested)
    by_id = {run.id: run for run in runs}
    records = [run.run for run in runs]
    found = pick_if_known(records, baseline)
    _refuse_contradicted(records, found, {run.id: run.dir for run in runs})
    against = {run_id: by_id[chosen.id] for run_id, chosen in found.items()}
    return list(judge(targets or DEFAULT_TARGETS, runs, against))


def report(
    chosen: Iterable[RunDir], among: Iterable[RunDir] = (), baseline: str | None = None
) -> "list[Reported]":
    """Put runs beside their baselines, which are looked for among the chosen and the others.

    Raises :class:`IdentityError` where the record of a run that is shown is not what it was when it was made,
    and :class:`UsageError` for a baseline that has no run, or that model cards contradict.
    """
    from evalsite.report.scores import Reported

    asked = {run_dir.read_run().id: run_dir for run_dir in chosen}
    pool = {run_dir.read_run().id: run_dir for run_dir in among} | asked
    baselines = pick_baselines([run_dir.read_run() for run_dir in pool.values()], baseline)
    _refuse_contradicted([run_dir.read_run() for run_dir in asked.values()], baselines, pool)
    held = {run_id: baselines[run_id].id for run_id in asked if run_id in baselines}
    loaded = {run_id: _load(pool[run_id]) for run_id in {**asked, **dict.fromkeys(held.values())}}
    for run in loaded.values():
        refuse_changed(run.dir.path, run.run, run.retested)
    return [Reported.of(loaded[run_id], loaded[held[run_id]] if run_id in held else None) for run_id in asked]


def _refuse_contradicted(runs: Iterable[Run], held: Mapping[str, Run], dirs: Mapping[str, RunDir]) -> None:
    """Raise UsageError for a baseline against the roles of the model cards, as :func:`compare` does."""
    for base, run, told in contradicted(runs, held):
        turned = command("compare", dirs[base.id].path, dirs[run.id].path, "--force")
        raise UsageError(
            f"the baseline that is named, {base.model.name}, contradicts a model card. {told}",
            hint=f"Name the other one, --baseline {shlex.quote(run.model.name)}, or none: then the cards say "
            f"which it is. To see the two in this order nevertheless: {turned}",
        )


def build(
    runs_dir: Path | str = "runs",
    output: Path | str = "site",
    options: "SiteOptions | None" = None,
    listener: Listener = ignore,
) -> "BuildReport":
    """Render all runs below ``runs_dir`` into a static site; what has not changed is not made again."""
    from evalsite.site.build import build_site
    from evalsite.site.options import SiteOptions

    return build_site(Path(runs_dir), Path(output), options=options or SiteOptions(), listener=listener)


@contextmanager
def grade(
    programs: Mapping[str, str | Sequence[str]],
    problems: Iterable[Problem] | str,
    *,
    workers: int | None = None,
    sandbox: str | None = None,
    limits: Limits | None = None,
) -> "Iterator[Iterator[Verdict]]":
    """Run programs against the tests of their problems, in the sandbox, and yield a verdict for each::

        with evalsite.grade({"HumanEval/0": source}, "humaneval") as verdicts:
            passed = sum(verdict.verdict == "passed" for verdict in verdicts)

    ``programs``: a problem's id -> whole source code, or several, which are its samples 0, 1, ...; verdicts
    come in this order. ``problems``: records, or the name of a known data set. ``sandbox``: None takes the
    first that starts here. Nothing is written anywhere; leaving the block ends what still runs.

    Raises :class:`UsageError` for a program of an unknown problem, :class:`SandboxError` where code cannot be
    run safely, and :class:`IncompleteError` where this machine gives a program less than its limits.
    """
    from evalsite.datasets import load_dataset
    from evalsite.grading.engine import Grader
    from evalsite.grading.executors.local import LocalExecutor
    from evalsite.grading.isolation import require_linux
    from evalsite.grading.loose import grade_loose, jobs_of

    jobs = jobs_of(programs, load_dataset(problems).problems if isinstance(problems, str) else problems)
    require_linux()
    grader = Grader(LocalExecutor(limits or Limits(), sandbox=sandbox, workers=workers))
    grader.expect(job.problem for job in jobs)
    with grader:
        yield grade_loose(grader, jobs)


def grade_run(
    run_dir: RunDir, grading: Grading, grader: "Grader", watched: Watched = UNWATCHED, *, again: bool = False
) -> "list[Change]":
    """Grade what a run has no verdicts of, or with ``again`` everything anew; return verdicts that changed.

    ``grader`` is not yet started, ``grading`` says what it does. Raises :class:`SandboxError` where grading
    does not work here, :class:`IdentityError` where earlier verdicts were reached under other limits or the
    run's record was changed, and :class:`LockedError` while somebody else works on the run.
    """
    from evalsite.runner.grade import grade_run as grade_folder

    refuse_changed(run_dir.path, run_dir.read_run(), find_retested(run_dir))
    with watched.within(run_dir.path), run_dir.lock():
        return grade_folder(run_dir, grader, grading, again=again, listener=watched.listener)
