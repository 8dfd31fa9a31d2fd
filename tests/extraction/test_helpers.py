"""Brings along what a block lacks and other blocks of the answer define, in files of their own, too."""

import pytest

from tests.extraction.answers import FUNCTION, fenced, passes, program

IMPORT = "from itertools import accumulate\n"
SIZE = "def size(numbers):\n    return list(accumulate(numbers, initial=0))[-1]\n"
MOVED = "def moved(numbers):\n    return size(n + OFFSET for n in numbers)\n"
OFFSET = "OFFSET = 3\n"
MAIN = "def total(numbers):\n    return math.isqrt(moved(numbers))\n"
WHOLE = "import math\n" + IMPORT + OFFSET + SIZE + MOVED
BASE = "class Base:\n    step = 3\n"
LEAF = "class Leaf(Base):\n    pass\n"
BY_CLASS = "def total(numbers):\n    return math.isqrt(sum(n + Leaf.step for n in numbers))\n"
ORDERS = {
    "each uses an earlier one": (IMPORT, SIZE, OFFSET, MOVED, MAIN),
    "each uses a later one": (MAIN, MOVED, OFFSET, SIZE, IMPORT),
    "the function in the middle": (SIZE, MAIN, IMPORT, MOVED, OFFSET),
    "an import alone": (IMPORT, OFFSET + SIZE + MOVED, MAIN),
    "all names of a module": ("from itertools import *\n", SIZE, OFFSET + MOVED, MAIN),
    "classes": (BASE, LEAF, BY_CLASS),
    "classes, the other way round": (BY_CLASS, LEAF, BASE),
    "each needs the other": (
        "def odd(n):\n    return n and even(n - 1)\n",
        "def even(n):\n    return not n or odd(n - 1)\n",
        "def total(numbers):\n    return math.isqrt(sum(n + 3 for n in numbers)) if even(2) else 0\n",
    ),
}


@pytest.mark.parametrize("order", ORDERS)
def test_helpers_are_found_before_and_behind_the_function(order: str) -> None:
    """With what they need in turn, which comes before them."""
    found = program("\nand\n".join(map(fenced, ORDERS[order])))
    assert found.rule.startswith("fenced+joined")
    assert passes(found)


def test_a_helper_of_hundreds_of_links_is_brought_along() -> None:
    """One behind the other, the last one first."""
    count = 150
    links = [f"def f{n}(x):\n    return f{n - 1}(x)\n" for n in range(1, count)]
    pieces = [
        "def f0(x):\n    return x + 3\n",
        *links,
        MAIN.replace("moved(numbers)", "sum(map(f149, numbers))"),
    ]
    assert passes(program("\n".join(map(fenced, pieces))))
    assert passes(program("\n".join(map(fenced, reversed(pieces)))))


def test_a_name_that_nobody_defines_stays_the_models_mistake() -> None:
    """However many blocks there are."""
    assert not passes(program(fenced(IMPORT) + fenced(SIZE) + fenced(MAIN)))


