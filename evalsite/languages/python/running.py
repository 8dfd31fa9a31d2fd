"""What Python programs need to be run and tested."""

import builtins
import functools
import re
import types
import warnings
from collections.abc import Iterable

from evalsite.languages.python import code
from evalsite.languages.running import PLAIN, Running

NUMPY = "numpy"
"""The environment that has packages at hand, too; numpy, if nobody names others."""
_DEFINED = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)", re.MULTILINE)
_IMPORTS = re.compile(r"\b(?:from|import|__import__|import_module)\b")


class PythonRunning(Running):
    """Python as the sandbox has it: the standard library, and packages for those who import them."""

    varying = re.compile(
        r"\b(?:default_rng|urandom|SystemRandom|Random\(\)|secrets|uuid[14]|getpid|perf_counter|monotonic|time_ns"
        r"|time\.time|import time|from time|now\(|utcnow\(|today\()"
    )
    """``random`` itself begins with the same seed in each sample."""

    def environment(self, source: str, tests: str, packages: tuple[str, ...] = (NUMPY,)) -> str:
        """The one with packages if the program or its tests import one of them."""
        return NUMPY if _may_import(source, packages) or _tests_may_import(tests, packages) else PLAIN

    def own_names(self, reference: str, entry_point: str) -> tuple[str, ...]:
        """Built-ins among the entry point and the names at the reference solution's top level."""
        return _own_names(reference, entry_point)

    def entry_function(self, reference: str, entry_point: str) -> str:
        """The entry point, unless the reference solution defines a class of that name."""
        return "" if entry_point in _classes(reference) else entry_point

    def shared_names(self, reference: str) -> tuple[str, ...]:
        """By the compiler's own word: those of its functions' own variables are others."""
        return _global_names(reference)

    def asked_names(self, entry_point: str, reference: str, tests: str) -> tuple[str, ...]:
        """Without an entry point, whatever the reference solution defines, and what tests use undefined."""
        if entry_point.isidentifier():
            return (entry_point,)
        tree = code.parse(tests)
        used = code.missing_names(tree) if tree else set()
        return tuple(sorted(used | set(_DEFINED.findall(reference))))

    def stub(self, *names: str) -> str:
        """It raises rather than returning None, which is the right answer to all tests of a few problems."""
        return _functions(names, "raise NotImplementedError") or "raise NotImplementedError\n"

    def idle_stub(self, *names: str) -> str:
        """A fresh object each time, whatever it is called with."""
        return _functions(names, "return object()") or "pass\n"


def _functions(names: Iterable[str], body: str) -> str:
    return "\n".join(f"def {name}(*arguments, **options):\n    {body}\n" for name in names)


@functools.lru_cache(maxsize=2048)
def _global_names(reference: str) -> tuple[str, ...]:
    try:
        with warnings.catch_warnings(action="ignore"):
            found = [compile(reference, "<reference>", "exec", dont_inherit=True)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    names: set[str] = set()
    while found:
        code = found.pop()
        names.update(code.co_names)
        found += [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return tuple(sorted(names))


@functools.lru_cache(maxsize=2048)
def _own_names(reference: str, entry_point: str) -> tuple[str, ...]:
    names = {entry_point}
    names.update(_DEFINED.findall(reference))
    names.update(re.findall(r"^(\w+)\s*=", reference, re.MULTILINE))
    return tuple(sorted(name for name in names if hasattr(builtins, name)))


def _may_import(source: str, packages: tuple[str, ...]) -> bool:
    """Whether a line imports something and names one of them, as ``import math, numpy as np`` does."""
    named = [package for package in packages if package in source]
    if not named:
        return False
    pattern = _any_of(tuple(named))
    lines = (line.partition("#")[0] for line in source.replace("\\\n", " ").split("\n"))
    return any(pattern.search(line) and _IMPORTS.search(line) for line in lines)


@functools.cache
def _any_of(packages: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, packages))})\b")


_tests_may_import = functools.lru_cache(maxsize=4096)(_may_import)


@functools.lru_cache(maxsize=2048)
def _classes(reference: str) -> frozenset[str]:
    return frozenset(re.findall(r"^class\s+(\w+)", reference, re.MULTILINE))
