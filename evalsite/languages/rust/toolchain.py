"""Rust is compiled by rustc from its standard input, the program and its tests as one crate.

It is built as for tests (``cfg(test)``, with checks of overflow), and linked with a ``main`` of ours that
calls them. A crate that is imported, not used and not there does no harm: HumanEvalPack's programs import
three each.
"""

import re
from collections.abc import Iterable
from glob import glob
from pathlib import Path

from evalsite.languages.cpp.toolchain import compile_native, run_native
from evalsite.languages.toolchain import Place, Step, Tool, Toolchain

_CALLED = "tests_of_the_problem"
_USE = re.compile(r"^[ \t]*(?:pub[ \t]+)?use[ \t]+(?:::)?(\w+)\b([^;]*);", re.MULTILINE)
_OWN = frozenset({"std", "core", "alloc", "crate", "self", "super"})
_TEST = re.compile(r"#\[test\](\s*(?:(?:#\[[^\]]*\]|//[^\n]*)\s*)*(?:pub\s+)?fn\s+(\w+))")
_MODULE = re.compile(r"\bmod\s+(\w+)\s*\{")
_MAIN = re.compile(r"\bfn\s+main(?=\s*\(\s*\))")
_MACROS = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "format",
    "matches",
    "panic",
    "print",
    "println",
    "vec",
]
_RESTORED = " ".join(
    f"#[allow(unused_macros)] macro_rules! {name} {{ ($($t:tt)*) => {{ ::std::{name}!($($t)*) }} }}"
    for name in _MACROS
)
_END = (
    f'#[no_mangle] pub extern "C" fn {_CALLED}_are_run() -> i32 {{ '
    "match ::std::panic::catch_unwind(|| { CALLED(); }) { Ok(_) => 0, Err(_) => 1 } }"
)


class Rustc(Toolchain):
    """Debian's compiler, which brings the standard library alone."""

    tools = (Tool("rustc", "rustc"), Tool("cc", "gcc"), Tool("ld", "binutils"), Tool("as", "binutils"))
    folders = ("/usr/lib/rustlib", "/usr/lib/gcc", "/usr/libexec/gcc")
    reserves_mib = 1024

    def prepare(self, place: Place) -> None:
        """Compile the ``main`` that calls the tests."""
        compile_native(place, f"{_CALLED}_are_run")

    def steps(self, program: str, tests: str, place: Place) -> tuple[Step, ...]:
        """Compile, and run."""
        crates = crates_in(place.package_files)
        sysroot = Path(place.tools["rustc"]).parents[1]
        libraries = sorted(glob(f"{sysroot}/lib/rustlib/*/lib"))  # noqa: PTH207
        words = [place.tools["rustc"], "--edition", "2021", "--crate-name", "program", "--cfg", "test"]
        words += [
            "-C",
            "opt-level=0",
            "-C",
            "debuginfo=0",
            "-C",
            "debug-assertions=on",
            "-C",
            "overflow-checks=on",
        ]
        words += ["-C", "prefer-dynamic", "-C", "codegen-units=1", "-C", f"linker={place.tools['cc']}"]
        words += ["-C", f"link-arg={place.cache}/native.o", "-C", "link-arg=-Wl,--wrap=main"]
        words += [
            "--cap-lints",
            "allow",
            "-A",
            "warnings",
            "--error-format",
            "short",
            "--sysroot",
            str(sysroot),
        ]
        for name, file in crates.items():
            words += ["--extern", f"{name}={place.packages}/{file}"]
        if place.packages:
            words += ["-L", f"dependency={place.packages}", "-L", f"dependency={place.packages}/deps"]
        variables = {"LD_LIBRARY_PATH": ":".join([f"{sysroot}/lib", *libraries])}
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


def crates_in(files: Iterable[str]) -> dict[str, str]:
    """Name -> file of each compiled crate among some."""
    found = {}
    for file in files:
        if file.startswith("lib") and file.endswith(".rlib"):
            found[re.sub(r"-[0-9a-f]{8,}$", "", file[3:-5])] = file
    return found


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
    restored = _RESTORED if "macro_rules" in program else ""
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
