"""C++ is compiled by g++ from its standard input, the program and then its tests in one translation unit.

The usual headers are compiled beforehand, and so are there without being included, as in the harness that
HumanEvalPack was published with. What does not compile with them is compiled without.
"""

import re
import subprocess
from pathlib import Path

from evalsite.languages.cpp.grammar import CppGrammar
from evalsite.languages.scanned.apart import tests_apart
from evalsite.languages.toolchain import Place, Step, Tool, Toolchain, copy_beside

_GRAMMAR = CppGrammar()
NATIVE = Path(__file__).parents[1] / "native.c"
"""What runs around the code of a program that has been compiled to the processor's own."""
_USUAL = [
    "algorithm",
    "cctype",
    "climits",
    "cmath",
    "cstdio",
    "cstdlib",
    "cstring",
    "iostream",
    "limits",
    "map",
    "numeric",
    "queue",
    "set",
    "sstream",
    "stack",
    "string",
    "unordered_map",
    "unordered_set",
    "utility",
    "vector",
]
_ALL = "bits/stdc++.h"
"""All headers of the library, which MBXP's programs include."""
_FLAGS = ("-std=gnu++17", "-O0", "-w")
_MACRO = re.compile(r"define(?:[ \t]|/\*.*?\*/)+([A-Za-z_]\w*)", re.DOTALL)
_MAIN = re.compile(r"\bmain\s*\(")


class Gxx(Toolchain):
    """The GNU compiler; what it compiles finds nothing of the tests in a file."""

    tools = (Tool("g++", "g++"), Tool("as", "binutils"), Tool("ld", "binutils"))
    folders = ("/usr/lib/gcc", "/usr/libexec/gcc", "/usr/include", "/usr/local/include")
    packages = ("libboost-dev", "libssl-dev")
    further = (NATIVE,)

    def prepare(self, place: Place) -> None:
        """Compile the usual headers, and what says that the tests have ended."""
        for name, included in (("usual.h", _USUAL), ("all.h", [_ALL])):
            header = Path(place.cache, name)
            header.write_text("".join(f"#include <{each}>\n" for each in included), "ascii")
            _compile(place, *_FLAGS, "-x", "c++-header", str(header), "-o", f"{header}.gch")
        compile_native(place)
        Path(place.cache, "boost").mkdir()
        copy_beside(__file__, "any.hpp", place, "boost/any.hpp")

    def steps(self, program: str, tests: str, place: Place) -> tuple[Step, ...]:
        """Compile, and run."""
        text = _unit(program, tests)
        ends: tuple[str, ...] = ("-pipe", "-fmax-errors=5", "-o", "program", "-x", "c++", "-", "-x", "none")
        ends += (f"{place.cache}/native.o", "-Wl,--wrap=main")
        further = (f"-I{place.packages}/include",) if place.packages else ()
        if "openssl/" in text:
            ends += ("-lcrypto",)
        words = (place.tools["g++"], *_FLAGS, *further, "-idirafter", place.cache)
        return (
            Step(
                words=(*words, "-include", f"{place.cache}/{'all' if _ALL in text else 'usual'}.h", *ends),
                otherwise=(*words, *ends),
                stdin=text.encode("utf-8", "replace"),
                keeps=("program",),
                compiles=True,
            ),
            run_native(place),
        )


def _unit(program: str, tests: str) -> str:
    """Program and tests as one text. Macros of the program mean nothing in the tests, and its ``main`` is
    another function; so is what both define, for tests have helpers that answers repeat.
    """
    own_main = "#define main main_of_the_program\n" if _MAIN.search(program) else ""
    macros = dict.fromkeys(_MACRO.findall(program.replace("\\\r\n", "").replace("\\\n", "")))
    undone = "".join(f"#undef {name}\n" for name in ("main", *macros))
    apart = tests_apart(program, tests, _GRAMMAR)
    return f'{own_main}#line 1 "<program>"\n{program}\n{undone}#line 1 "<tests>"\n{apart}\n'


def compile_native(place: Place, tests: str = "__real_main", name: str = "native.o") -> None:
    """Compile what runs around a program's own code; ``tests`` is the function that has them run."""
    _compile(place, "-O1", f"-DTESTS={tests}", "-x", "c", str(NATIVE), "-c", "-o", f"{place.cache}/{name}")


def run_native(place: Place) -> Step:
    """The command that a compiler has left."""
    return Step(words=(f"{place.built}/program",), is_told=True)


def _compile(place: Place, *words: str) -> None:
    compiler = place.tools.get("g++") or place.tools["cc"]
    subprocess.run([compiler, *words], check=True, capture_output=True, stdin=subprocess.DEVNULL)
