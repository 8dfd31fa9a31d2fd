"""Rows of a run directory -> counts: the summary that every overview reads.

Only counts and plain means are made here; ratios and intervals are derived from the counts where they
are shown.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
from msgspec import UNSET, to_builtins
from msgspec.structs import replace

from evalsite.counts.agents import CountedAgents
from evalsite.counts.calls import CountedCalls
from evalsite.counts.edits import CountedEdits
from evalsite.counts.passk import pass_at_k
from evalsite.counts.symptoms import CountedLoops, CountedSymptoms
from evalsite.counts.times import ByProblem, Measured, distribution, may_share
from evalsite.rundir.schema import Completion, Problem, Run, Summary, Tally, Verdict
from evalsite.rundir.store import ROW_FILES, Key, RunDir
from evalsite.rundir.taxonomy import VerdictClass

SHOWN_KS = (1, 2, 3, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
"""The values of k that tables show, as far as the samples allow."""


NEWER = frozenset({"answered_by", "sd", "problems", "error", "untimed"})
"""Fields of a summary that are null in the files of an evalsite that did not count them yet."""


def rebuild_summary(run_dir: RunDir, void: Container[Key] = ()) -> Summary:
    """Make a run's summary from its rows, streaming them once. Rows of unknown problems do not count, nor do
    verdicts on samples that are ``void`` (:func:`evalsite.rundir.answers.find_void`).
    """
    rows = run_dir.digest(ROW_FILES)  # taken first: what is appended meanwhile makes it one to be made anew
    problems = run_dir.problems()
    known = {problem.task_id for problem in problems}
    run = run_dir.read_run()
    verdicts = (each for each in run_dir.verdicts_of(known) if (each.problem, each.sample) not in void)
    summary = summarize(run, problems, run_dir.completions_of(known), verdicts)
    return replace(summary, made_from=seal(run, rows, summary))


def is_sealed(run: Run, rows: str, summary: Summary) -> bool:
    """Whether a summary is what was made from rows with this hash, and agrees with itself."""
    return summary.made_from == seal(run, rows, summary) and _is_possible(run, summary)


def _is_possible(run: Run, summary: Summary) -> bool:
    """Whether a summary's counts can be those of a run: somebody may have made its hash anew."""
    tallies, classes = summary.tallies, set(map(str, VerdictClass))
    excluded = run.grading.excluded if run.grading else {}
    scored = [tally for tally in tallies if tally.problem not in excluded]
    measured = summary.execution_s, summary.latency_s, summary.first_token_s, summary.token_s
    named = {*summary.verdicts, *(kind for tally in tallies for kind in tally.failures)}
    return (
        named <= classes
        and all(tally.c + sum(tally.failures.values()) == tally.n for tally in tallies)
        and all(tally.c <= part <= tally.n for tally in tallies for part in tally.parts.values())
        and all(number <= tally.n for tally in tallies for number in (tally.symptoms or {}).values())
        and all(max(tally.n, tally.missing) <= run.num_samples for tally in tallies)
        and sum(tally.n for tally in scored) == sum(summary.verdicts.values())
        and sum(summary.exceptions.values()) <= summary.verdicts.get(VerdictClass.RUNTIME_ERROR, 0)
        and sum(summary.missing_modules.values()) <= summary.verdicts.get(VerdictClass.MISSING_MODULE, 0)
        and max(summary.in_process or 0, sum(summary.rules.values())) <= sum(summary.verdicts.values())
        and all(each.p50 <= each.p95 for each in measured if each is not None)
        and summary.pass_at == _pass_at(scored)
    )


def seal(run: Run, rows: str, summary: Summary) -> str:
    """Hash the rows, what else of the run counts, and the summary itself: each may be changed alone."""
    told = (rows, run.id, run.kind, run.num_samples, may_share(run), replace(summary, made_from=""))
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def agrees(recorded: Summary, rebuilt: Summary) -> bool:
    """Whether a summary says what the rows say, whichever evalsite wrote it."""
    recorded, rebuilt = replace(recorded, made_from=""), replace(rebuilt, made_from="")
    if recorded.format == 1:  # which counted times per token that were not the samples' own
        rebuilt = replace(rebuilt, format=1, token_s=recorded.token_s, tokens_per_s=recorded.tokens_per_s)
    if "excluded" not in (recorded.untimed or {}):  # which some did not tell apart yet
        rebuilt = replace(rebuilt, untimed=_as_told(recorded.untimed, rebuilt.untimed))
    return _agree(to_builtins(recorded), to_builtins(rebuilt))


def _as_told(recorded: Mapping[str, int] | None, rebuilt: Mapping[str, int] | None) -> dict[str, int] | None:
    """Samples without a time, those of excluded problems among the others, where as many were recorded."""
    same = recorded is not None and rebuilt is not None and sum(recorded.values()) == sum(rebuilt.values())
    told = recorded if same else rebuilt
    return None if told is None else dict(told)


def _agree(recorded: object, rebuilt: object) -> bool:
    """Compare what a file records with what its rows give, both as plain values.

    Floats need to agree within rounding only: a sum depends on the order in which it is taken.
    """
    if isinstance(recorded, dict) and isinstance(rebuilt, dict):
        return recorded.keys() == rebuilt.keys() and all(
            (key in NEWER and value is None) or _agree(value, rebuilt[key]) for key, value in recorded.items()
        )
    if isinstance(recorded, list | tuple) and isinstance(rebuilt, list | tuple):
        return len(recorded) == len(rebuilt) and all(map(_agree, recorded, rebuilt))
    if isinstance(recorded, float) and isinstance(rebuilt, float):
        return math.isclose(recorded, rebuilt, rel_tol=1e-9, abs_tol=1e-12)
    return recorded == rebuilt


