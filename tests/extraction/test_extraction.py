"""Answers as servers really give them, and the programs that they amount to.

Each answer here is right if it is read right: the program found is executed, tests and all.
"""

import ast
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsite.extraction import EXTRACTION_VERSION, RULES
from tests.extraction.answers import BODY, FUNCTION, PROMPT, fenced, passes, program

DRAFT = fenced(FUNCTION.replace("isqrt", "wrong"))
INDENTED = FUNCTION.replace("\n", "\n   ").rstrip(" ")

CORPUS = [
    (before, wrapped, after)
    for before in ("", "Sure, here it is.\n\n", "<think>\nHm.\n</think>\n")
    for wrapped in (
        fenced(FUNCTION),
        fenced(BODY),
        fenced(PROMPT + BODY),
        FUNCTION,
        BODY,
        DRAFT,
        f"[PYTHON]\n{FUNCTION}[/PYTHON]\n",
        f"1. So:\n   ```python\n   {INDENTED}   ```\n",
        fenced("def root(x):\n    return math.isqrt(x)\n") + fenced(FUNCTION.replace("math.isqrt", "root")),
        fenced(f"{FUNCTION}\nprint(total([1]))\n"),
        "I cannot do that.\n",
    )
    for after in ("", "\nThis works because it sums.\n", fenced("3\n", "text"))
]
"""Never changed, so that what is made of it changes with the rules alone."""
RECORDED = ("5", "47dfcbfa1fb8a40c")
"""Version of the rules, and a digest of what they make of the corpus."""

