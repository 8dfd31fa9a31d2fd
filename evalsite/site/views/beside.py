"""One problem in two runs: the two programs beside each other, with the verdict and the error of each."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from evalsite.counts.loaded import LoadedRun
from evalsite.kinds import kind_of
from evalsite.kinds.editing import readable
from evalsite.languages import language_of
from evalsite.languages.base import Language
from evalsite.rundir.schema import Completion, Problem, Verdict
from evalsite.site.code.folding import of_prompt
from evalsite.site.code.highlighting import Line, numbered, plain_lines
from evalsite.site.subjects.samples import Glance
from evalsite.site.urls import Urls
from evalsite.site.views.marks import Mark, verdict_mark
from evalsite.site.views.trouble import RawAnswer, Trouble, raw_answer, trouble_of
from evalsite.words.sentences import count, passes
from evalsite.words.text import shared_beginning

PASSED, FAILED = Mark("good", "✓", "passed"), Mark("bad", "✗", "failed")
CONTEXT = 3
"""Lines shown before and after a difference; the others that both programs share are folded."""


@dataclass(frozen=True)
class Chip:
    """A sample to choose; ``path`` leads to it."""

    number: int
    path: str
    mark: Mark


@dataclass(frozen=True)
class BesideSide:
    """One of the two samples."""

    role: str
    """``baseline`` or ``candidate``: its colour and its column."""
    name: str
    """What its run is called."""
    path: str
    """Its place on the problem's page in its run."""
    sample: int
    passed: str
    """How many samples of the problem passed in this run, in words."""
    mark: Mark
    trouble: Trouble
    blank: bool
    """Whether there is no program to show."""
    raw: RawAnswer | None
    """Of a sample without a program, if its answer was kept."""
    chips: tuple[Chip, ...]
    """Every sample of the problem that the run's pages show."""


@dataclass(frozen=True)
class Stretch:
    """Lines that both programs share (``same``), that stand in each other's place, or that are each one's own
    (``prompt``), which is the prompt where one program alone says it, or both in other places.
    """

    kind: Literal["same", "changed", "prompt"]
    base: tuple[Line, ...]
    candidate: tuple[Line, ...]
    folded: str = ""
    """What is folded away, in words; empty for lines that are shown."""
    note: str = ""
    """Of what differs first: where."""


@dataclass(frozen=True)
class Beside:
    """Two samples of one problem."""

    sides: tuple[BesideSide, BesideSide]
    stretches: tuple[Stretch, ...]
    same: bool
    """Whether both are the same program."""


@dataclass(frozen=True)
class Contender:
    """One of the two samples, as it is chosen."""

    entry: LoadedRun
    glance: Glance
    verdict: Verdict
    completion: Completion | None = None
    """Its answer, where it holds no program and was kept."""


def beside(
    base: Contender, candidate: Contender, problem: Problem, urls: Urls, names: tuple[str, str]
) -> Beside:
    """Put two samples of one problem beside each other; ``names``: what their runs are called."""
    language = language_of(problem)
    base, candidate = (
        replace(one, verdict=readable(one.verdict, language.comment)) for one in (base, candidate)
    )
    program = base.verdict.program.strip()
    return Beside(
        sides=(
            _side("baseline", names[0], base, language, urls),
            _side("candidate", names[1], candidate, language, urls),
        ),
        stretches=stretches(base.verdict, candidate.verdict, language, prompt_lines(problem)),
        same=bool(program) and program == candidate.verdict.program.strip(),
    )


def sample_path(contender: Contender, urls: Urls) -> str:
    """Return the path of the sample, or of its problem's page where that leaves this sample out."""
    number = contender.verdict.sample
    shown = number in contender.glance.shown
    return urls.problem_in_run(contender.entry.id, contender.verdict.problem, number if shown else None)


def prompt_lines(problem: Problem) -> list[str]:
    """A problem's prompt as its programs may begin with it; nothing where it is no code."""
    return plain_lines(problem.prompt, language_of(problem)) if kind_of(problem).prompt_is_code else []


