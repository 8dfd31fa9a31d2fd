"""JavaScript is run by node, the program and its tests as scripts of one realm."""

from evalsite.languages.javascript.grammar import JavaScriptGrammar
from evalsite.languages.scanned.apart import tests_apart
from evalsite.languages.toolchain import Place, Step, Tool, Toolchain, copy_beside, run_text

_GRAMMAR = JavaScriptGrammar()
MEMORY = "--max-old-space-size={}"
VARIABLES = {
    "OPENSSL_CONF": "/dev/null",
    "UV_USE_IO_URING": "0",
    "UV_THREADPOOL_SIZE": "1",
    "NODE_NO_WARNINGS": "1",
}
"""There is no configuration of the system's to read, and the sandbox refuses io_uring."""


class Node(Toolchain):
    """The driver is read first, and reads the rest."""

    tools = (Tool("node", "nodejs"),)
    folders = ("/usr/share/nodejs", "/usr/share/node_modules", "/usr/lib/*/nodejs")
    packages = ("node-lodash",)
    reserves_mib = 4096

    def prepare(self, place: Place) -> None:
        """Put the driver where programs can read it."""
        copy_beside(__file__, "driver.js", place)

    def steps(self, program: str, tests: str, place: Place) -> tuple[Step, ...]:
        """One: what is no script is told by the driver."""
        apart = tests_apart(program, tests, _GRAMMAR)
        return (run_node(place, "driver.js", run_text(program, apart)),)


def run_node(place: Place, driver: str, stdin: bytes) -> Step:
    """The command that runs a driver of ours."""
    words = (
        place.tools["node"],
        MEMORY.format(max(place.memory_mib * 3 // 4, 64)),
        f"{place.cache}/{driver}",
    )
    modules = [f"{place.packages}/node_modules"] if place.packages else []
    paths = ":".join([*modules, "/usr/share/nodejs", "/usr/lib/nodejs"])
    return Step(words=words, stdin=stdin, is_told=True, variables={**VARIABLES, "NODE_PATH": paths})