ANSWERS: dict[str, tuple[str, str]] = {
    "a fence with its language": (f"Sure!\n\n{fenced(FUNCTION)}\nIt sums.", "fenced"),
    "a fence without one": (f"Here:\n{fenced(FUNCTION, '')}", "fenced"),
    "a fence of another name": (fenced(FUNCTION, "Python3"), "fenced"),
    "a fence with attributes": (fenced(FUNCTION, "{.python .numberLines}"), "fenced"),
    "a fence of tildes": (f"~~~python\n{FUNCTION}~~~\n", "fenced"),
    "a longer fence": (f"````md\n{FUNCTION}````\n", "fenced"),
    "an indented fence in a list": (f"1. Like this:\n   ```python\n   {INDENTED}   ```\n", "fenced+dedented"),
    "a fence that is never closed": (f"Sure:\n```python\n{FUNCTION}", "fenced-open"),
    "a fence closed at the end of a line": (f"```python\n{FUNCTION.rstrip()}```", "fenced"),
    "a fence closed there, prose behind": (f"```python\n{FUNCTION.rstrip()}```\nDone.\n", "fenced"),
    "code on the line of the fence": (f"```python {FUNCTION}```\n", "fenced"),
    "code right behind the fence": (f"```{FUNCTION}```\n", "fenced"),
    "CodeLlama's tags": (f"[PYTHON]\n{FUNCTION}[/PYTHON]\n[TESTS]\nx\n[/TESTS]", "fenced"),
    "no fence at all": (FUNCTION, "whole-answer"),
    "no fence, prose around": (f"Sure, here it is.\n\n{FUNCTION}\nThis works because it sums.\n", "in-prose"),
    "prose that looks like code": (f"Note: this\n\n{FUNCTION}\nResult: fine\n", "in-prose"),
    "the whole prompt again": (fenced(PROMPT + BODY), "fenced"),
    "only the body": (fenced(BODY), "body"),
    "only the body, an import missing": (
        fenced("    return operator.index(math.isqrt(sum(map(shift, numbers))))\n"),
        "body+imports",
    ),
    "only the body, without a fence": (BODY, "body"),
    "only the body, its first indent lost": (fenced("root = 0\n    " + BODY.lstrip()), "body"),
    "only the body, prose behind": (BODY + "\nThis returns the root.\n", "body"),
    "an example in a block of its own": (
        f"{fenced(FUNCTION)}\nUsage:\n{fenced('print(total([1, 2]))' + chr(10))}",
        "fenced",
    ),
    "output in a block of its own": (
        f"{fenced(FUNCTION)}\nprints\n{fenced('3' + chr(10), 'text')}",
        "fenced",
    ),
    "a shell command first": (f"{fenced('pip install x' + chr(10), 'bash')}{fenced(FUNCTION)}", "fenced"),
    "a helper in another block": (
        fenced("def root(x):\n    return math.isqrt(x)\n")
        + "and\n"
        + fenced(FUNCTION.replace("math.isqrt", "root")),
        "fenced+joined",
    ),
    "a helper in a later block": (
        fenced(FUNCTION.replace("math.isqrt", "root")) + fenced("def root(x):\n    return math.isqrt(x)\n"),
        "fenced+joined",
    ),
    "the stub first, then the answer": (
        fenced('def total(numbers):\n    """ The task. """\n    pass\n') + fenced(FUNCTION),
        "fenced",
    ),
    "two answers": (
        fenced(FUNCTION) + "Alternatively:\n" + fenced("def total(n):\n    return 1\n"),
        "fenced",
    ),
    "reasoning first": (f"<think>\nMaybe {DRAFT}? No.\n</think>\n{fenced(FUNCTION)}", "fenced"),
    "reasoning without its beginning": (f"Maybe {DRAFT}? No.\n</think>\n\n{fenced(FUNCTION)}", "fenced"),
    "a fence inside the docstring": (
        fenced('def total(numbers):\n    """\n    ```\n    total([1])\n    ```\n    """\n' + BODY),
        "fenced",
    ),
    "input and output around it": (
        fenced(f"{FUNCTION}\nn = int(input())\nprint(total([n] * n))\n"),
        "fenced+examples",
    ),
    "an example that is wrong": (fenced(f"{FUNCTION}\nassert total([1]) == 77\n"), "fenced+examples"),
    "a main block": (fenced(f'{FUNCTION}\nif __name__ == "__main__":\n    input()\n'), "fenced+examples"),
    "a main function": (
        fenced(f"{FUNCTION}\ndef main():\n    print(total([int(input())]))\n\nmain()\n"),
        "fenced+examples",
    ),
    "a loop of examples": (
        fenced(f"{FUNCTION}\ncases = [[1], 'x']\nfor case in cases:\n    print(case, total(case))\n"),
        "fenced+examples",
    ),
    "an example between two functions": (
        fenced("def half(x):\n    return x / 2\n\nprint(half('x'), total([1]))\n\n" + FUNCTION),
        "fenced+examples",
    ),
    "unittest at the end": (
        fenced(f"import unittest\n{FUNCTION}\nclass T(unittest.TestCase):\n    pass\n\nunittest.main()\n"),
        "fenced+examples",
    ),
    "an example that was cut off": (
        fenced(FUNCTION)[:-4] + "\nprint(total([1, 2,",
        "fenced-open+trimmed",
    ),
    "tabs": (fenced(FUNCTION.replace("    ", "\t")), "fenced"),
    "spaces that a page escaped": (fenced(FUNCTION.replace("    ", "&nbsp;" * 4)), "fenced+unescaped+spaces"),
    "tabs of eight columns": (
        fenced(FUNCTION.replace("    return", "    if True:\n\treturn", 1)),
        "fenced+tabs",
    ),
    "tabs and spaces mixed": (
        fenced("def total(numbers):\n    x = 1\n\treturn math.isqrt(sum(shift(n) for n in numbers))\n"),
        "fenced+tabs",
    ),
    "Windows line ends": (fenced(FUNCTION).replace("\n", "\r\n"), "fenced"),
    "old Mac line ends": (fenced(FUNCTION).replace("\n", "\r"), "fenced"),
    "a special token behind the fence": (fenced(FUNCTION).rstrip() + "<|im_end|>", "fenced"),
    "a special token behind the code": (FUNCTION.rstrip() + "</s>\n", "whole-answer"),
    "a byte order mark": ("\ufeff" + FUNCTION, "whole-answer"),
    "non-breaking spaces": (fenced(FUNCTION.replace("    ", "\u00a0\u00a0\u00a0 ")), "fenced+spaces"),
    "zero-width spaces": (fenced(FUNCTION.replace("(", "(\u200b")), "fenced+spaces"),
    "HTML escapes": (
        fenced(FUNCTION + "def less(a, b):\n    return a < b and b > a\n")
        .replace("<", "&lt;")
        .replace(">", "&gt;"),
        "fenced+unescaped",
    ),
    "HTML escapes that happen to compile": (fenced(f"{FUNCTION}LESS = 1 &lt; 2\n"), "fenced+unescaped"),
    "typographic quotes": (fenced(f"{FUNCTION}NAME = “x”\n"), "fenced+quotes"),
    "several of these at once": (
        fenced(FUNCTION.replace("    ", "\u00a0   ") + "NAME = “x”\n"),
        "fenced+spaces+quotes",
    ),
    "an interpreter's prompts": (
        fenced(
            ">>> def total(numbers):\n...     return math.isqrt(sum(map(shift, numbers)))\n...\n>>> 1\n1\n"
        ),
        "fenced+prompts",
    ),
    "a missing import": (
        fenced(
            "def total(numbers):\n    return int(operator.add(math.isqrt(sum(map(shift, numbers))), 0))\n"
        ),
        "fenced+imports",
    ),
    "future imports": (fenced("from __future__ import annotations\n\n" + FUNCTION), "fenced"),
    "a decorator and a helper": (
        fenced(
            "import functools\n\ndef traced(f):\n    return functools.wraps(f)(lambda *a: f(*a))\n\n@traced\n"
            + FUNCTION
        ),
        "fenced",
    ),
    "a table filled by a loop": (
        fenced(
            "ROOTS = []\nfor n in range(99):\n    ROOTS.append(math.isqrt(n))\n\n\n"
            + FUNCTION.replace(
                "math.isqrt(sum(shift(n) for n in numbers))", "ROOTS[sum(map(shift, numbers))]"
            )
        ),
        "fenced",
    ),
    "a later redefinition": (fenced("def total(n):\n    return 0\n\n\n" + FUNCTION), "fenced"),
    "an alias": (fenced(FUNCTION.replace("total", "solve") + "\ntotal = solve\n"), "fenced"),
    "a lambda": (fenced("total = lambda ns: math.isqrt(sum(map(shift, ns)))\n"), "fenced"),
    "a helper redefined": (fenced("def shift(n):\n    return n + 3\n\n\n" + FUNCTION), "fenced"),
    "the helper of the prompt again": (fenced(PROMPT.split("def total")[0] + FUNCTION), "fenced"),
    "a global that the user would type": (
        fenced("limit = 0\n\n\ndef total(numbers):\n    return max(limit, " + BODY.strip()[7:] + ")\n"),
        "fenced",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_right_answer_passes_however_it_is_given(name: str) -> None:
    """And the rule that found the program is recorded."""
    text, rule = ANSWERS[name]
    found = program(text)
    assert passes(found), found.source
    assert found.rule == rule
    assert set(rule.split("+")) <= RULES.keys()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "I'm sorry, but I can't help with that.",
        "Sure",
        "<think>\nI could write def total(numbers): return 1\n",
        "```python\n```\n",
        "```json\n{}\n```",
        "```bash\nls\n```",
        "The result = something nice, from my point of view",
    ],
)
def test_an_answer_without_code_is_no_code(text: str) -> None:
    """Nothing is executed, and the verdict says so instead of inventing a program."""
    found = program(text)
    assert (found.source, found.rule) == ("", "no-code")


