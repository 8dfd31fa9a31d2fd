"""What went wrong with one sample: the test that failed, what was expected and what came, the traceback, and
the answer as it came where it holds no program.
"""

import re
from dataclasses import dataclass

from markupsafe import Markup
from msgspec import UNSET

from evalsite.languages.base import Language
from evalsite.report.sample import headline
from evalsite.rundir.answers import answer_text
from evalsite.rundir.failing import FailingCall
from evalsite.rundir.schema import Completion, Verdict
from evalsite.site.code.highlighting import highlight
from evalsite.words.sentences import count
from evalsite.words.text import shorten

MAX_TEXT = 20_000
"""Raw answers, outputs and tracebacks are shown up to this length."""
HEAD, TAIL = 800, 500
"""Characters of an answer without a program that are shown of its beginning, and of its end."""


@dataclass(frozen=True)
class TraceLine:
    """A line of a traceback; ``line`` is the program's line it speaks of, for a link, or None."""

    before: str
    link: str
    after: str
    line: int | None


@dataclass(frozen=True)
class Trouble:
    """Why a sample failed; all empty for a pass."""

    headline: str
    """The exception with its message, in one line."""
    failed_test: tuple[Markup, ...]
    """The failing assertion."""
    failing: FailingCall | None
    trace: tuple[TraceLine, ...]


@dataclass(frozen=True)
class RawAnswer:
    """An answer that holds no program: how long it is, how it begins, and how it ends."""

    told: str
    head: str
    tail: str
    """Empty where ``head`` is all of it."""


def trouble_of(verdict: Verdict, language: Language, num_lines: int) -> Trouble:
    """Say why a sample failed, whose program is shown in so many lines. What a call gave is said once."""
    failing = verdict.failing if verdict.failing is not UNSET else None
    told, failed_test = headline(verdict), verdict.failed_test.strip()
    if failing and told.startswith("the last call "):
        told = ""
    return Trouble(
        headline=told,
        failed_test=highlight(failed_test, language) if failed_test else (),
        failing=failing,
        trace=_trace(verdict.traceback, language.failures.trace_line, num_lines),
    )


def _trace(traceback: str, frame: re.Pattern[str] | None, num_lines: int) -> tuple[TraceLine, ...]:
    """Split a traceback into lines; those that speak of one of the program's lines lead to it."""
    if not traceback.strip():
        return ()
    lines = []
    for text in shorten(traceback.rstrip("\n"), MAX_TEXT).split("\n"):
        match = frame.search(text) if frame else None
        if match is None or int(match.group(1)) not in range(1, num_lines + 1):
            lines.append(TraceLine(text, "", "", None))
        else:
            start, end = match.span()
            lines.append(TraceLine(text[:start], match.group(), text[end:], int(match.group(1))))
    return tuple(lines)


def raw_answer(completion: Completion) -> RawAnswer:
    """Show an answer that holds no program."""
    text = answer_text(completion).strip()
    told = [f"{len(text):,} characters"]
    if completion.completion_tokens is not None:
        told.append(count(completion.completion_tokens, "token"))
    if completion.finish_reason:
        told.append(f"finish: {completion.finish_reason}")
    whole = len(text) <= HEAD + TAIL
    head, tail = (text, "") if whole else (text[:HEAD], text[-TAIL:])
    return RawAnswer(", ".join(told), head, tail)
