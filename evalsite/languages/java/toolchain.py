"""Java is compiled and run by two programs of ours, whose classes, and those of the compiler, are kept ready.

Program and tests are two units of one package, so that what the tests name is the library's even where the
program has something of the same name. The tests see what the program imports, since they were published
behind it.
"""

import re
import shutil
import subprocess
from pathlib import Path

from evalsite.languages.toolchain import Place, Step, Tool, Toolchain, run_text

_DRIVER = Path(__file__).with_name("driver")
_EXPORTS = "java.base/jdk.internal.access=ALL-UNNAMED"
_SMALL = ("-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto")
_ONE_TIER = ("-XX:TieredStopAtLevel=1", *_SMALL)
_PACKAGE = re.compile(r"^[ \t]*package[ \t]+[\w.]+[ \t]*;", re.MULTILINE)
_IMPORT = re.compile(r"(?:^|(?<=;))[ \t]*import[ \t]+(?:static[ \t]+)?[\w.]+(?:\.\*)?[ \t]*;", re.MULTILINE)
_TYPE = re.compile(r"\b(?:class|interface|enum|record)\s+(\w+)")
_OF_LIBRARY = {
    "java.lang": (
        "AssertionError Boolean Byte Character Double Error Exception Float "
        "IllegalArgumentException IllegalStateException Integer Iterable Long Math Number Object "
        "RuntimeException Short String StringBuilder System Thread Throwable"
    ),
    "java.util": (
        "ArrayList Arrays Collection Collections Comparator Deque HashMap HashSet Iterator "
        "LinkedHashMap LinkedHashSet LinkedList List Map Objects Optional PriorityQueue Queue "
        "Random Set Stack TreeMap TreeSet Vector"
    ),
}
_MEANT = {name: f"{package}.{name}" for package, names in _OF_LIBRARY.items() for name in names.split()}
_EXAMPLE = "Example.txt"
"""What is compiled and run once, to see which classes that takes."""


class Jdk(Toolchain):
    """A development kit, of which the class data is shared."""

    tools = (
        Tool("java", "default-jdk-headless", ("-version",)),
        Tool("javac", "default-jdk-headless", ("-version",)),
    )
    folders = ("/usr/lib/jvm", "/etc/java-*", "/usr/share/java")
    reserves_mib = 8192

    def prepare(self, place: Place) -> None:
        """Compile the two programs, and keep the classes that they and an example load."""
        cache = Path(place.cache)
        sources = [str(path) for path in sorted(_DRIVER.glob("*.java"))]
        _run(place.tools["javac"], "--add-exports", _EXPORTS, "-d", str(cache / "classes"), *sources)
        jar = shutil.which("jar", path=str(Path(place.tools["javac"]).parent)) or "jar"
        _run(jar, "--create", "--file", str(cache / "driver.jar"), "-C", str(cache / "classes"), ".")
        out = str(cache / "example")
        words = (place.tools["java"], *_ONE_TIER, f"-XX:ArchiveClassesAtExit={cache}/compile.jsa")
        compiled = (*words, *_compile(place, out, "."))
        _run(*compiled, stdin=run_text(*(_DRIVER / _EXAMPLE).read_text("utf-8").split("// tests\n")))
        ready = (place.tools["java"], *_SMALL, f"-XX:ArchiveClassesAtExit={cache}/run.jsa")
        _run(*ready, *_start(place), out, stdin=b"\n", said=True)

    def steps(self, program: str, tests: str, place: Place) -> tuple[Step, ...]:
        """Compile, and run."""
        jars = [f"{place.packages}/{name}" for name in place.package_files if name.endswith(".jar")]
        own = _PACKAGE.sub(lambda found: " " * len(found[0]), program)
        words = (
            place.tools["java"],
            *_ONE_TIER,
            f"-XX:SharedArchiveFile={place.cache}/compile.jsa",
            "-Xmx512m",
        )
        heap = max(place.memory_mib * 5 // 8, 64)
        run = (place.tools["java"], *_SMALL, f"-XX:SharedArchiveFile={place.cache}/run.jsa", f"-Xmx{heap}m")
        limits = ("-XX:MaxMetaspaceSize=128m", "-XX:ReservedCodeCacheSize=64m", "-XX:+DisableAttachMechanism")
        # Without /proc it does not find what lies beside it.
        variables = {"LD_LIBRARY_PATH": str(Path(place.tools["java"]).parents[1] / "lib")}
        return (
            Step(
                variables=variables,
                words=(*words, *_compile(place, f"{place.work}/out", ":".join(jars) or ".")),
                stdin=run_text(own, _with_imports(own, tests)),
                keeps=("out",),
                compiles=True,
            ),
            Step(
                words=(*run, *limits, *_start(place), f"{place.built}/out", *jars),
                is_told=True,
                variables=variables,
            ),
        )


def _compile(place: Place, out: str, path: str) -> tuple[str, ...]:
    return ("-cp", f"{place.cache}/driver.jar", "Compile", out, path)


def _start(place: Place) -> tuple[str, ...]:
    return ("--add-exports", _EXPORTS, "-cp", f"{place.cache}/driver.jar", "Run")


def _with_imports(program: str, tests: str) -> str:
    """The tests with what the program imports, on their first line; and with the library's types by name
    where the program has types that are called so.
    """
    again = set(_TYPE.findall(program)) & _MEANT.keys()
    imports = [*(" ".join(found.split()) for found in _IMPORT.findall(program) if found not in tests)]
    named = [f"import {_MEANT[name]};" for name in sorted(again)]
    return " ".join(dict.fromkeys([*imports, *named])) + (" " if imports or named else "") + tests


def _run(*words: str, stdin: bytes = b"", said: bool = False) -> None:
    command = ["/bin/sh", "-c", 'exec "$@" 3>/dev/null', "sh", *words] if said else list(words)
    subprocess.run(command, check=True, capture_output=True, input=stdin)
