"""Exercises in Rust: a library, and files of tests that use it, each a crate of its own.

Tests are run by the compiler's own harness, one after the other. A crate of tests is a file of ours that
makes one of theirs a module: so the macros that they call are the standard library's, whatever the library
that they import all names from calls so.
"""

import re
from collections.abc import Iterator, Mapping

from evalsite.languages.rust.compiling import NATIVE_MAIN, RESTORED, linked, rustc
from evalsite.languages.toolchain import Place, Step, as_bytes

_EDITION = re.compile(r"""^[ \t]*edition[ \t]*=[ \t]*["'](2015|2018|2021|2024)["']""", re.MULTILINE)
_NAME = re.compile(r"""^[ \t]*name[ \t]*=[ \t]*["']([\w-]{1,100})["']""", re.MULTILINE)
_TESTS = re.compile(r"tests/[^/]+\.rs")
_LIBRARY, _CRATE = "src/lib.rs", "Cargo.toml"


def steps(files: Mapping[str, str], given: Mapping[str, str], place: Place) -> Iterator[Step]:
    """Compile the library; compile and run each file of tests. ``given`` are tests and what was given."""
    every = as_bytes({**files, **given})
    about = files.get(_CRATE, given.get(_CRATE, ""))
    edition = found[1] if (found := _EDITION.search(about)) else "2015"
    name = (found[1] if (found := _NAME.search(about)) else "exercise").replace("-", "_")
    sources = {path: text for path, text in every.items() if path.startswith("src/")}
    library = f"lib{name}.rlib"
    words, variables = rustc(place, name, edition)
    words += ["--crate-type", "rlib", f"--remap-path-prefix={_LIBRARY}=<program>", "-o", library, _LIBRARY]
    yield Step(words=tuple(words), files=sources, keeps=(library,), compiles=True, variables=variables)
    tests = [path for path in every if _TESTS.fullmatch(path)]
    beside = {path: text for path, text in every.items() if path.startswith("tests/")}
    for path in tests:
        words, variables = rustc(place, "tests", edition)
        words += ["--test", "--extern", f"{name}={place.built}/{library}", *linked(place, NATIVE_MAIN)]
        words += [f"--remap-path-prefix={path}=<tests>", "-o", "program", "all.rs"]
        unit = f'{RESTORED} extern crate {name}; #[path = "{path}"] mod exercise;\n'
        yield Step(
            words=tuple(words),
            files=beside | {"all.rs": unit.encode()},
            keeps=("program",),
            compiles=True,
            variables=variables,
        )
        yield Step(
            words=(f"{place.built}/program", "--include-ignored", "--test-threads=1"),
            files=every,
            is_told=True,
            keeps_head=True,
            on_all_processors=True,
            variables=variables,
        )
    if not tests:
        yield Step(words=("/nowhere/there-are-no-tests",))