@pytest.mark.parametrize(
    "text",
    [
        fenced("def total(numbers)\n    return 1\n"),
        "def total(numbers):\nreturn (1\n",
        fenced("def something_else(x):\n    return x\n"),
        "def something_else(x):\n    return x\n",
        "Sure, that is\n\ndef something_else(x):\n    return x\n\nand nothing more",
    ],
)
def test_a_wrong_answer_is_shown_for_what_it_is(text: str) -> None:
    """Broken code, or code without the function, stays visible, and fails."""
    found = program(text)
    assert "def " in found.source
    assert not passes(found)


def test_a_function_cut_off_in_the_middle_is_not_mended() -> None:
    """Half a function is no function: it stays a syntax error, marked as truncated."""
    found = program("```python\ndef total(numbers):\n    result = 0\n    for n in (", finish_reason="length")
    assert found.truncated
    assert not passes(found)
    assert "for n in (" in found.source


def test_example_calls_stay_in_the_program() -> None:
    """They are set aside, not thrown away: the reader sees all that the model wrote."""
    code = f"{FUNCTION}\nvalue = input()\n# say it\nprint(total([1]), value)\nassert total([2]) == 5\n"
    source = program(fenced(code)).source
    lines = [line.strip() for line in code.splitlines()]
    assert [line for line in lines if line in source] == lines


