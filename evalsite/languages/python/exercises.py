"""Python's exercises: modules, and tests that import them.

A program of one module alone is run as any program is, and its tests beside it, in a process of their own,
to which the module's name means the program. Several modules are laid out as files in the program's folder;
then tests share its process.
"""

import keyword
import re
from pathlib import PurePosixPath

from evalsite.languages.exercises import ExercisesAsSource, Files

_INSIDE = "from evalsite.grading.inside import python_files"


class PythonExercises(ExercisesAsSource):
    """Tests are classes of ``unittest``; files of tests may import one another."""

    def program(self, files: Files, tests: Files, other: Files) -> str:
        """The module; of several, what lays them out and imports them."""
        if not self.shares_process(files, tests, other):
            (text,) = files.values()
            return text
        return f"{_INSIDE}\n\npython_files.lay_out({dict(other) | dict(files)!r}, {_modules(files)!r})\n"

    def tests(self, files: Files, tests: Files, other: Files) -> str:
        """The first file of tests, between what makes modules known to it and what runs its cases."""
        (_, first), *helpers = sorted(tests.items(), key=lambda each: not _is_test(each[0]))
        known = [] if self.shares_process(files, tests, other) else _modules(files)
        beside = {_module(path): text for path, text in helpers if path.endswith(".py")}
        head = f"{_INSIDE}; python_files.know({known!r}, {beside!r})\n"
        return f"{head}{first}\n\npython_files.run(list(globals().values()))\n"

    def shares_process(self, files: Files, tests: Files, other: Files) -> bool:
        """Unless it is one module, by a name that can be imported, that needs nothing else, and its tests do
        not ask where code lies.
        """
        if len(files) != 1 or other or not _modules(files) or "/" in next(iter(files)):
            return True
        return any(map(_PLACES.search, tests.values()))


_PLACES = re.compile(r"\b(?:currentframe|getouterframes|_getframe|__file__|inspect\.stack)\b")


def _modules(files: Files) -> list[str]:
    """Names that files can be imported by."""
    return [name for path in files if path.endswith(".py") and (name := _module(path))]


def _module(path: str) -> str:
    parts = PurePosixPath(path).with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    return ".".join(parts) if all(map(_is_name, parts)) else ""


def _is_name(part: str) -> bool:
    return part.isidentifier() and not keyword.iskeyword(part)


def _is_test(path: str) -> bool:
    name = PurePosixPath(path).name
    return name.endswith("_test.py") or (name.startswith("test_") and "util" not in name)
