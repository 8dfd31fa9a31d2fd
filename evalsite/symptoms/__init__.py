"""Completion -> Symptoms: what can be told of an answer as a text. Pure: rules with names, and a version.

Nothing is run, and no model is asked. A rule is deterministic, takes linear time, and looks at one answer
with its problem and the program that was found in it. docs/symptoms.md tells the rules at length.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from evalsite.extraction.thoughts import without_thinking
from evalsite.kinds import kind_of
from evalsite.languages import language_of
from evalsite.languages.base import Language
from evalsite.languages.reading import Unread, UnreadableError
from evalsite.rundir.asked import CUT_OFF
from evalsite.rundir.schema import Completion, Problem, Program
from evalsite.rundir.symptoms import Symptom, Symptoms
from evalsite.symptoms import code, sayings, speech
from evalsite.words.loops import Loop, find_loop

SYMPTOMS_VERSION = "1"
"""Counts up with every change that can find others in the same answer."""

_NO_CODE = ("no-code", "broken", "no-call", "unwanted-call")
"""Rules of extraction that found no code, or what only looks most like it."""
_NO_PROGRAM = ("prediction", "exercise")
"""Titles of kinds whose answers are no program by themselves."""


def find_symptoms(problem: Problem, completion: Completion, program: Program) -> Symptoms:
    """Return the symptoms of an answer; ``program`` is what was found in it."""
    answer = _Answer(problem, completion, program)
    with answer.language.reading.bounded(whatever=False):
        found = set(_of_text(answer))
        with suppress(UnreadableError, RecursionError):  # nobody reads such code, and nothing is known of it
            found |= set(_of_code(answer, found)) if answer.wants_code else set()
    return Symptoms(
        version=SYMPTOMS_VERSION,
        names=tuple(str(each) for each in Symptom if each in found),
        period=answer.loop.period if answer.loop else None,
        began=answer.loop.began if answer.loop else None,
    )


@dataclass(frozen=True)
class _Answer:
    problem: Problem
    completion: Completion
    program: Program

    @property
    def language(self) -> Language:
        return language_of(self.problem)

    @property
    def wants_code(self) -> bool:
        """Whether a program is asked for, and not calls, a value, files or edits of them."""
        kind = kind_of(self.problem)
        return kind.runs and kind.title not in _NO_PROGRAM and not self.problem.edit_format

    @property
    def everything(self) -> str:
        """The text; thoughts where there is nothing else."""
        text = self.completion.text
        return text if text.strip() else self.completion.reasoning

    @cached_property
    def loop(self) -> Loop | None:
        """The loop that it ends in."""
        return find_loop(self.everything)

    @property
    def once(self) -> str:
        """Everything, up to where it is said for the second time."""
        return self.everything[: self.loop.began + self.loop.period] if self.loop else self.everything

    @property
    def is_chat(self) -> bool:
        """Whether code has to be looked for in it."""
        return self.completion.form == "response"

    @cached_property
    def said(self) -> str:
        """The text without its thoughts."""
        text, reading = self.completion.text, self.language.reading
        if not self.is_chat:
            return text
        try:
            return without_thinking(text, reading)
        except (UnreadableError, RecursionError):
            return without_thinking(text, Unread(reading))

    @property
    def code(self) -> tuple[str, bool]:
        """Its code as it stands there, up to its end, and whether the answer itself says where that is."""
        if not self.is_chat:
            return self.program.source, False
        opened = code.left_open(self.said)
        if self.language.reading.defining.search(opened):
            return opened, False
        return self.program.source, "```" in self.said

    @cached_property
    def shows_code(self) -> bool:
        """Whether there are lines of code, be they sound or not."""
        text = self.completion.text
        return "```" in text or code.defines_something(text) or self.has_program

    @cached_property
    def has_program(self) -> bool:
        """Whether there is code that the language accepts."""
        source = self.program.source
        if not source.strip() or self.program.rule.startswith(_NO_CODE):
            return False
        return len(source) <= code.LONGEST and self.language.reading.compiles(source)


def _of_text(answer: _Answer) -> Iterator[Symptom]:
    if answer.loop:
        yield Symptom.LOOP
    if sayings.only_thinks(answer.completion, answer.said):
        yield Symptom.REASONING_ONLY
    if sayings.leaks_markup(answer.said):
        yield Symptom.LEAKED_MARKUP
    with suppress(UnreadableError, RecursionError):
        if not answer.has_program and speech.is_gibberish(answer.once, holds_code=answer.shows_code):
            yield Symptom.GIBBERISH


def _of_code(answer: _Answer, found: set[Symptom]) -> Iterator[Symptom]:
    problem = answer.problem
    if code.copies_tests(answer.completion.text, problem):
        yield Symptom.TEST_COPIED
    if found & {Symptom.GIBBERISH, Symptom.REASONING_ONLY}:
        return
    if not answer.has_program and code.in_another_language(answer.said, answer.language):
        yield Symptom.OTHER_LANGUAGE
        return
    source, closed = answer.code
    unfinished = code.ends_within(source, problem, answer.language, closed=closed)
    if unfinished and answer.completion.finish_reason not in CUT_OFF:
        yield Symptom.STOPPED_EARLY
    again = source if unfinished and answer.is_chat else answer.said
    if (unfinished or not answer.has_program) and code.says_prompt_again(again, problem):
        yield Symptom.REPEATS_PROMPT
    elif not (unfinished or answer.shows_code or Symptom.LEAKED_MARKUP in found) and answer.said.strip():
        if sayings.declines(answer.said):
            yield Symptom.REFUSAL
        elif speech.is_prose(answer.said):
            yield Symptom.PROSE_ONLY