def test_a_statement_that_something_depends_on_is_never_set_aside() -> None:
    """``size`` comes from input() and the function reads it: that line runs."""
    code = "size = int(input())\n\n\ndef total(numbers):\n    return size\n\n\nprint(size)\n"
    assert "\nsize = int(input())\n" in program(fenced(code)).source


def test_helpers_of_the_prompt_are_there_for_the_tests_too() -> None:
    """Some tests call a function that only the prompt defines."""
    found = program(fenced("def total(numbers):\n    return 1\n"))
    assert "def shift" in found.source
    assert "def total(numbers: List" not in found.source


STATEMENTS = (
    "import os\n",
    "from collections import deque\n",
    "LIMIT = 7\n",
    "TABLE = {n: n * n for n in range(5)}\n",
    "def helper(x):\n    return x\n",
    "@staticmethod\ndef tool():\n    '''Text.'''\n",
    "class Node:\n    left = None\n",
    "for n in range(3):\n    LIMIT_SUM = n\n",
    "try:\n    import numpy\nexcept ImportError:\n    numpy = None\n",
    "print('hello')\n",
    "with open('/dev/null') as file:\n    pass\n",
    "assert True\n",
    "x = input if False else None\n",
)


@given(st.lists(st.sampled_from(STATEMENTS), max_size=5), st.lists(st.sampled_from(STATEMENTS), max_size=5))
def test_no_code_that_compiled_is_thrown_away(before: list[str], behind: list[str]) -> None:
    """Every statement of a block is in the program, in order, whatever stands around the function."""
    code = "".join(before) + FUNCTION + "".join(behind)
    found = ast.parse(program(f"Here:\n{fenced(code)}").source)
    flat: list[str] = []
    for node in found.body:
        guarded = isinstance(node, ast.If) and ast.unparse(node.test) == "False"
        flat += [ast.dump(each) for each in (node.body if guarded else [node])]
    remaining = iter(flat)
    wanted = [ast.dump(node) for node in ast.parse(code).body]
    assert wanted
    assert all(any(one == each for each in remaining) for one in wanted)


PIECES = [
    *"`~ \n\tdef(x):=#'",
    "```",
    "\n```python\n",
    "</think>",
    "return",
    "&lt;",
    '"""',
    "total",
    "input()",
    "é",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_text_breaks_extraction(text: str) -> None:
    """Whatever a model says, there is a program and a rule."""
    for form in ("response", "completion", "solution"):
        found = program(text, form)
        assert found.rule.split("+")[0] in RULES


def test_a_thousand_brackets_break_nothing() -> None:
    """Python's own parser gives up on these; extraction does not."""
    for text in (
        "(" * 5000,
        "x = " + "-" * 50_000 + "1",
        "\x00",
        "f'{" * 500,
        "def total():\n" + " if 1:\n" * 300,
    ):
        assert program(fenced(text + "\n")).rule
        assert program(text, "completion").rule


def test_the_version_is_recorded() -> None:
    """It counts up whenever the same answer can give another program."""
    found = [program(before + wrapped + after) for before, wrapped, after in CORPUS]
    digest = sha256("\0".join(f"{one.rule} {one.source}" for one in found).encode()).hexdigest()[:16]
    assert (EXTRACTION_VERSION, digest) == RECORDED, (
        "what is extracted has changed: raise EXTRACTION_VERSION, and record both"
    )
