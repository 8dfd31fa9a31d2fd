"""Programs of a language, compiled and run in the sandbox with one problem's tests.

They stand in a file ``judged.txt`` in the language's folder: a line ``== tests``, then the tests; and for
each program a line ``== VERDICT: what it does``.
"""

import os
import re
from pathlib import Path

import pytest

from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.toolchains import find_tool
from evalsite.languages import LANGUAGES
from evalsite.rundir.schema import Limits, Problem, Program

LIMITS = Limits(cpu_s=1.0, wall_factor=8.0, memory_mib=384, disk_mib=64)
MARKS = [pytest.mark.sandbox, pytest.mark.linux, pytest.mark.xdist_group("toolchains")]


def lacking(language):
    """Tools that this machine lacks; where it has to have all (CI), none is forgiven."""
    missing = [tool.name for tool in LANGUAGES[language].toolchain.tools if not find_tool(tool)]
    return [] if os.environ.get("CI") else missing


class Judged:
    """What a language's file holds."""

    def __init__(self, language):
        self.language = language
        text = Path(__file__).with_name(language).joinpath("judged.txt").read_text("utf-8")
        heads = re.split(r"^== (.+)\n", text, flags=re.MULTILINE)[1:]
        (_, self.tests), *programs = zip(heads[::2], heads[1::2], strict=True)
        named = [(head.split(": ", 1), source) for head, source in programs]
        self.expected = {name: verdict for (verdict, name), _ in named}
        self.programs = {name: source for (_, name), source in named}

    def verdicts(self, sandbox=None):
        """Name -> verdict of each program."""
        return verdicts(self.language, self.tests, self.programs, sandbox=sandbox)


def verdicts(language, tests, programs, *, sandbox=None, limits=LIMITS, packages=""):
    """Name -> verdict of each program, by name -> source."""
    problem = Problem(
        task_id="Demo/0",
        prompt="",
        kind="code",
        entry_point="f",
        tests=tests,
        reference="",
        language=language,
    )
    with Grader(LocalExecutor(limits, sandbox=sandbox, workers=2, packages=packages)) as grader:
        futures = {
            name: grader.submit(Job(Program(problem="Demo/0", sample=n, source=source, rule="test"), problem))
            for n, (name, source) in enumerate(programs.items())
        }
        return {name: future.result() for name, future in futures.items()}
