"""Long texts of which each asks a reader for something else, and a guard on what reading them takes.

A rule that takes more than linear time on one of them takes minutes to hours at this length, and a limit on
CPU time ends it. What takes longer than it should on a usual machine is held to how its time grows with the
text. The last text is of a million characters; the others are shorter, with a limit that is shorter by the
square of that, and tell as much. To be shorter by half with a quarter of the time finds the same rules for
half the price; 0.125 s for 100,000 characters are as strict as 12.5 s for the million.
"""

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice

from tests.growing import grows_faster_than_its_text

SIZE = 100_000
LONGEST = 10
"""Times the size: the last text."""
MOST_CPU_S = 0.125
"""Of the texts of that size; the last one may take nine times as long. What takes longer is looked at again:
the machine may be slow."""
PATIENCE = 4
"""So many times as long may they take who are fed less, as they take some time for each character."""
LAST = "all by turns"

UNITS = (
    *(" ", "\n", "\t", " \n", "\n ", "\r", "`", "```", "```\n", "``` ", "~~~\n", "```python\n"),
    *("'", '"', "'''", '"""', "\\", "(", "[", "{", "([{", "()", "[]", "{}", "<", "<think>", "</think>"),
    *("<think><thought>", "<think></thought>", "<think>\n", "<script", "<script>", "</style>", "<!--"),
    *("[PYTHON]", "[/PYTHON]", "[PYTHON] ", "import ", "import a ", "from a ", "class a", "def ", "def a"),
    *("async ", "@", "a", "a ", "a=", "a\n", "x = 1\n", "x = (\n", "return ", "return\n", "__name__"),
    *("__main__", "# ", "&", "&lt;", "&#1", "&#", "<|a", "<|", "</s>", "numpy", "import\n", "numpy\n"),
    *("//", "//a", "@a", "/", ">>> ", "... ", "\u00a0", "\u200b", "“", "=", "-", ">", "*", "_", "~", "|"),
    *("+", "1", "1+", "0,", "f'{", "é", "\x00", "\u202e", "if 1:\n", "elif a:\n"),
    *("> ", "> ```\n", "x ```\n", "<pre>", "<|channel|>final", "[THINK]", "analysis", "1 a\n", "In [1]: "),
    *(
        "<br>",
        "<span>",
        "<a ",
        "<!-- <pre>-->\n",
        "<![CDATA[",
        "]]>",
        "*** Begin Patch\n",
        "*** Add File: a\n",
    ),
    *("from a import b\n", "import a\na.b\n", "cat <<E\n", "cat <<E\nE\n", "```\na\n```\n"),
    *('File "<program>", line 1', 'File "<program>, line '),
)
"""What the texts repeat."""
CALLS = (
    *(
        "<tool_call>",
        "</tool_call>",
        "<tool_call>{",
        '<tool_call>{"name": "f", ',
        "<function=f>",
        "<parameter=x>",
    ),
    *(
        "</parameter>",
        "<invoke name=",
        "[TOOL_CALLS]",
        "[TOOL_CALLS]f{",
        "[ARGS]",
        "<|python_tag|>f(x=",
        "f(x=1), ",
    ),
    *(
        "<|tool_call_begin|>",
        "functions.f:0<|tool_call_argument_begin|>",
        "<｜tool▁call▁begin｜>",
        "<｜DSML｜",
    ),
    *(
        "to=functions.",
        "to=functions.f json{",
        "<|message|>",
        "<arg_key>x</arg_key><arg_value>",
        "functools[",
    ),
    *(
        '{"name": ',
        '{"name": "f", "arguments": ',
        '{"name": "f", "arguments": {',
        '{"a": [',
        "f(x=[",
        "f(x={'a':",
    ),
    *(
        "f(x=",
        "f();",
        'f(x="',
        "<start_function_call>call:f{x:<escape>",
        "<tool_calls>[",
        '"\\"',
        "[{",
        '"x\\',
    ),
)
"""What texts with calls repeat, beside the others."""
FRAMES = (
    ("", ""),
    ("```", "```"),
    ("```python\ndef f(x):\n  return x\n```\n", ""),
    ("class a", "!"),
    ("def f(x):\n    ", "\n"),
    ("import", "!"),
    ("&#", ";"),
)
"""What stands before and behind some of them."""


def hostile_texts(size: int = SIZE, units: Sequence[str] = UNITS) -> Iterator[tuple[str, str]]:
    """Yield a name and a text: one thing again and again, and several by turns."""
    for unit in units:
        repeated = unit * (size // len(unit))
        for before, behind in FRAMES if unit in (" ", "\n", "`", "a", "1") else FRAMES[:1]:
            yield f"{before!r} {unit!r} {behind!r}", f"{before}{repeated}{behind}"
    for step in (3, 7, 11):
        turns = islice(cycle(units), 0, None, step)
        yield f"every {step}th by turns", "".join(islice(turns, size // 4))
    longest = LONGEST * size
    yield LAST, "".join(islice(cycle(units), longest))[:longest]


def feed(read: Callable[[str], object], size: int = SIZE, units: Sequence[str] = UNITS) -> None:
    """Have each text read; the process ends where one takes more than its share of CPU time, and more than a
    shorter one takes by the length.

    By the process's own clock: the kernel's limit, which ends what never would, counts the clock's ticks, and
    drifts by seconds on a machine that others share.
    """
    for name, text in hostile_texts(size, units):
        print(name, flush=True)
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = MOST_CPU_S * (LONGEST - 1 if name == LAST else 1) * (1 if size >= SIZE else PATIENCE)
        limit = int(used.ru_utime + used.ru_stime) + 60
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        begun = time.process_time()
        read(text)
        took = time.process_time() - begun
        if took > most and grows_faster_than_its_text(read, text):
            raise SystemExit(f"{name}: {took:.1f} s")
