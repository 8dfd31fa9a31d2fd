"""Go is compiled by its own compiler and linker, without the command that calls them for whole modules.

Program and tests are two files of one package, which does not know the package that says that the tests have
ended. Where they were published as one file, they share its imports.
"""

import functools
import os
import re
import subprocess
from pathlib import Path

from evalsite.languages.go import tests as of_tests
from evalsite.languages.toolchain import Place, Step, Tool, Toolchain

_DRIVER = Path(__file__).with_name("driver")
_ASSERT = "github.com/stretchr/testify/assert"
_LIST = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}"
_HIDES_MEMORY = re.compile(r"//(?=go:|line\b|export\b)")
"""Directives to the compiler, by which a program could name what is not its own."""


class Gc(Toolchain):
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
        Path(place.cache, "std").write_text(_listed(place), "utf-8")
        for name, path in (("told", "evalsite/told"), ("assert", _ASSERT)):
            config = Path(place.cache, "std")
            out = f"{place.cache}/{name}.a"
            words = (*_compile(place, path, str(config)), "-o", out, str(_DRIVER / f"{name}.go"))
            subprocess.run(words, check=True, capture_output=True)
        Path(place.cache, "known").write_text(
            Path(place.cache, "std").read_text("utf-8") + f"packagefile {_ASSERT}={place.cache}/assert.a\n",
            "utf-8",
        )

    def steps(self, program: str, tests: str, place: Place) -> tuple[Step, ...]:
        """Compile the package of program and tests, then the one that calls them; link; run."""
        told = of_tests.of(tests)
        own = of_tests.without_main(_HIDES_MEMORY.sub("// ", program))
        files = {
            "program.go": of_tests.as_file("<program>", own),
            "tests.go": told.file(own),
        }
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
            "main.go": told.main().encode(),
            "config": f"{known}packagefile program={place.built}/program.a\n".encode(),
        }
        variables = {"GOROOT": f"{place.cache}/goroot", "GOMAXPROCS": "1", "GOGC": "400"}
        return (
            Step(
                words=package,
                files={name: text.encode("utf-8", "replace") for name, text in files.items()},
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


def _listed(place: Place) -> str:
    """The standard library's packages and their files; those that lie in the cache of a build are in ours."""
    return _go(place, "list", "-export", "-f", _LIST, "std").replace(f"{place.cache}/", f"{place.cache}/")


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
