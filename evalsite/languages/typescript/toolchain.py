"""TypeScript is compiled by its own compiler, program and tests as one module, and runs as JavaScript."""

import os
from pathlib import Path

from evalsite.languages.javascript.toolchain import VARIABLES, run_node
from evalsite.languages.scanned.apart import tests_apart
from evalsite.languages.toolchain import Place, Step, Tool, Toolchain, copy_beside, run_text
from evalsite.languages.typescript.reading import TypeScriptGrammar

_GRAMMAR = TypeScriptGrammar()
_DRIVER = Path(__file__).parents[1] / "javascript" / "driver.js"


class Tsc(Toolchain):
    """What the compiler says of types counts: a program that it refuses does not run."""

    tools = (Tool("tsc", "node-typescript"), Tool("node", "nodejs"))
    folders = (
        "/usr/share/nodejs",
        "/usr/share/node_modules",
        "/usr/lib/node_modules",
        "/usr/local/lib/node_modules",
    )
    packages = ("node-lodash",)
    further = (_DRIVER,)
    reserves_mib = 4096

    def prepare(self, place: Place) -> None:
        """Put both drivers where programs can read them."""
        copy_beside(__file__, "compile.js", place)
        copy_beside(str(_DRIVER), _DRIVER.name, place)

    def steps(self, program: str, tests: str, place: Place) -> tuple[Step, ...]:
        """Compile; run what came of it behind a driver, as tests of an empty program."""
        compiler = str(Path(os.path.realpath(place.tools["tsc"])).parents[1] / "lib" / "typescript.js")
        words = (
            place.tools["node"],
            "--max-old-space-size=1024",
            f"{place.cache}/compile.js",
            compiler,
            "program.js",
        )
        compiled = Step(
            words=words,
            stdin=run_text(program, tests_apart(program, tests, _GRAMMAR)),
            keeps=("program.js", "program.js.lines"),
            compiles=True,
            variables=VARIABLES,
        )
        # The name of a file in place of the tests' text, which the compiler has left there.
        return compiled, run_node(place, "driver.js", run_text("", f"@{place.built}/program.js"))
