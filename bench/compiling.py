"""What the compilers of several Pythons cost with the worst sources that are taken to be tame.

Run ``python bench/compiling.py /path/to/python3.12 /path/to/python3.13``; without arguments, this Python is
measured. Of each shape the largest source that :mod:`evalsite.languages.python.tame` lets through is parsed
and compiled in a process of its own, in a thread with 2 MiB of stack. A second and a half, 160 MiB or a
process that dies is too much, and ends the script with status 1. Linux only (``/proc``).
"""

import subprocess
import sys
from collections.abc import Callable, Iterator

from evalsite.languages.python.tame import MOST_CHARS, is_tame

MOST_MIB, MOST_S = 160, 1.5
WRAPPED = (
    "-§", "not §", "~§", "await §", "lambda: §", "lambda x: §", "(§)", "[§]", "{§}", "{1: §}", "f(§)",
    "f(*§)", "f(**§)", "a[§]", "a[§:]", "(x := §)", "[§ for x in y]", "[x for x in §]",
    "[0 for x in y if §]", "{x: § for x in y}", "(§ for x in y)", "1 if § else 2", "§ if 1 else 2",
    "1 if 2 else §", "yield §", "f'{§}'", "1 + (§)", "1 < (§)", "x and (§)", "(§).a", "(§)()", "(§)[0]",
    "*§,", "f(a=§)", "print((§))",
)  # fmt: skip
"""Expressions around an expression (§)."""
REPEATED = (
    "1+", "1-", "1*", "1**", "1//", "1<", "1<<", "1@", "1 and ", "1 or ", "1 in ", "1 is not ", "x=", "x:=",
    "a.", "a,", "'a'", "b'a'", "f'{a}'", "f'{a!r:>{b}}'", "'a'+", "('a'*4096)+", "'a'*4095,", "2**2**", "-",
    "~", "not ", "*", "lambda:", "[0 for x in y ", "for x in y ", "0 if 1 else ", "a[b]", "a()", "(", "[",
    "{", "((", "([{", "f'{", 'f"{', "\\n", "#\n", ";", "1;", "x=1\n", "@a\n", "import a\n", "pass\n", "\n",
    " ", "\t", "\x0c", "if 1:pass\nelse:pass\n", "a:int\n", "del a\n", "try:pass\nfinally:pass\n",
    "global a\n", "def f():pass\n", "class A:pass\n", "async def f():pass\n", "é", "0x1", "1_0", "1e9,",
    "1j*", "9" * 50 + "*", "a=b=", "assert 1,2\n", "match a:\n case 1:pass\n", "type X=int\n", "'a'%1,",
    "(1,)*9+", "'\\N{DOG}'",
)  # fmt: skip
"""Pieces in a row, with something behind them that ends most of them."""
BLOCKS = (
    "if a:", "while a:", "for a in b:", "with a:", "def f():", "class A:", "try:", "else:",
    "async def f():", "match a:", "case 1:", "lambda: 1", "with a as b, c as d:", "for a in b: # x",
    "def f(a=1, *b, c: int = 2, **d) -> int:",
)  # fmt: skip
"""Blocks in blocks, each indented by a space."""
MEASURE = """
import resource, sys, threading, time, warnings
warnings.simplefilter("ignore")
source = sys.stdin.buffer.read().decode("utf-8", "surrogatepass")
said = []
def work():
    try:
        compile(source, "x", "exec", dont_inherit=True)
        said.append("compiled")
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as exc:
        said.append(type(exc).__name__)
def most():
    return int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
held, before = most(), resource.getrusage(resource.RUSAGE_SELF)
threading.stack_size(2 << 20)
thread = threading.Thread(target=work)
thread.start()
thread.join()
after = resource.getrusage(resource.RUSAGE_SELF)
print((most() - held) / 1024, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, *said)
"""


def shapes() -> Iterator[tuple[str, Callable[[int], str]]]:
    """Names and sources by their size."""
    for wrapped in WRAPPED:
        before, after = wrapped.split("§")
        yield wrapped, lambda n, b=before, a=after: f"{b * n}x{a * n}"  # type: ignore[misc]
    for piece in REPEATED:
        yield repr(piece), lambda n, p=piece: p * n + "1"  # type: ignore[misc]
        yield f"f({piece!r}", lambda n, p=piece: f"f({p * n}1)"  # type: ignore[misc]
    for block in BLOCKS:
        lines = lambda n, b=block: "".join(" " * i + b + "\n" for i in range(n)) + " " * n + "1\n"  # noqa: E731
        yield block, lines
    yield "finally", lambda n: _tries(n, "return 1")
    yield "finally with much in it", lambda n: _tries(3, "return 1\n" + "    f(a, b, c)\n" * n)


def _tries(number: int, inside: str) -> str:
    lines = ["def f():"]
    lines += [" " * i + " try:" for i in range(number)]
    lines += [" " * (number + 1) + inside]
    lines += [" " * i + f" finally:\n{' ' * i}  g({i})" for i in reversed(range(number))]
    return "\n".join(lines) + "\n"


def largest(make: Callable[[int], str]) -> str:
    """The largest source of a shape that is tame."""
    low, high = 0, MOST_CHARS
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_tame(make(middle)) else (low, middle - 1)
    return make(low)


def measure(python: str) -> bool:
    """Measure one Python, print its worst shapes, and say whether all kept within the bounds."""
    found = [(*_cost(python, largest(make)), name) for name, make in shapes()]
    print(f"{python}: {len(found)} shapes")
    for order in (0, 1):
        for row in sorted(found, key=lambda row: row[order], reverse=True)[:4]:
            print("  {:6.1f} MiB {:6.2f} s  {}  {}".format(*row))
    return all(mib <= MOST_MIB and seconds <= MOST_S for mib, seconds, *_ in found)


def _cost(python: str, source: str) -> tuple[float, float, str]:
    """MiB, seconds and what came of it."""
    data = source.encode("utf-8", "surrogatepass")
    done = subprocess.run([python, "-S", "-c", MEASURE], input=data, capture_output=True, check=False)
    if done.returncode:
        return float("inf"), float("inf"), f"died ({done.returncode})"
    mib, seconds, said = done.stdout.decode().split()
    return float(mib), float(seconds), said


if __name__ == "__main__":
    kept = [measure(python) for python in sys.argv[1:] or [sys.executable]]
    sys.exit(0 if all(kept) else 1)
