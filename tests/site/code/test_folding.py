"""What of a program is folded away: its prompt, and most of a long one."""

from evalsite.languages.python import PYTHON
from evalsite.site.code.folding import LONG, SHOWN, blocks, of_prompt
from evalsite.site.code.highlighting import numbered

PROMPT = ["import os", "", "def f(x):", "    # Twice", "    # as much.", "    # >>> f(1)", ""]


def shape(program, failed=None, prompt=PROMPT):
    """How many lines each block has, and what is said of those that are folded."""
    found = blocks(numbered(program, PYTHON, failed), program.split("\n"), prompt)
    return [(len(one.lines), one.folded) for one in found]


def test_the_prompt_folds_wherever_it_stands():
    """At the beginning, and again where an answer repeats it whole or from its definition on."""
    asked, again = "\n".join(PROMPT[:6]), "\n".join(PROMPT[2:6])
    assert shape(f"{asked}\n    return 2 * x") == [(6, "prompt, 6 lines"), (1, "")]
    assert shape(f"{asked}\n{again}\n    return 2 * x") == [(10, "prompt, 10 lines"), (1, "")]
    assert shape(f"y = 1\n{again}\n    return 2 * x") == [(1, ""), (4, "prompt, 4 lines"), (1, "")]


def test_what_only_resembles_the_prompt_stays():
    """A line or two are not worth a fold, nor is a part of it."""
    assert shape("import os\n\nx = 1") == [(3, "")]
    assert shape("def f(x):\n    # Twice\n    return x") == [(3, "")]
    assert of_prompt(["a", "b", "c"], []) == frozenset()


def test_a_long_program_folds_but_for_its_beginning_and_its_failure():
    """The line that failed keeps those around it, wherever it stands."""
    program = "\n".join(f"x{i} = {i}" for i in range(LONG + 1))
    assert shape(program) == [(SHOWN, ""), (LONG + 1 - SHOWN, f"{LONG + 1 - SHOWN} more lines")]
    long = "\n".join(f"x{i} = {i}" for i in range(2500))
    assert shape(long, failed=2001) == [
        (80, ""),
        (1908, "1,908 more lines"),
        (25, ""),
        (487, "487 more lines"),
    ]
    assert shape("\n".join(f"x{i}" for i in range(LONG))) == [(LONG, "")]
