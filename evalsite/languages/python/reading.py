"""Finds Python in an answer, and makes a program of it."""

import ast
import re
import textwrap
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from evalsite.languages import limited
from evalsite.languages.python import code, examples, own_files, repairs, syntax
from evalsite.languages.python.shapes import shape_of
from evalsite.languages.python.tame import is_tame
from evalsite.languages.reading import Reading
from evalsite.languages.repairs import RULES

_RETURNS = re.compile(r"(?m)^[ \t]*(?:return|yield)\b")


def compile_whatever(source: bytes) -> bytes:
    """Compile source in a process that can be lost."""
    with syntax.bounded(whatever=True):
        code.compiles(source.decode("utf-8", "surrogatepass"))
    return b""


_COMPILE = f"{__name__}:{compile_whatever.__name__}"


@dataclass(frozen=True)
class PythonCode:
    """Python that compiles."""

    tree: ast.Module

    @cached_property
    def binds(self) -> frozenset[str]:
        """Names bound at the top level, within branches and loops too."""
        return frozenset(code.bound_names(self.tree.body))

    @cached_property
    def lacks(self) -> frozenset[str]:
        """Names that are read but nowhere bound, as argument, variable or import."""
        return frozenset(code.missing_names(self.tree))

    @cached_property
    def defined(self) -> frozenset[str]:
        """Functions, classes and variables at the top level."""
        return frozenset(own_files.defined_names(self.tree))

    @cached_property
    def borrows(self) -> bool:
        """Whether it imports what is neither standard nor a known package."""
        return bool(own_files.own_imports(self.tree))

    def defines(self, name: str) -> bool:
        """Whether the module binds the name; for an empty name, whether it defines any function."""
        return code.defines(self.tree, name)

    def is_stub(self, name: str) -> bool:
        """Whether the last definition of the function holds a docstring, ``pass`` or ``...`` alone."""
        return code.is_stub(self.tree, name)

    def is_open(self, name: str) -> bool:
        """Whether its last statement is the function, which neither returns at its end nor ends in a loop."""
        return code.is_open(self.tree, name)


class PythonReading(Reading):
    """By Python's own parser."""

    fences = re.compile(r"\{?\.?(python|py|ipython|pycon|sage)[\w.]*\b", re.IGNORECASE)
    begins = re.compile(
        r"(async\s+def|def)\s+[\w\\]+\s*\(|class\s+\w.*:|import\s+\w[\w., ]*$|from\s+[\w.]+\s+import\b|@\w"
        r"|[A-Za-z_]\w*\s*=\s*\S"
    )
    defining = re.compile(r"(?m)^(?:(?:async\s+)?def\s|class\s|@\w)")
    tags = re.compile(r"(?:\[/?PYTHON\]|<\|python_tag\|>|<\|eom_id\|>)(?:[ \t]*\n)?")
    rules = {  # noqa: RUF012 - a mapping that nobody changes
        **RULES,
        "tabs": "tabs became spaces, because the mixture did not compile",
        "dedented": "indentation that all lines share was taken away",
        "prompts": "the interpreter's `>>>` and `...`, a notebook's `In [1]:`, and output were taken away",
        "heredoc": "a shell's command that writes or runs the text was taken away, up to its end word",
        "magics": "a notebook's commands (`!pip`, `%time`, cells of `%%bash`) were made comments",
        "imports": "modules of the standard library that the answer uses by name were imported",
        "examples": "example calls and checks of the model's own, and bare words, are kept, but not run",
    }

    def shape(self, source: str) -> str:
        """By its syntax tree; of source that does not compile, without blanks."""
        tree = code.parse(source)
        return super().shape(source) if tree is None else shape_of(tree)

    def bounded(self, *, whatever: bool) -> AbstractContextManager[None]:
        """By what CPython's parser is known to cost."""
        return syntax.bounded(whatever=whatever)

    def refusal(self, source: str) -> str:
        """Of source that is not tame only: the rest has been measured."""
        if is_tame(source):
            return ""
        try:
            limited.ask(_COMPILE, source.encode("utf-8", "surrogatepass"))
        except limited.ProcessEndedError as exc:
            return f"Python's own compiler does not survive this source: {exc}"
        return ""

    def parse(self, source: str) -> PythonCode | None:
        """``return`` outside a function does not compile."""
        tree = code.parse(source)
        return None if tree is None else PythonCode(tree)

    def repair(self, source: str) -> tuple[str, tuple[str, ...]]:
        """Repairs are tried one by one, then on top of each other."""
        return repairs.repair(source)

    def files(self, source: str) -> list[str]:
        """By a shell's heredocs."""
        return repairs.written_files(source)

    def without_own_imports(self, source: str, shown: frozenset[str]) -> str:
        """Imports from files that are neither standard nor a known package."""
        tree = code.parse(source)
        return source if tree is None else own_files.without_own_imports(source, tree, shown)

    def leaves_text_open(self, source: str) -> bool:
        """Such as a docstring."""
        return bool(source.count('"""') % 2 or source.count("'''") % 2)

    def last_complete(self, source: str, *, ended: bool = False) -> str:
        """Of top-level statements."""
        return code.last_complete(f"{source}\nend" if ended else source)

    def without_prose(self, source: str) -> str:
        """Lines such as ``Note: this``."""
        tree = code.parse(source)
        if tree is None:
            return source
        lines = source.split("\n")
        for node in code.prose(tree):
            for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[number] = ""
        return "\n".join(lines)

    def known_from(self, context: str, entry_point: str) -> frozenset[str]:
        """Imports, helpers, constants."""
        return frozenset(code.bound_names(code.prelude(context, entry_point)))

    def complete(self, source: str, context: str, entry_point: str) -> tuple[str, tuple[str, ...]]:
        """Example calls are set aside; the prompt's imports and helpers, and imports that are plainly meant,
        come before it.
        """
        quiet = examples.set_aside(source, entry_point)
        rules: tuple[str, ...] = ("examples",) if quiet != source else ()
        tree = code.parse(quiet)
        if tree is not None:
            quiet = code.with_prelude(quiet, tree, context, entry_point)
        whole, imports = _with_imports(quiet)
        return whole, (*rules, *imports)

    def joined(self, sources: Sequence[str]) -> str:
        """``from __future__`` imports come first."""
        return code.joined(sources)

    def with_helpers(self, source: str, context: str, entry_point: str, tests: str) -> str:
        """Functions and classes, with what they need in turn."""
        return code.with_helpers(source, context, entry_point, tests)

    def as_body(self, head: str, source: str) -> str | None:
        """Code that returns or yields, and does not compile by itself."""
        raw = source.strip("\n")
        if not _RETURNS.search(raw) or code.compiles(raw):
            return None
        for body in (textwrap.indent(textwrap.dedent(raw), "    "), f"    {raw.lstrip()}", _indented(raw)):
            if body and code.compiles(head + body):
                return f"{head}{body}\n"
        return None


def _with_imports(source: str) -> tuple[str, tuple[str, ...]]:
    tree = code.parse(source)
    if tree is not None and (complete := code.with_imports(source, tree)) != source:
        return complete, ("imports",)
    return source, ()


def _indented(text: str) -> str:
    """Return the lines that a text begins with as far as they are indented."""
    return "\n".join(takewhile(lambda line: not line.strip() or line[0] in " \t", text.split("\n")))