def summarize(
    run: Run,
    problems: Iterable[Problem],
    completions: Iterable[Completion],
    verdicts: Iterable[Verdict],
) -> Summary:
    """Count a run's verdicts and measure its completions.

    A run expects ``run.num_samples`` of every problem; what is not there is ``missing``. Of an imported run
    that is the most that its file holds of any: who left out failures would else look the better. Problems
    that are excluded from scores have a tally, and count in nothing else.
    """
    by_id = {problem.task_id: problem for problem in problems}
    excluded = run.grading.excluded if run.grading else {}
    graded = _Graded(excluded, groups={name: problem.group for name, problem in by_id.items()})
    for verdict in verdicts:
        graded.add(verdict)
    measured = Measured(together=may_share(run), excluded=excluded)
    loops = CountedLoops.of(run.settings)
    for completion in completions:
        measured.add(completion)
        loops.add(completion)
    tallies = tuple(graded.tally(task_id, run.num_samples) for task_id in by_id)
    scored = [tally for tally in tallies if tally.problem not in excluded]
    return Summary(
        run=run.id,
        tallies=tallies,
        verdicts={str(kind): graded.verdicts[kind] for kind in VerdictClass if graded.verdicts[kind]},
        exceptions=_most_first(graded.exceptions),
        missing_modules=_most_first(graded.missing_modules),
        rules=_most_first(graded.rules),
        calls=graded.calls.counts(),
        edits=graded.edits.counts(),
        symptoms=graded.symptoms.counts(),
        ended_loops=loops.counts(),
        agent=graded.agents.counts(),
        in_process=graded.in_process or None,
        pass_at=_pass_at(scored),
        pass_at_parts=_pass_at_parts(scored, by_id),
        execution_s=distribution(graded.execution_s),
        latency_s=distribution(measured.latency_s),
        first_token_s=distribution(measured.first_token_s),
        token_s=distribution(measured.token_s),
        untimed=dict(sorted(measured.untimed.items())),
        prompt_tokens=measured.prompt_tokens,
        completion_tokens=measured.completion_tokens,
        tokens_from=measured.tokens_from(),
        answered_by=measured.answered_by(),
        tokens_per_s=measured.tokens_per_s(),
    )


def _pass_at_parts(tallies: Sequence[Tally], problems: Mapping[str, Problem]) -> dict[str, dict[str, float]]:
    """Each part that all problems have, in their order."""
    parts = [problems[tally.problem].parts for tally in tallies]
    common = [part for part in (parts[0] if parts else ()) if all(part in each for each in parts)]
    return {part: _pass_at([replace(each, c=each.parts.get(part, 0)) for each in tallies]) for part in common}


def _most_first(counted: Counter[str]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _pass_at(tallies: Sequence[Tally]) -> dict[str, float]:
    n = np.array([tally.n for tally in tallies], dtype=np.int64)
    c = np.array([tally.c for tally in tallies], dtype=np.int64)
    most = min((tally.n for tally in tallies), default=0)
    return {str(k): float(pass_at_k(n, c, k).mean()) for k in SHOWN_KS if k <= most}


@dataclass
class _Graded:
    """Running counts over verdicts."""

    excluded: Container[str]
    """Problems whose verdicts are only counted by problem."""
    groups: Mapping[str, str]
    """Problem -> its group."""
    verdicts: Counter[VerdictClass] = field(default_factory=Counter)
    exceptions: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    missing_modules: Counter[str] = field(default_factory=Counter)
    in_process: int = 0
    calls: CountedCalls = field(default_factory=CountedCalls)
    edits: CountedEdits = field(default_factory=CountedEdits)
    symptoms: CountedSymptoms = field(default_factory=CountedSymptoms)
    agents: CountedAgents = field(default_factory=CountedAgents)
    execution_s: ByProblem = field(default_factory=lambda: defaultdict(list))
    by_problem: dict[str, Counter[VerdictClass]] = field(default_factory=lambda: defaultdict(Counter))
    by_part: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, verdict: Verdict) -> None:
        self.by_problem[verdict.problem][verdict.verdict] += 1
        if verdict.parts:
            self.by_part[verdict.problem].update(set(verdict.parts))
        self.execution_s[verdict.problem].append(verdict.wall_s)
        self.calls.add_to_tally(verdict)
        self.edits.add_to_tally(verdict)
        self.symptoms.add_to_tally(verdict)
        if verdict.problem in self.excluded:
            return
        self.verdicts[verdict.verdict] += 1
        self.edits.add(verdict)
        self.agents.add(verdict)
        self.calls.add(verdict, self.groups.get(verdict.problem, ""))
        self.symptoms.add(verdict)
        self.in_process += verdict.in_process
        if verdict.verdict is VerdictClass.RUNTIME_ERROR and verdict.exception:
            self.exceptions[verdict.exception] += 1
        if verdict.module:
            self.missing_modules[verdict.module] += 1
        if verdict.rule:
            self.rules[verdict.rule] += 1

    def tally(self, problem: str, expected: int) -> Tally:
        found = self.by_problem.get(problem, Counter())
        n = found.total()
        passed = found[VerdictClass.PASSED]
        return Tally(
            problem=problem,
            n=n,
            c=passed,
            parts=dict(self.by_part.get(problem, {})),
            missing=max(0, expected - n),
            failures={
                str(kind): found[kind]
                for kind in VerdictClass
                if found[kind] and kind is not VerdictClass.PASSED
            },
            calls=self.calls.tallies.get(problem, UNSET),
            edits=self.edits.tallies.get(problem, UNSET),
            symptoms=self.symptoms.tally(problem),
            execution_s=math.fsum(self.execution_s[problem]) / n if n else 0.0,
        )
