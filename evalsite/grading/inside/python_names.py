"""The names of the tests: their own, and behind them the program's."""

import builtins
import sys
import types
from typing import Any

_CONSTANTS = (int, float, str, bytes)
"""Types of what programs and tests may both give a name, such as a modulus."""


class Names(dict[str, Any]):
    """The names of the tests: their own, and behind them the program's, as they stand there now."""

    def __init__(self, side: Any, defined: list[str], wanted: list[str], own: frozenset[str]) -> None:
        """``side`` asks for the tests; ``own`` are names of built-ins that they mean the program's by."""
        super().__init__(__name__="program", __builtins__=builtins)
        self._side = side
        known = vars(builtins)
        self._defined = {name for name in defined if name not in known or name in own}
        self._wanted = {name for name in wanted if name not in known}
        self.kept: dict[str, Any] = {}
        self.shared: frozenset[str] = frozenset()
        """Names that mean to the program what the tests make of them: those of its module that a right one
        speaks of, too. What else the tests know by a name is not told, whatever a program calls so: it finds
        that its own is gone."""
        self.lent: frozenset[str] = frozenset()
        """Functions and classes of the tests that a program may use by their names."""

    def __missing__(self, name: str) -> Any:
        if name not in self._defined:
            raise KeyError(name)
        if name in self.kept:
            return self.kept[name]
        value = self._side.ask("name", name)
        self.keep(name, value)
        return value

    def keep(self, name: str, value: Any) -> None:
        """Remember what the program's functions and classes are, which need not be asked for again."""
        if isinstance(value, types.FunctionType | type):
            self.kept[name] = value

    def define(self, name: str, value: Any) -> None:
        """Set a name of the program's."""
        self.kept.pop(name, None)
        self._side.tell(name, value)
        self._defined.add(name)

    def undefine(self, name: str) -> None:
        """Take a name of the program's away."""
        self.kept.pop(name, None)
        self._side.ask("undefine", name)
        self._defined.discard(name)

    def _hide(self, name: str, value: Any) -> None:
        """Put something of no use in place of what the program calls so, unless it is this very constant.

        That it is, is told before the first call alone: the expected result of each call may have a name.
        """
        if not self._side.gave and type(value) in _CONSTANTS:
            theirs = self._side.ask("name", name)
            if type(theirs) is type(value) and theirs == value:
                return
        self.kept.pop(name, None)
        self._side.ask("hide", name)

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        is_theirs = self._side.is_theirs(value)
        is_ours = isinstance(value, types.FunctionType | type) and not is_theirs
        if name in self._defined and not is_ours:
            if is_theirs or name in self.shared or isinstance(value, types.ModuleType):
                self.define(name, value)
            else:
                self._hide(name, value)
        elif name in self._wanted and is_ours and name in self.lent and not _is_test_case(value):
            self._side.lend(value)
            self._side.tell(name, value)
        elif name in self._wanted and isinstance(value, types.ModuleType | types.BuiltinFunctionType):
            self._side.tell(name, value)


def _is_test_case(value: Any) -> bool:
    """Whether it is a class that is handed what is right: ``self.assertEqual(found, right)``."""
    unittest = sys.modules.get("unittest")
    return unittest is not None and isinstance(value, type) and issubclass(value, unittest.TestCase)


class Program(types.ModuleType):
    """The module that the program is, as the tests see it."""

    def __init__(self, names: Names) -> None:
        super().__init__("program")
        vars(self)["_names"] = names

    def __getattr__(self, name: str) -> Any:
        try:
            return vars(self)["_names"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        vars(self)["_names"].define(name, value)

    def __delattr__(self, name: str) -> None:
        vars(self)["_names"].undefine(name)
