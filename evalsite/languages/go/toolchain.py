"""Go is compiled by its own compiler and linker, without the command that calls them for whole modules.

Program and tests are two files of one package, which does not know the package that says that the tests have
ended. Where they were published as one file, they share its imports.
"""

import functools
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from evalsite.languages.go import tests as of_tests
from evalsite.languages.toolchain import Place, Step, Tool, ToolchainOfFiles, as_bytes

_DRIVER = Path(__file__).with_name("driver")
_ASSERT = "github.com/stretchr/testify/assert"
_LIST = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}"
_HIDES_MEMORY = re.compile(r"//(?=go:|line\b|export\b)")
"""Directives to the compiler, by which a program could name what is not its own."""


class Gc(ToolchainOfFiles):
    """The compiler of the Go project."""

    tools = (Tool("go", "golang-go", ("version",)),)
    folders = ("/usr/lib/go-*", "/usr/share/go-*", "/usr/local/go")
    reserves_mib = 4096

    def prepare(self, place: Place) -> None:
        """List the standard library, compiled where it is not yet, and compile what tests find beside it."""
        root, tools = _go(place, "env", "GOROOT", "GOTOOLDIR").split()
        for name in ("compile", "link"):
            Path(place.cache, "bin", name).symlink_to(f"{tools}/{name}")
        Path(place.cache, "goroot").symlink_to(root)
        listed, config = _go(place, "list", "-export", "-f", _LIST, "std"), Path(place.cache, "std")
        config.write_text(listed, "utf-8")
        for name, path in (("told", "evalsite/told"), ("assert", _ASSERT)):
            out = f"{place.cache}/{name}.a"
            words = (*_compile(place, path, str(config)), "-o", out, str(_DRIVER / f"{name}.go"))
            subprocess.run(words, check=True, capture_output=True)
        known = f"{listed}packagefile {_ASSERT}={place.cache}/assert.a\n"
        Path(place.cache, "known").write_text(known, "utf-8")

    def steps(self, program: str, tests: str, place: Place) -> tuple[Step, ...]:
        """Compile the package of program and tests, then the one that calls them; link; run."""
        told = of_tests.of(tests)
        own = of_tests.without_main(_HIDES_MEMORY.sub("// ", program))
        files = {
            "program.go": of_tests.as_file("<program>", own),
            "tests.go": told.file(own),
        }
        return _steps(files, told.main(), place)

    def steps_of_files(
        self, files: Mapping[str, str], tests: Mapping[str, str], other: Mapping[str, str], place: Place
    ) -> tuple[Step, ...]:
        """The same of the Go files beside each other; those in folders are other packages, which are not
        built. The only file of the program goes by the name ``<program>``, tests by ``<tests>``.
        """
        own = {name: _HIDES_MEMORY.sub("// ", text) for name, text in _beside(files).items()}
        given = {name: text for name, text in _beside({**other, **tests}).items() if name not in own}
        told = of_tests.of("\n".join(text for name, text in given.items() if name.endswith("_test.go")))
        called = dict.fromkeys(own, "<program>") if len(own) == 1 else {}
        called |= dict.fromkeys(tests, "<tests>") if len(tests) == 1 else {}
        texts = {name: of_tests.as_is(called.get(name, name), text) for name, text in (given | own).items()}
        texts["zz_refused.go"] = f"package program\n{of_tests.refused(chr(10).join(own.values()))}\n"
        *compiled, run = _steps(texts, told.main(), place)
        variables = {"GOMAXPROCS": "2"}
        return *compiled, replace(
            run, files=as_bytes({**other, **tests, **files}), on_all_processors=True, variables=variables
        )


def _beside(files: Mapping[str, str]) -> dict[str, str]:
    """Go files that lie beside each other and are built."""
    return {
        name: text
        for name, text in files.items()
        if name.endswith(".go") and "/" not in name and of_tests.is_built(text)
    }


def _steps(files: Mapping[str, str], main_text: str, place: Place) -> tuple[Step, ...]:
    config = f"{place.built}/config"
    package = (*_compile(place, "program", f"{place.cache}/known"), "-o", "program.a", *files)
    main = (*_compile(place, "main", "config"), "-o", "main.a", "main.go")
    link = (
        f"{place.cache}/bin/link",
        "-s",
        "-w",
        "-importcfg",
        config,
        "-o",
        "program",
        f"{place.built}/main.a",
    )
    known = _known(f"{place.cache}/known") + f"packagefile evalsite/told={place.cache}/told.a\n"
    given = {
        "main.go": main_text.encode(),
        "config": f"{known}packagefile program={place.built}/program.a\n".encode(),
    }
    variables = {"GOROOT": f"{place.cache}/goroot", "GOMAXPROCS": "1", "GOGC": "400"}
    return (
        Step(
            words=package,
            files=as_bytes(files),
            keeps=("program.a",),
            compiles=True,
            variables=variables,
        ),
        Step(words=main, files=given, keeps=("main.a", "config"), compiles=True, variables=variables),
        Step(words=link, keeps=("program",), compiles=True, variables=variables),
        Step(words=(f"{place.built}/program",), is_told=True, keeps_head=True),
    )


def _compile(place: Place, package: str, config: str) -> tuple[str, ...]:
    return (f"{place.cache}/bin/compile", "-p", package, "-complete", "-c", "1", "-importcfg", config)


@functools.lru_cache(maxsize=4)
def _known(path: str) -> str:
    return Path(path).read_text("utf-8")


def _go(place: Place, *words: str) -> str:
    variables = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": place.cache,
        "GOCACHE": f"{place.cache}/build",
        "GOFLAGS": "-mod=mod",
        "GO111MODULE": "off",
        "GOTOOLCHAIN": "local",
    }
    told = subprocess.run(
        [place.tools["go"], *words], check=True, capture_output=True, text=True, env=variables, cwd="/"
    )
    return told.stdout
