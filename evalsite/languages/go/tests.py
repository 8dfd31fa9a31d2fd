"""What a test of Go is: functions that take a ``*testing.T``, or a ``main``; and the file that holds it."""

import re
from dataclasses import dataclass

from evalsite.languages.go import imports
from evalsite.languages.go.grammar import GoGrammar
from evalsite.languages.scanned.code import read
from evalsite.languages.scanned.scanner import words

_PACKAGE = re.compile(r"^[ \t]*package[ \t]+\w+[ \t]*;?", re.MULTILINE)
_TEST = re.compile(r"^func[ \t]+(Test\w*)[ \t]*\([ \t]*\w+[ \t]+\*testing\.T[ \t]*\)", re.MULTILINE)
_MAIN = re.compile(r"^func[ \t]+main(?=[ \t]*\([ \t]*\))", re.MULTILINE)
_IMPORT = re.compile(r'^([ \t]*(?:import[ \t]+)?)(?:(\w+)[ \t]+)?"([\w./-]+)"[ \t]*;?[ \t]*$', re.MULTILINE)
_FUNCTION = re.compile(r"^func\b", re.MULTILINE)
_PREDECLARED = words(
    "append bool byte cap close complex copy delete error false float32 float64 imag int int16 int32 "
    "int64 int8 iota len make new nil panic print println real recover rune string true uint uint8 uint64 "
    "uintptr any"
)
_CALLED = "TestsOfTheProblem"
_GRAMMAR = GoGrammar()


@dataclass(frozen=True)
class Tests:
    """The tests of one problem."""

    source: str
    names: tuple[str, ...]
    """Functions that are called with a ``*testing.T``; where there is none, ``main`` is the test."""

    def file(self, program: str) -> str:
        """The tests as a file of the program's package, with the imports that they use.

        Where the program gives another meaning to what the language itself calls ``true`` or ``len``, it does
        not compile: the tests could not mean anything with it.
        """
        source = self.source if self.names else _MAIN.sub(f"func {_CALLED}", self.source)
        return as_file("<tests>", source + refused(program))

    def main(self) -> str:
        """The file that has them run."""
        listed = ", ".join(f'{{"{name}", program.{name}}}' for name in self.names)
        run = (
            f"tests := []testing.InternalTest{{{listed}}}; "
            "code := testing.MainStart(testdeps.TestDeps{}, tests, nil, nil, nil).Run(); "
            "if code != 0 { os.Exit(code) }"
        )
        needed = ("os", "testing", "testing/internal/testdeps") if self.names else ()
        imported = "".join(f'\t"{path}"\n' for path in ("evalsite/told", "program", *needed))
        called = run if self.names else f"program.{_CALLED}()"
        return f"package main\n\nimport (\n{imported})\n\nfunc main() {{\n\t{called}\n\ttold.Say()\n}}\n"


def refused(program: str) -> str:
    """Lines that do not compile, where a program defines anew what the language itself calls so."""
    again = sorted(_PREDECLARED & {name for item in read(program, _GRAMMAR).items for name in item.names})
    return "".join(f"\nvar _ = the_program_defines_{name}_anew" for name in again)


def of(tests: str) -> Tests:
    """Read what tests are there."""
    return Tests(tests, tuple(_TEST.findall(tests)))


def without_main(program: str) -> str:
    """A program whose ``main``, which nobody calls, is out of the way."""
    return _MAIN.sub("func mainOfTheProgram", program)


def as_file(name: str, program: str) -> str:
    """A program as a file of a package, its lines where they were. Its imports are those that it uses: it may
    have been published in one file with tests that use others.
    """
    found = read(program, _GRAMMAR)
    used, bound = imports.used_in(found), imports.declared_in(found)
    bound |= {each for item in found.items for each in item.names}
    bound |= {name or imports.name_of(path) for name, path in imports.brought_by(found)}

    def kept(line: re.Match[str]) -> str:
        called = line[2] or imports.name_of(line[3])
        return line[0] if called in used or called in ("_", ".") else f'{line[1]}_ "{line[3]}"'

    text = _PACKAGE.sub("", program, count=1)
    functions = _FUNCTION.search(text)
    begins = functions.start() if functions else len(text)
    source = _IMPORT.sub(kept, text[:begins]) + text[begins:]
    lacking = "".join(f'import "{path}"; ' for each, path in imports.PATHS.items() if each in used - bound)
    return f"package program; {lacking}\n//line {name}:1\n{source}\n"


def as_is(name: str, text: str) -> str:
    """A file of an exercise as one of the package ``program``, its lines and imports as they are."""
    return f"//line {name}:1\n{_PACKAGE.sub('package program', text, count=1)}\n"


def is_built(text: str) -> bool:
    """Whether a file's constraint, where it has one, holds for a plain build on Linux."""
    found = _CONSTRAINT.search(_PACKAGE.split(text, maxsplit=1)[0])
    return found is None or _holds(found[1])


_CONSTRAINT = re.compile(r"^//go:build[ \t]+(.*)$", re.MULTILINE)
_WORDS = re.compile(r"[\w.]+|&&|\|\||[!()]")
_HOLD = re.compile(r"linux|unix|gc|cgo|go1(?:\.\d+)?")
_MEANING = {"&&": "and", "||": "or", "!": "not", "(": "(", ")": ")"}


def _holds(constraint: str) -> bool:
    words = [_MEANING.get(word, str(bool(_HOLD.fullmatch(word)))) for word in _WORDS.findall(constraint)]
    try:
        return bool(eval(" ".join(words[:100]), {}))  # noqa: S307 - nothing but the words above
    except (SyntaxError, TypeError):
        return False
