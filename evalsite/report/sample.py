"""A sample in words, on pages and to paste: what went wrong, a line of Markdown, a block, a new issue."""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import UNSET

from evalsite.kinds.editing import readable
from evalsite.languages.base import Language
from evalsite.report.issues import Issue, issue_address
from evalsite.report.markup import code_block, code_span, link
from evalsite.rundir.schema import Run, Verdict
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.words.text import one_line, shorten, visible

MAX_ISSUE = 6000
"""Bytes of an issue's address, encoded. GitHub refuses from about 8,000 on, some mail programs earlier."""

MAX_BLOCK = 20_000
"""Characters of code, and of the error, in a block; GitHub takes comments of up to 65,536."""

MAX_HEADLINE = 200


@dataclass(frozen=True)
class Pasted:
    """What is told of one graded sample elsewhere: its verdict, its run, and where to see it."""

    verdict: Verdict
    run: Run
    language: Language
    url: str
    """Address of the sample's anchor on the published site; empty where there is none."""

    @property
    def made_by(self) -> str:
        """Model and data set."""
        return f"{self.run.model.name} on {self.run.dataset.name}"

    @property
    def cut(self) -> str:
        """What stands where code, or the error, is cut."""
        return f"\n{self.language.comment} [shortened: all of it stands behind the link]\n"


def sample_name(verdict: Verdict) -> str:
    """Return what a person would call the sample."""
    return f"{one_line(verdict.problem)}, sample {verdict.sample}"


def headline(verdict: Verdict) -> str:
    """Say in one line what went wrong, beside the verdict's class; empty for a pass.

    That is the exception with its message. A failed assertion is what the class says already.
    """
    if verdict.verdict is VerdictClass.PASSED:
        return ""
    message = " ".join(verdict.message.split())
    if verdict.exception and verdict.exception != "AssertionError":
        message = f"{verdict.exception}: {message}" if message else verdict.exception
    return shorten(message, MAX_HEADLINE)


def what_went_wrong(verdict: Verdict) -> str:
    """Return the headline or the test that failed, of an assertion both, in one line; empty for a pass."""
    if verdict.verdict is VerdictClass.PASSED:
        return ""
    told, failed = headline(verdict), shorten(" ".join(verdict.failed_test.split()), MAX_HEADLINE)
    if verdict.exception == "AssertionError" and told and failed:
        return f"{failed}: {told}"
    return told or failed


def as_line(sample: Pasted) -> str:
    """Return one line of Markdown: link, verdict, error, model."""
    error = code_span(what_went_wrong(sample.verdict))
    verdict = sample.verdict.verdict.words
    outcome = f"{verdict}, {error}" if error else verdict
    return f"{link(sample_name(sample.verdict), sample.url)}: {outcome} ({code_span(sample.made_by)})"


def as_block(sample: Pasted) -> str:
    """Return the line, and below it the code and the error, each in a fence that it cannot end."""
    program = readable(sample.verdict, sample.language.comment).program
    parts = [as_line(sample), code_block(_capped(program, sample.cut), sample.language.name)]
    if error := _error(sample.verdict):
        parts.append(code_block(_capped(error, sample.cut), "text"))
    return "\n\n".join(parts)


def as_pair(problem: str, change: str, pair: tuple[Pasted, Pasted]) -> str:
    """Return a block for a problem that two runs fare differently on; its link is the anchor ``#flip``."""
    head = f"{link(f'{one_line(problem)}: {change}', '#flip')} ({' against '.join(map(_model, pair[::-1]))})"
    sides = (
        f"**{side}**: {as_block(one)}" for side, one in zip(("baseline", "candidate"), pair, strict=True)
    )
    return "\n\n".join((head, *sides))


def _model(sample: Pasted) -> str:
    return code_span(sample.run.model.name)


def as_issue(sample: Pasted, repository_url: str, form: str = "") -> str:
    """Return the address of a new issue that is filled in already, of at most :data:`MAX_ISSUE` bytes.

    With ``form``, the name of an issue form, its fields are filled in, else title and body. What is too long
    is cut: the code first, then the error, then the title. The link is always whole.
    """
    verdict, word = sample.verdict, sample.verdict.verdict.words
    title = f"{one_line(verdict.problem)}: {word} ({sample.run.model.name}, sample {verdict.sample})"

    def address(code: str, error: str, title: str) -> str:
        issue = Issue(title, sample.url, visible(sample.made_by), word, code=code, error=error)
        blocks = [code_block(code, sample.language.name)] if code.strip() else []
        blocks += [code_block(error, "text")] if error else []
        body = "\n\n".join([sample.url, *blocks]) + "\n"
        return issue_address(repository_url, issue, form=form, body=body)

    code, error, title = visible(verdict.program), visible(_error(verdict)), visible(title)
    cut = sample.cut
    code = _shortened(code, cut, lambda text: address(text, error, title))
    error = _shortened(error, cut, lambda text: address(code, text, title))
    title = _shortened(title, cut, lambda text: address(code, error, text))
    return address(code, error, title)


def _capped(text: str, cut: str) -> str:
    return text if len(text) <= MAX_BLOCK else text[:MAX_BLOCK] + cut


def _shortened(text: str, cut: str, address: Callable[[str], str]) -> str:
    """Return the text, else the longest beginning whose address fits, with ``cut`` added; else nothing."""
    if len(text) <= MAX_ISSUE and len(address(text)) <= MAX_ISSUE:
        return text
    low, high = 0, min(len(text), MAX_ISSUE)  # a character takes a byte at least
    while low < high:
        middle = (low + high + 1) // 2
        if len(address(text[:middle] + cut)) <= MAX_ISSUE:
            low = middle
        else:
            high = middle - 1
    return text[:low] + cut if low else ""


def _error(verdict: Verdict) -> str:
    """The traceback, after what was expected of the call that failed, and what came, and the test where it
    does not show that; empty for a pass.
    """
    if verdict.verdict is VerdictClass.PASSED:
        return ""
    test, traceback = verdict.failed_test.strip(), verdict.traceback.rstrip() or headline(verdict)
    return "\n".join(
        part for part in (test if test not in traceback else "", _failing(verdict), traceback) if part
    )


def _failing(verdict: Verdict) -> str:
    failing = verdict.failing
    if failing is UNSET:
        return ""
    expected = f"expected: {failing.expected}\n" if failing.expected else ""
    return f"call: {failing.call}\n{expected}got: {failing.got}"
