"""Finds the code of a scanned language in an answer, and makes a program of it."""

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import ClassVar

from evalsite.languages.reading import Reading
from evalsite.languages.scanned import code, repairs
from evalsite.languages.scanned.assembling import Context, examples, hoisted, with_prelude, without, written
from evalsite.languages.scanned.code import Read, ScannedCode
from evalsite.languages.scanned.items import Grammar, Item
from evalsite.languages.scanned.methods import Method
from evalsite.languages.scanned.scanner import Token

MOST_OPEN = 3
"""Brackets of a function's head that its body may leave open."""


def on_a_line(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """A pattern whose blanks are none that end a line: of what begins one, nothing stands on the next."""
    return re.compile(pattern.replace(r"\s", r"[ \t]"), flags)


class ScannedReading(Reading):
    """By the brackets of the language, and by what its items begin with."""

    grammar: ClassVar[Grammar]
    comment: ClassVar[str] = "//"
    """What a line begins with that is not to be run."""
    body_marks: ClassVar[re.Pattern[str]] = re.compile(r"\breturn\b|[;}][ \t]*$", re.MULTILINE)
    """Matches in what may be the body of a function."""
    closing: ClassVar[str] = "}"
    """What closes a function that was left open."""
    speaking: ClassVar[frozenset[str]] = frozenset()
    """Words of statements that only print or assert."""
    holds_nameless: ClassVar[bool] = False
    """Whether what holds methods can be called though it declares no name, as Rust's ``impl`` can."""
    rules: ClassVar[Mapping[str, str]] = {
        "own-main": "a main function and tests of the model's own became comments: the problem brings such",
        "cut-behind": "what followed the function's end did not compile, or was in the way of the tests",
        "closed": "the brackets that the prompt had opened were closed, where only these were left open",
        "method": "a function calls the method of its name, where a class holds what the tests call",
        **repairs.RULES,
    }

    def bounded(self, *, whatever: bool) -> AbstractContextManager[None]:
        """By what scanning costs, which is the same for any source."""
        return code.bounded()

    def read(self, source: str) -> Read:
        """Return source with its items."""
        return code.read(source, self.grammar)

    def parse(self, source: str) -> ScannedCode | None:
        """All brackets, texts and comments are closed, and every item begins and ends as code does."""
        found = self.read(source)
        return ScannedCode(self.grammar, found.items) if found.is_whole and found.items else None

    def leaves_text_open(self, source: str) -> bool:
        """Such as a template literal or a comment."""
        return self.read(source).found.in_text

    def repair(self, source: str) -> tuple[str, tuple[str, ...]]:
        """What a page or a server did to it; indentation means nothing."""
        return repairs.repair(source, self.compiles)

    def last_complete(self, source: str, *, ended: bool = False) -> str:
        """Of top-level items."""
        end = 0
        items = self.read(source).items
        for item in items:
            if not item.complete or item.role == "prose":
                break
            if not ended and item is items[-1] and source[item.end - 1] not in ";}":
                break
            end = item.end
        return source[:end] + "\n" if end else ""

    def asked(self, context: str, entry_point: str) -> str:
        """As the prompt calls the function that it leaves open: some data sets give it another name."""
        return self.context(context).function or entry_point

    def context(self, source: str) -> Context:
        """What a prompt shows."""
        found = self.read(source)
        last = found.items[-1] if found.items else None
        return Context.of(found, self.opened(last) if last is not None and not last.complete else "")

    def opened(self, item: Item) -> str:
        """The function that an item leaves open at its end."""
        return item.names[0] if item.role == "function" and item.names else ""

    def known_from(self, context: str, entry_point: str) -> frozenset[str]:
        """Imports, helpers, constants."""
        return frozenset(name for item in self.context(context).items for name in item.names)

    def as_body(self, head: str, source: str) -> str | None:
        """Code that stands within a function, whose own end it may leave out."""
        raw = source.strip("\n")
        found = self.read(head).found
        opened = found.opened
        if not self.body_marks.search(raw) or found.fault is not None or not 0 < len(opened) <= MOST_OPEN:
            return None
        whole = f"{head}{raw}\n"
        left = self._left(whole, opened)
        own = [token for token in self.read(whole).tokens if token.start >= len(head)]
        if left is None or code.reads_as_prose(own) or code.defines_anew(own, self.asked(head, "")):
            return None
        whole += f"{self.closing}\n" * left
        return whole if self.compiles(whole) else None

    def _left(self, whole: str, opened: Sequence[Token]) -> int | None:
        """How many of the brackets that a head opened are open still; None where others are, too."""
        left = self.read(whole).found.opened
        return len(left) if left == list(opened[: len(left)]) else None

    def behind(self, prompt: str, text: str, entry_point: str) -> tuple[str, str]:
        """What continues the prompt, up to the function's end where the rest is no code or in the way."""
        name = self.asked(prompt, entry_point)
        repeated = self.parse(text)
        if repeated is not None and repeated.defines(name):
            program, rules = self.complete(text, prompt, name)
            return program, "+".join(("repeats-prompt", *rules))
        whole, cut = self._up_to_its_end(prompt, text, name)
        program, rules = self.complete(whole, "", name)
        return program, "+".join(("continues-prompt", *cut, *rules))

    def _up_to_its_end(self, prompt: str, text: str, name: str) -> tuple[str, tuple[str, ...]]:
        whole = prompt + text
        opened = self.read(prompt).found.opened
        if not opened or (self.compiles(whole) and not self._binds_twice(whole)):
            return whole, ()
        if (left := self._left(whole, opened)) and self.body_marks.search(text):
            return f"{whole.rstrip()}\n" + f"{self.closing}\n" * left, ("closed",)
        end = 0
        bound: set[str] = set()
        for item in self.read(whole).items:
            if not item.complete or item.role == "prose" or bound.intersection(item.names):
                break
            bound.update(item.names)
            end = item.end
        return (f"{whole[:end]}\n", ("cut-behind",)) if end > len(prompt) else (whole, ())

    def _binds_twice(self, source: str) -> bool:
        names = [name for item in self.read(source).items for name in item.names if item.role != "import"]
        return len(names) > len(set(names))

    def complete(self, source: str, context: str, entry_point: str) -> tuple[str, tuple[str, ...]]:
        """A main function and tests of its own are set aside, and so are example calls; what the prompt holds
        comes before it.
        """
        found = self.read(source)
        if not found.is_whole:
            return source, ()
        shown = self.context(context)
        asked = shown.function or entry_point
        aside = self.in_the_way(found, asked)
        tried = examples(found.items, asked, self.speaking) if self.speaking else []
        rules = ("own-main",) * bool(aside) + ("examples",) * bool(tried)
        quiet = without(found, sorted((*aside, *tried), key=lambda item: item.start), self.comment)
        whole = with_prelude(quiet, self.read(quiet).items, shown, asked, self.needed)
        whole, called = self._with_function(whole, shown, asked)
        finished, more = self.finished(whole, shown, asked)
        return finished, (*rules, *called, *more)

    def _with_function(self, source: str, context: Context, asked: str) -> tuple[str, tuple[str, ...]]:
        """Source with a function that calls the method of that name, where there is only that."""
        items = self.read(source).items
        if any(asked in item.names for item in items):
            return source, ()
        for item in items:
            if (item.names or self.holds_nameless) and (method := self.grammar.methods(item).get(asked)):
                text = self.calling(item, method, context)
                whole = f"{source[: item.end]}\n{text}\n{source[item.end :]}"
                return (whole, ("method",)) if text else (source, ())
        return source, ()

    def calling(self, item: Item, method: Method, context: Context) -> str:
        """A function that calls a method; empty where tests call methods, or that cannot be told."""
        return ""

    def in_the_way(self, found: Read, asked: str) -> list[Item]:
        """Items of a program that its tests bring themselves."""
        return [item for item in found.items if item.role in ("main", "tests") and asked not in item.names]

    def finished(self, source: str, context: Context, asked: str) -> tuple[str, tuple[str, ...]]:
        """What the language wants besides, and the rules for it."""
        return source, ()

    def needed(self, item: Item, items: Sequence[Item]) -> str:
        """The import of the prompt's, unless the program has the same."""
        text = written(item)
        same = any(text.replace(" ", "") == written(each).replace(" ", "") for each in items)
        return "" if same else text

    def joined(self, sources: Sequence[str]) -> str:
        """Imports come first, each once."""
        return hoisted([self.read(source) for source in sources])

    def with_helpers(self, source: str, context: str, entry_point: str, tests: str) -> str:
        """A whole program is completed as one that was found."""
        return self.complete(source, context, entry_point)[0]