def _side(role: str, name: str, contender: Contender, language: Language, urls: Urls) -> BesideSide:
    verdict, entry, glance = contender.verdict, contender.entry, contender.glance
    blank, completion = not verdict.program.strip(), contender.completion
    return BesideSide(
        role=role,
        name=name,
        path=sample_path(contender, urls),
        sample=verdict.sample,
        passed=passes(contender.glance.passes, contender.glance.count),
        mark=verdict_mark(verdict.verdict),
        trouble=trouble_of(verdict, language, len(plain_lines(verdict.program, language))),
        blank=blank,
        raw=raw_answer(completion) if blank and completion else None,
        chips=tuple(
            Chip(
                one.number,
                urls.problem_in_run(entry.id, verdict.problem, one.number),
                PASSED if one.passed else FAILED,
            )
            for one in sorted(glance.outcomes, key=lambda one: one.number)
            if one.number in glance.shown
        ),
    )


MOST_PAIRS = 1_000_000
"""Of lines that are held against each other: what a pair of programs may cost grows faster than their
lengths.
"""


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if len(old) * len(new) > MOST_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def stretches(
    base: Verdict, candidate: Verdict, language: Language, prompt: Sequence[str] = ()
) -> tuple[Stretch, ...]:
    """Line up two programs, without the lines that are the prompt's. A blank program has no lines."""
    (left, old, asked), (right, new, other) = (_own(one, language, prompt) for one in (base, candidate))
    found: list[Stretch] = []
    if asked or other:
        kind: Literal["same", "prompt"] = "same" if _numbers(asked) == _numbers(other) else "prompt"
        found.append(Stretch(kind, asked, other, folded=_of_prompt(len(asked), len(other))))
    for tag, i1, i2, j1, j2 in _opcodes(old, new):
        if tag == "equal":
            head, tail = CONTEXT if i1 else 0, CONTEXT if i2 < len(left) else 0
            found += _shared(left[i1:i2], right[j1:j2], head, tail)
        else:
            first = all(one.kind != "changed" for one in found)
            line = left[i1].number if i1 < len(left) else left[-1].number + 1 if left else 1
            note = _parting(line, old[i1:i2], new[j1:j2]) if first and old and new else ""
            found.append(Stretch("changed", left[i1:i2], right[j1:j2], note=note))
    return tuple(found)


def _numbers(lines: Sequence[Line]) -> list[int]:
    return [line.number for line in lines]


def _own(
    verdict: Verdict, language: Language, prompt: Sequence[str]
) -> tuple[tuple[Line, ...], list[str], tuple[Line, ...]]:
    """The lines of a program that are not its prompt's, highlighted and as text, and those that are.

    A line that failed is its own.
    """
    if not verdict.program.strip():
        return (), [], ()
    lines, plain = numbered(verdict.program, language, verdict.line), plain_lines(verdict.program, language)
    asked = of_prompt(plain, prompt) - {line.number - 1 for line in lines if line.failed}
    own = [at for at in range(len(lines)) if at not in asked]
    return tuple(lines[at] for at in own), [plain[at] for at in own], tuple(lines[at] for at in sorted(asked))


def _of_prompt(base: int, candidate: int) -> str:
    """Say how many lines of each program are the prompt's, and so are folded away."""
    if base == candidate:
        return f"{count(base, 'line')} of the prompt in both"
    said = [(base, "baseline"), (candidate, "candidate")]
    return " and ".join(
        f"{count(number, 'line')} of the prompt in the {side}'s program" for number, side in said if number
    )


def _parting(line: int, old: Sequence[str], new: Sequence[str]) -> str:
    """Say where two programs part first: in the baseline's at a line, from which on come those of each."""
    alike = shared_beginning(old[0], new[0]) if old and new else 0
    return f"They part here: line {line}, character {alike + 1} of the baseline's program"


def _shared(left: Sequence[Line], right: Sequence[Line], head: int, tail: int) -> Iterator[Stretch]:
    """Shared lines; of a long stretch ``head`` and ``tail`` are left, unless a program failed in it."""
    end = len(left) - tail
    if end - head < 2 or any(line.failed for line in (*left, *right)):
        yield Stretch("same", tuple(left), tuple(right))
        return
    if head:
        yield Stretch("same", tuple(left[:head]), tuple(right[:head]))
    folded = count(end - head, "line") + " that both share"
    yield Stretch("same", tuple(left[head:end]), tuple(right[head:end]), folded=folded)
    if tail:
        yield Stretch("same", tuple(left[end:]), tuple(right[end:]))
