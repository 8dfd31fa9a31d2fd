"""Exercises of several files: their modules, as tests and as programs import them."""

import importlib
import os
import sys
import types
from collections.abc import Iterable
from typing import Any

from evalsite.grading.inside.messages import TESTS
from evalsite.grading.inside.python_cases import run_cases

_before: dict[str, types.ModuleType | None] = {}
"""What stood where modules were made known."""
_helpers: list[types.ModuleType] = []


def lay_out(files: dict[str, str], modules: Iterable[str]) -> None:
    """Write files into this process' own folder, and import some by their names."""
    folder = os.getcwd()  # noqa: PTH109 - as the program's process has it
    for path, text in files.items():
        os.makedirs(os.path.dirname(f"{folder}/{path}"), exist_ok=True)  # noqa: PTH103, PTH120
        with open(f"{folder}/{path}", "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(text)
    sys.dont_write_bytecode = True
    sys.path.insert(0, folder)
    for name in modules:
        importlib.import_module(name)


def know(program: Iterable[str], helpers: dict[str, str]) -> None:
    """Let names mean the program's module, and others modules that are made of sources here."""
    _forget()
    for name in program:
        _before[name] = sys.modules.get(name)
        sys.modules[name] = sys.modules["program"]
    for name, source in helpers.items():
        module = types.ModuleType(name)
        _before[name] = sys.modules.get(name)
        sys.modules[name] = module
        _helpers.append(module)
        exec(compile(source, f"{TESTS}/{name}", "exec", dont_inherit=True), vars(module))  # noqa: S102


def run(values: Iterable[Any]) -> None:
    """Run the test cases among some values, and those of the modules that were made known."""
    cases = [*values, *(each for module in _helpers for each in vars(module).values())]
    try:
        run_cases(dict.fromkeys(each for each in cases if isinstance(each, type)))
    finally:
        _forget()


def _forget() -> None:
    for name, module in _before.items():
        if module is None:
            sys.modules.pop(name, None)
        else:
            sys.modules[name] = module
    _before.clear()
    _helpers.clear()
