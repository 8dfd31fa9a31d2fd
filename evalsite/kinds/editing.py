"""Prompt styles that ask for edits, and how an answer to one is read back."""

import re
from collections.abc import Mapping

import msgspec
from msgspec import UNSET, UnsetType, structs

from evalsite.edits.applying import EditError
from evalsite.edits.asking import ToEdit
from evalsite.edits.exercise import Files, decode_files
from evalsite.edits.formats import FORMATS, guess_format, read_edit
from evalsite.kinds.judging import CALLED_INSTEAD, Found
from evalsite.languages.failures import PROGRAM, TESTS
from evalsite.rundir.edits import EditVerdict
from evalsite.rundir.schema import Problem, Program, Verdict
from evalsite.rundir.taxonomy import VerdictClass

STYLES: Mapping[str, str] = {f"edit-{name}-v1": name for name in FORMATS}
"""Prompt style -> the format of edits that it asks for."""

READ_AS: Mapping[str, str] = {name: f"edit-{name}" for name in FORMATS}
"""Format -> the rule by which an edit of it was found."""
NO_EDIT_BY: Mapping[str, VerdictClass] = {
    verdict.value.replace("_", "-"): verdict
    for verdict in (
        VerdictClass.NO_EDIT,
        VerdictClass.MALFORMED_EDIT,
        VerdictClass.WRONG_FILE,
        VerdictClass.EDIT_DOES_NOT_APPLY,
        VerdictClass.UNWANTED_CALL,
    )
}
"""Rule of an answer that comes to nothing -> its verdict."""
UNREAD = frozenset({"no-edit", "malformed-edit", CALLED_INSTEAD})
"""Those of them whose answers are no edit in their format."""


def found_edit(text: str, name: str, problem: ToEdit) -> tuple[Found, Files]:
    """What an answer makes of the files: the rule, and the files; or why it comes to nothing, and no file.

    An answer of which nobody knows what was asked for is read as what it looks like.
    """
    name = name or guess_format(text)
    try:
        files = read_edit(text, name, problem.files, problem.given)
    except EditError as error:
        return Found("", error.verdict.value.replace("_", "-"), error.message), {}
    return Found("", READ_AS[name]), files


def edit_of(program: Program, problem: Problem) -> EditVerdict | UnsetType:
    """What is known of the edit that a program was made by; nothing where none was asked for."""
    if not problem.edit_format:
        return UNSET
    return EditVerdict(
        format=problem.edit_format,
        well_formed=program.rule not in UNREAD,
        applied=program.rule not in NO_EDIT_BY,
    )


def readable(verdict: Verdict, comment: str) -> Verdict:
    """A verdict whose program, where it is files, is one text for people: each behind its path in a comment.

    Lines of a failure are told where there is one file alone.
    """
    if verdict.rule not in READ_AS.values() and not verdict.agent:
        return verdict
    try:
        files = decode_files(verdict.program)
    except msgspec.DecodeError:  # the one file of a problem to be repaired
        return verdict
    line = verdict.line if len(files) == 1 else None
    return structs.replace(verdict, program=joined(files, comment), line=line)


def joined(files: Files, comment: str) -> str:
    """Files as one text; of a single one its own."""
    if len(files) == 1:
        return next(iter(files.values()))
    return "\n".join(f"{comment} {path}\n{text}" for path, text in files.items())


MOST_SAID = 6_000
"""Characters of what the tests told that go back to the model: of more, the beginning and the end."""


_OURS = re.compile(r"^  File [^\n]*\n    python_files\.run[^\n]*\n", re.MULTILINE)
"""The frame of a traceback that has tests run."""


def say_what_came(verdict: Verdict, shown: ToEdit) -> str:
    """What a model is told of its edit, before its second turn."""
    same = "Answer with an edit in the same format as before."
    if verdict.rule in NO_EDIT_BY:
        return f"That changed nothing: {verdict.message}. The files are as they were. {same}"
    told = told_of_tests(verdict, shown.files)
    fence = "```"
    while fence in told:
        fence += "`"
    return (
        f"The files are now as you changed them, and the tests fail ({verdict.verdict.words}):\n\n"
        f"{fence}\n{told}\n{fence}\n\nFix the code. Edits apply to the files as they are now. {same}"
    )


def told_of_tests(verdict: Verdict, files: Files) -> str:
    """What tests say of files that do not pass, as somebody who runs them sees it."""
    told = _OURS.sub("", verdict.traceback) or verdict.message
    output = verdict.output.strip()
    if output and output not in told:
        told = f"{told}\n\nOutput:\n{output}"
    if len(files) == 1:
        path = next(iter(files))
        told = told.replace(PROGRAM, path).replace("'program' (unknown location)", repr(path))
    told = told.replace(TESTS, "the tests").strip() or verdict.verdict.words
    if len(told) > MOST_SAID:
        told = f"{told[: MOST_SAID // 2]}\n[left out]\n{told[-MOST_SAID // 2 :]}"
    return told
