"""What runs beside hostile code stands by itself."""

import ast
import sys
from pathlib import Path

import pytest

from evalsite.grading import inside

FOLDER = Path(inside.__file__).parent
HERE = "evalsite.grading.inside"


def imported(path):
    """Every module that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_it_imports_the_standard_library_and_its_siblings_alone(path):
    """Nothing else is there, nor should a program find it."""
    others = [name for name in imported(path) if name != HERE and not name.startswith(f"{HERE}.")]
    assert {name.partition(".")[0] for name in others} <= set(sys.stdlib_module_names)