HEREDOCS = "```bash\ncat > h.py <<'EOF'\n{0}EOF\ncat > main.py <<'EOF'\n{1}EOF\npython main.py\n```"
SHOWN = {
    "headings": "`helpers.py`\n```python\n{0}```\n`main.py`\n```python\n{1}```",
    "comments": "```python\n# utils/groups.py\n{0}```\n```python\n# main.py\n{1}```",
    "the function first": "```python\n{1}```\n**h.py**\n```python\n{0}```",
    "info": "```python h.py\n{0}```\n```python title='main.py'\n{1}```",
    "heredocs": HEREDOCS,
    "bare heredocs": HEREDOCS.replace("```bash\n", "").replace("\n```", ""),
    "appended": "```sh\nmkdir x\ncat <<EOF >h.py\n{0}EOF\ncat <<EOF >> main.py\n{1}EOF\n```",
    "pages": "<pre><code>{0}</code></pre><pre><code>{1}</code></pre>",
    "a diff": "```diff\ndiff --git a/h.py b/h.py\n--- /dev/null\n+++ b/h.py\n@@ -0,0 +1,9 @@\n{2}"
    "diff --git a/main.py b/main.py\n--- /dev/null\n+++ b/main.py\n@@ -0,0 +1,4 @@\n{3}```",
    "a patch": "*** Begin Patch\n*** Add File: h.py\n{2}*** Add File: main.py\n{3}*** End Patch\nDone.",
}
IMPORTS = {
    "from h import moved": "moved(",
    "from helpers import moved, OFFSET": "moved(",
    "from utils.groups import moved as m": "m(",
    "from .h import (\n    moved,\n    size,\n)": "moved(",
    "from h import *": "moved(",
    "import h": "h.moved(",
    "from utils import h": "h.moved(",
    "from utils import h, k as tools": "tools.moved(h.size([2])-2 or ",
    "import h as tools": "tools.moved(",
    "import utils.groups as g": "g.moved(",
    "try:\n    from h import moved\nexcept ImportError:\n    raise": "moved(",
}


def _plus(code: str) -> str:
    return "".join(f"+{line}\n" for line in code.splitlines())


@pytest.mark.parametrize("line", IMPORTS)
@pytest.mark.parametrize("way", SHOWN)
def test_imports_from_files_that_the_answer_shows(way: str, line: str) -> None:
    """The code of these files takes their place."""
    main = f"{line}\n\n{MAIN.replace('moved(', IMPORTS[line])}"
    found = program(SHOWN[way].format(WHOLE, main, _plus(WHOLE), _plus(main)))
    assert "own-files" in found.rule.split("+")
    assert passes(found)


def test_an_import_within_the_function_and_files_that_import_one_another() -> None:
    """Each file's imports give way."""
    inside = MAIN.replace("    return", "    from h import moved; from k import size\n    return")
    moved = "from k import size\nimport constants\n" + MOVED.replace("OFFSET", "constants.OFFSET")
    found = program("".join(map(fenced, (IMPORT + SIZE, OFFSET, moved, inside))))
    assert passes(found)


@pytest.mark.parametrize(
    "line",
    [
        "from statistics import mean",  # standard
        "from numpy import mean",  # may be installed
        "from h import mean, other",  # not all of them are shown
        "import h\nfound = [h]\nx = h.mean",  # more is done with it
        "import h, k\nx = h.mean",
        "try:\n    from h import mean\nexcept ImportError:\n    def mean(numbers):\n        return 1\n",
    ],
)
def test_imports_that_stay(line: str) -> None:
    """What the answer does not show, or is somebody else's, is imported as it says."""
    helper = "def mean(numbers):\n    return 0\n"
    found = program(fenced(helper) + fenced(f"{line}\n{FUNCTION}"))
    assert line in found.source
    assert "own-files" not in found.rule


@pytest.mark.parametrize(
    "tests",
    [
        "from solution import total\nassert total([]) == 0\n",
        "from .solution import total\n\ndef test_it():\n    assert total([]) == 0\n",
        "import sys\nfrom impl import total\nprint(total([1, 2]))\n",
    ],
)
def test_a_file_that_imports_the_function_is_not_the_one_that_defines_it(tests: str) -> None:
    """In whichever order they come."""
    for pieces in ((tests, FUNCTION), (FUNCTION, tests)):
        found = program("and\n".join(map(fenced, pieces)))
        assert passes(found)
        assert "import total" not in found.source
    assert passes(
        program(fenced(FUNCTION.replace("total", "whole")) + fenced("from impl import whole as total\n"))
    )


def test_what_another_file_shows_wrongly_is_wrong() -> None:
    """The helper counts as it stands."""
    wrong = WHOLE.replace("OFFSET = 3", "OFFSET = 9")
    assert not passes(program(fenced(wrong) + fenced(f"from h import moved\n{MAIN}")))
