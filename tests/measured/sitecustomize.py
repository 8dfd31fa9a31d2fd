"""Put first on ``PYTHONPATH``: measures every process, what runs in the sandbox included (``make coverage``).

A process outside writes a file when it ends (``.measured/coverage.*``). What runs inside can write none, and
ends by a signal more often than not: it sees one more file, which lies in the memory of all its processes at
once, and marks there each step from line to line (``.measured/sandbox``). ``report.py`` puts both together.
It is the tests' doing alone: nothing in ``evalsite/`` knows of it.
"""

import contextlib
import importlib.abc
import importlib.machinery
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / ".measured"
MARKS, SEEN_AS = DATA / "sandbox", "/measured"
"""The file of marks, and where processes in the sandbox see it."""
INSIDE = [path.name for path in sorted((ROOT / "evalsite/grading/inside").glob("*.py"))]
WIDTH = 512
"""More than lines in a file. Marks of a file are bytes by [what][line before][line], where what is a step
within a function, one into it (from its first line), or one out of it (to its first line).
"""
SIZE = len(INSIDE) * 3 * WIDTH * WIDTH


def follow_lines(paths: "list[str]", names: "list[str]", width: int) -> None:
    """Mark each step of this process and all that it forks in a file. Runs inside the sandbox."""
    import mmap
    import opcode
    import os
    import sys

    path = next((path for path in paths if os.access(path, os.W_OK)), None)
    if path is None:
        return
    descriptor = os.open(path, os.O_RDWR)
    marks = mmap.mmap(descriptor, 0)
    os.close(descriptor)
    table = width * width
    returns = {opcode.opmap.get(name) for name in ("RETURN_VALUE", "RETURN_CONST")}

    def begin(frame, event, argument):
        code = frame.f_code
        folder, _, name = code.co_filename.rpartition("/")
        if not folder.endswith("evalsite/grading/inside") or name not in names:
            return None
        base, first = names.index(name) * 3 * table, code.co_firstlineno
        goes_on = frame.f_lasti >= 0 and code.co_code[frame.f_lasti + 1] != 0  # a generator, after a yield
        last, failing = (frame.f_lineno if goes_on else 0), False

        def follow(frame, event, argument):
            nonlocal last, failing
            if event == "line":
                line = frame.f_lineno
                marks[base + last * width + line if last else base + table + first * width + line] = 1
                last, failing = line, False
            elif event == "exception":
                failing = True
            elif event == "return" and last and not failing and code.co_code[frame.f_lasti] in returns:
                marks[base + 2 * table + last * width + first] = 1
            return follow

        return follow

    sys.settrace(begin)


def measure_the_sandbox(bubblewrap) -> None:
    """Have what is started in a sandbox follow its lines, and see the file of marks."""
    import inspect

    if not MARKS.exists():
        MARKS.write_bytes(b"")
        MARKS.chmod(0o666)
        os.truncate(MARKS, SIZE)
    source = inspect.getsource(follow_lines)
    told = f"{source}\nfollow_lines({[str(MARKS), SEEN_AS]!r}, {INSIDE!r}, {WIDTH})\n"
    base = bubblewrap.base
    base.BOOTSTRAP = told.replace("{", "{{").replace("}", "}}") + base.BOOTSTRAP
    bound = bubblewrap._bound
    bubblewrap._bound = lambda *arguments: [*bound(*arguments), "--bind", str(MARKS), SEEN_AS]


class Finder(importlib.abc.MetaPathFinder):
    """Changes the modules that start sandboxes as soon as they have been imported."""

    def find_spec(self, name, path=None, target=None):
        if name != "evalsite.grading.sandboxes.bubblewrap":
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and spec.origin == str(ROOT / "evalsite/grading/sandboxes/bubblewrap.py"):
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                measure_the_sandbox(module)

            spec.loader.exec_module = exec_module
        return spec


def measure() -> None:
    """Measure this process from here to its end."""
    import atexit

    import coverage

    measured = coverage.Coverage(
        data_file=str(DATA / "coverage"), data_suffix=True, config_file=str(ROOT / "pyproject.toml"),
        source=[str(ROOT / "evalsite")], messages=False,
    )  # fmt: skip
    measured._warn_no_data = measured._warn_unimported_source = False

    def write() -> None:
        measured.stop()
        measured.save()

    measured.start()
    atexit.register(write)
    sys.meta_path.insert(0, Finder())


if __name__ == "sitecustomize":
    DATA.mkdir(exist_ok=True)
    with contextlib.suppress(
        ImportError
    ):  # a Python of another virtual environment: nothing of ours to measure
        measure()
