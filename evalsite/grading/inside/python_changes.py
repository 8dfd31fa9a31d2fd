"""What tests change about modules, for the program, whose modules are those of another process."""

import os
import re
import sys
from operator import is_
from typing import Any

_WELL_KNOWN = re.compile(
    r"os|sys|builtins|random|time|datetime|math|io|json|re|pathlib|subprocess|uuid|secrets|string|requests|shutil"
    r"|tempfile|glob|socket|logging|collections|itertools|functools|numpy(\.\w+)*"
)
"""Modules that tests change parts of."""


class Watched:
    """Modules of the library whose parts the tests may replace, as they were before."""

    def __init__(self) -> None:
        import shutil  # noqa: F401 - which is not imported beforehand

        self._modules = [module for name, module in sys.modules.items() if _WELL_KNOWN.fullmatch(name)]
        self._before = [dict(vars(module)) for module in self._modules]
        self._environ = dict(os.environ)
        self._told: dict[tuple[str, str], Any] = {}
        self._told_environ = self._environ

    def changes(self) -> list[tuple[Any, ...]]:
        """Questions that bring the program's modules to where the tests' are."""
        now: dict[tuple[str, str], Any] = {}
        for module, before in zip(self._modules, self._before, strict=True):
            names = vars(module)
            if len(names) != len(before) or not all(map(is_, names.values(), before.values())):
                now |= {
                    (module.__name__, name): value
                    for name, value in names.items()
                    if before.get(name, self) is not value and not name.startswith("__")
                }
        questions: list[tuple[Any, ...]] = [("unpatch", *key) for key in self._told if key not in now]
        questions += [
            ("patch", *key, value) for key, value in now.items() if self._told.get(key, self) is not value
        ]
        self._told = now
        environ = dict(os.environ)
        if environ != self._told_environ:
            questions.append(("environ", environ))
            self._told_environ = environ
        return questions
