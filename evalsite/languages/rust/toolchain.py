"""Rust is compiled by rustc from its standard input, the program and its tests as one crate.

It is built as for tests (``cfg(test)``, with checks of overflow), and linked with a ``main`` of ours that
calls them. A crate that is imported, not used and not there does no harm: HumanEvalPack's programs import
three each.
"""

import re
from collections.abc import Mapping

from evalsite.languages.cpp.toolchain import NATIVE, compile_native, run_native
from evalsite.languages.rust import exercises
from evalsite.languages.rust.compiling import NATIVE_MAIN, RESTORED, crates_in, linked, rustc
from evalsite.languages.toolchain import Place, Step, Tool, ToolchainOfFiles

_CALLED = "tests_of_the_problem"
_USE = re.compile(r"^[ \t]*(?:pub[ \t]+)?use[ \t]+(?:::)?(\w+)\b([^;]*);", re.MULTILINE)
_OWN = frozenset({"std", "core", "alloc", "crate", "self", "super"})
_TEST = re.compile(r"#\[test\](\s*(?:(?:#\[[^\]]*\]|//[^\n]*)\s*)*(?:pub\s+)?fn\s+(\w+))")
_MODULE = re.compile(r"\bmod\s+(\w+)\s*\{")
_MAIN = re.compile(r"\bfn\s+main(?=\s*\(\s*\))")
_END = (
    f'#[no_mangle] pub extern "C" fn {_CALLED}_are_run() -> i32 {{ '
    "match ::std::panic::catch_unwind(|| { CALLED(); }) { Ok(_) => 0, Err(_) => 1 } }"
)


class Rustc(ToolchainOfFiles):
    """Debian's compiler, which brings the standard library alone."""

    tools = (Tool("rustc", "rustc"), Tool("cc", "gcc"), Tool("ld", "binutils"), Tool("as", "binutils"))
    folders = ("/usr/lib/rustlib", "/usr/lib/gcc", "/usr/libexec/gcc")
    further = (NATIVE,)
    reserves_mib = 1024

    def prepare(self, place: Place) -> None:
        """Compile the ``main`` that calls the tests, and the one around that of files of tests."""
        compile_native(place, f"{_CALLED}_are_run")
        compile_native(place, name=NATIVE_MAIN)

    def steps(self, program: str, tests: str, place: Place) -> tuple[Step, ...]:
        """Compile, and run."""
        crates = crates_in(place.package_files)
        words, variables = rustc(place, "program", "2021")
        words += ["--cfg", "test", "-C", "prefer-dynamic", *linked(place, "native.o")]
        text = unit(program, tests, frozenset(crates))
        compiled = Step(
            words=(*words, "-o", "program", "-"),
            stdin=text.encode("utf-8", "replace"),
            keeps=("program",),
            compiles=True,
            variables=variables,
        )
        run = run_native(place)
        return compiled, Step(words=run.words, is_told=True, variables=variables)

    def steps_of_files(
        self, files: Mapping[str, str], tests: Mapping[str, str], other: Mapping[str, str], place: Place
    ) -> tuple[Step, ...]:
        """Compile the library ``src/lib.rs``; then each file in ``tests/`` as a crate of its own, and run it,
        what is ignored, too, as the benchmark does.
        """
        return tuple(exercises.steps(files, {**other, **tests}, place))


def unit(program: str, tests: str, crates: frozenset[str] = frozenset()) -> str:
    """Program and tests as one text; the tests begin :func:`lines_before` lines behind the beginning."""
    names = [found[2] for found in _TEST.finditer(tests)]
    module = _MODULE.search(tests)
    if names:
        calls = " ".join(f"{name}();" for name in names)
        tests = _TEST.sub(r"\1", tests)
        called = _CALLED
        if module:
            at = module.end()
            tests = f"{tests[:at]} pub fn {_CALLED}() {{ {calls} }} {tests[at:]}"
            called = f"{module[1]}::{_CALLED}"
        else:
            tests = f"{tests}\nfn {_CALLED}() {{ {calls} }}"
    else:
        called = _CALLED
        tests = _MAIN.sub(f"fn {_CALLED}", tests, count=1)
    main = "" if _MAIN.search(program) else "fn main() {} "
    restored = RESTORED if "macro_rules" in program else ""
    return (
        f"{_without_unused(program, crates)}\n{main}{restored}\n{tests}\n{_END.replace('CALLED', called)}\n"
    )


def lines_before(program: str) -> int:
    """How many lines stand before the tests."""
    return program.count("\n") + 2


def _without_unused(program: str, crates: frozenset[str]) -> str:
    """Blank imports from crates that are not there, where the program has no use for what they name."""
    rest = _USE.sub("", program)

    def kept(found: re.Match[str]) -> str:
        names = [found[1], *re.findall(r"\w+", found[2])]
        if found[1] in _OWN or found[1] in crates or any(re.search(rf"\b{name}\b", rest) for name in names):
            return found[0]
        return re.sub(r"[^\n]", " ", found[0])

    return _USE.sub(kept, program)
