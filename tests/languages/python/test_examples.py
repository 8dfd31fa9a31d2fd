"""What only shows a function off is set aside where it alone fails; what the function needs is run."""

import pytest

from tests.extraction.answers import FUNCTION, fenced, passes, program


def snippets(text):
    """Name -> code, of a text with a line ``### name`` before each."""
    found = (each.partition("\n") for each in text.split("### ")[1:])
    return {name: code for name, _, code in found}


SHOWN = snippets("""
### tests of its own
def test_total():
    assert total([1]) == 9

test_total()
### tests by another name
def verify_all():
    for x in (1, 2):
        assert total([x]) == 99

verify_all()
### a checker of a function
def check(f):
    assert f([1]) == 9

check(total)
### a test of a helper
def helper(x):
    return x

def t():
    assert helper(1) == 2

t()
### tests one by one
def test_a():
    assert total([1]) == 9

for test in [test_a]:
    test()
### a test class
class Test:
    def run(self):
        assert total([1]) == 9

Test().run()
### a suite
import unittest

class T(unittest.TestCase):
    def test(self):
        self.fail()

suite = unittest.TestLoader().loadTestsFromTestCase(T)
runner = unittest.TextTestRunner()
result = runner.run(suite)
assert result.wasSuccessful()
### a comparison
if total([1]) != 9:
    raise AssertionError('wrong')
### a loop with raise
for x, want in [([1], 9)]:
    got = total(x)
    if got != want:
        raise ValueError(x)
### asyncio
import asyncio

async def demo():
    assert total([1]) == 9

asyncio.run(demo())
### raise SystemExit
def main():
    return total([int(input())])

raise SystemExit(main())
### sys.exit
import sys

def run():
    return total([int(input())])

sys.exit(run())
### an exit of another kind
import os
os._exit(0)
### stdin's line
import sys
n = int(sys.stdin.readline())
print(total([n]))
### all of stdin
import sys
data = sys.stdin.read().split()
m = int(data[0])
print(total([m]))
### stdin by its name
from sys import stdin
for line in stdin:
    print(total([int(line)]))
raise SystemExit
### arguments
import sys
if len(sys.argv) > 0:
    print(total([int(sys.argv[1])]))
### solve()
def solve():
    t = int(input())
    for _ in range(t):
        print(total([t]))

solve()
### a loop of input
while True:
    line = input()
    if not line:
        break
    print(total([int(line)]))
### a loop with try
while True:
    try:
        print(total([int(input())]))
    except EOFError:
        raise
### a file
with open('/no/such/file') as file:
    print(total([int(file.read())]))
### a file, read before
text = open('/no/such/file').read()
print(total([int(text)]))
### a server
import http.server
server = http.server.HTTPServer(('', -1), None)
server.serve_forever()
### a server in one
from http.server import HTTPServer

def serve():
    HTTPServer(('', -1), None).serve_forever()

serve()
### a main block, turned
if '__main__' == __name__:
    input()
### a benchmark
import timeit
print(timeit.timeit('total(no_such)', globals=globals(), number=1))
### a thread
import threading

def work():
    raise SystemExit(total('x'))

worker = threading.Thread(target=work)
worker.start()
worker.join()
raise SystemExit
### a server without a name
import http.server
http.server.HTTPServer(("", -1), None).serve_forever()
### a list of calls
[total(x) for x in ([1], "a")]
total([1]) == 9 or fail()
### a module under another name
import unittest as ut
from doctest import testmod
ut.main()
testmod(no_such=1)
### a notebook's own call
get_ipython().run_line_magic("timeit", "total([1])")
### arguments that are parsed
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("n", type=int)
args = parser.parse_args()
print(total([args.n]))
### numbers by a pipe
import sys
sys.stdout.write(str(total([int(each) for each in sys.stdin.read()])))
raise SystemExit(0)
### waiting
import time
time.sleep(9999)
### a list by one who shows
def show():
    raise SystemExit(total("x"))

shown = [show()]
### a list by one who asks
def ask():
    return int(input())

asked = [ask()]
### a list by one who reads
import sys

def read():
    raise SystemExit(sys.stdin.read())

read_from = [read()]
### a match
match total([1]):
    case 99:
        print("right")
    case _:
        raise ValueError
""")


@pytest.mark.parametrize("name", SHOWN)
def test_what_only_shows_the_function_off_is_set_aside(name):
    """Whatever it is called. It would fail, and the function is right."""
    found = program(fenced(f"{FUNCTION}\n{SHOWN[name]}"))
    assert passes(found), found.source
    assert found.rule == "fenced+examples"


NEEDED = snippets("""
### a table that a call fills
ROOTS = []

def fill():
    ROOTS.extend(map(math.isqrt, range(99)))

fill()
### a table that is handed over
ROOTS = []

def fill(what):
    what.extend(map(math.isqrt, range(99)))

fill(ROOTS)
### a table by a method
ROOTS = []
ROOTS.extend(map(math.isqrt, range(99)))
### a global
ROOTS = None

def fill():
    global ROOTS
    ROOTS = list(map(math.isqrt, range(99)))

fill()
### an object
class Roots(list):
    def fill(self):
        self.extend(map(math.isqrt, range(99)))

ROOTS = Roots()
ROOTS.fill()
### a loop of calls
ROOTS = []

def add(n):
    ROOTS.append(math.isqrt(n))

for n in range(99):
    add(n)
### a setting
import sys
ROOTS = [math.isqrt(n) for n in range(99)]

def deep(n):
    return n and 1 + deep(n - 1)

def settings():
    sys.setrecursionlimit(9999)

settings()
assert deep(3000)
DEEP = deep(3000)
### what main sets
ROOTS = None
def main():
    global ROOTS
    ROOTS = list(map(math.isqrt, range(99)))
main()
### a thread that fills
import threading
ROOTS = []
thread = threading.Thread(target=lambda: ROOTS.extend(map(math.isqrt, range(99))))
thread.start()
thread.join()
""")


@pytest.mark.parametrize("name", NEEDED)
def test_what_the_function_needs_is_run(name):
    """However it is filled before the function is called."""
    code = FUNCTION.replace(
        "math.isqrt(sum(shift(n) for n in numbers))", "ROOTS[sum(shift(n) for n in numbers)]"
    )
    found = program(fenced(f"import math\n{NEEDED[name]}\n{code}"))
    assert passes(found), found.source


def test_a_function_that_is_wrong_stays_wrong():
    """Setting aside saves nobody: not one who leaves before the tests, nor one who waits for input in it."""
    for code in (
        "def total(numbers):\n    input()\n",
        "def total(numbers):\n    raise SystemExit\n",
        "def total(numbers):\n    return 0\n\nraise SystemExit(total([]))\n",
        "def helper():\n    raise SystemExit\n\ndef total(numbers):\n    return helper()\n\nhelper()\n",
    ):
        assert not passes(program(fenced(code))), code
