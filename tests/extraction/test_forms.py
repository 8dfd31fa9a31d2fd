"""Forms that answers take out there, several of each kind: what comes of them is the final answer's program.

Every answer here is right if it is read right: the program found is executed, tests and all.
"""

import pytest

from evalsite.extraction.thoughts import MARKUPS
from tests.extraction.answers import BODY, FUNCTION, PROMPT, TEXT_PROBLEM, fenced, passes, program

CODE = FUNCTION.rstrip()
DRAFT = fenced(FUNCTION.replace("isqrt", "floor"))
FINAL = fenced(FUNCTION)
INDENTED = "".join(f"    {line}\n" for line in CODE.split("\n"))
HALVED = FUNCTION.split("\n")[0]


def snippets(text):
    """Name -> code, of a text with a line ``### name`` before each."""
    found = (each.partition("\n") for each in text.split("### ")[1:])
    return {name: code for name, _, code in found}


MORE_MARKUP = {
    "capitals": f"<THINK>{DRAFT}</Think>\n{FINAL}",
    "another ending": f"<think>{DRAFT}</thinking>\n{FINAL}",
    "thoughts in thoughts": f"<thinking>\n<reflection>{DRAFT}</reflection>\n{DRAFT}</thinking>\n{FINAL}",
    "a summary": f"<details>\n<summary>Thinking</summary>\n{DRAFT}\n</details>\n{FINAL}",
    "an attribute": f'<thinking time="3">{DRAFT}</thinking>{FINAL}',
    "commentary, too": "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary to=x "
    f"<|constrain|>json<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final<|message|>{FINAL}<|return|>",
    "stripped, no fence": f"analysisWe need it.\n\nassistantfinal{FUNCTION}",
    "stripped, drafts": f"analysisWe try\n{DRAFT}\nNo.assistantfinal{FINAL}",
    "a solution without the thought's end": f"<|begin_of_thought|>{DRAFT}<|begin_of_solution|>{FINAL}",
    "no fence behind it": f"<|START_THINKING|>{DRAFT}<|END_THINKING|>"
    f"<|START_RESPONSE|>{FUNCTION}<|END_RESPONSE|>",
    "an answer's frame": f"<think>{DRAFT}</think><answer>\n{FINAL}</answer>",
    "a frame that ends the thought": f"<think>\n{DRAFT}\n<answer>\n{FINAL}</answer>",
    "a frame alone": f"I try\n{DRAFT}\n<output>\n{FINAL}</output>",
    "a thought behind the answer": f"{FINAL}\n<think>\n{DRAFT}",
    "a tag that is spoken of": f"I leave out the `<think>` tag.\n{FINAL}",
}
FENCES = {
    "behind prose": f"Sure! ```python\n{FUNCTION}```\nDone.",
    "behind bold prose": f"**Solution:** ```py\n{FUNCTION}```",
    "behind a number": f"1. ```python\n{INDENTED}   ```\n",
    "behind a bullet, bare": f"- Code: ```\n{FUNCTION}```",
    "attributes": f'```python linenums="1" hl_lines="2"\n{FUNCTION}```',
    "a file's name": f"```python filename=solution.py\n{FUNCTION}```",
    "a title with blanks": f'```py title="My solution" {{1,3}}\n{FUNCTION}```',
    "a directive": f"```{{code-block}} python\n:linenos:\n\n{FUNCTION}```",
    "the language below": f"```\npython\n{FUNCTION}```",
    "nested of one length": f"```markdown\nHere:\n{FINAL}```\n",
    "nested in text": f"```text\nThe code is\n\n```py\n{FUNCTION}```\n\nand so on\n```\n",
    "opened twice": f"```\n{FINAL}",
    "opened twice, alike": f"```python\n{FINAL}",
    "opened twice, the second bare": f"```python\n```\n{FUNCTION}```\n",
    "unclosed, opened again": f"```python\n# a plan\n\nNow really:\n\n{FINAL}",
    "unclosed, opened again bare": f"```python\n# a plan\n\nNow:\n```\n{FUNCTION}```\n",
    "unclosed prose, opened again": f"```\nFirst think.\n\n```python3\n{FUNCTION}",
    "closed on a line of code, another behind": f"```python\n{CODE}```\nUse it:\n```python\ntotal([1])\n```",
    "tildes": f"~~~ python\n{FUNCTION}~~~~\n",
    "indented": f"Steps:\n\n    ```python\n{INDENTED}    ```\n",
    "quoted": "".join(f"> {line}\n" for line in FINAL.split("\n")),
    "quoted twice, with prose": "> Look:\n" + "".join(f"> > {line}\n" for line in FINAL.split("\n")),
    "quoted without blanks": "".join(f">{line}\n" for line in FINAL.split("\n")),
    "quoted, no fence": "".join(f"> {line}\n" for line in CODE.split("\n")),
    "prompts in prose": f"Try it:\n>>> {HALVED}\n... {BODY}...\n>>> total([1, 2])\n3\nDone.",
    "a cell below its prompt": fenced(f"In [1]:\nimport math\n{FUNCTION}\nOut[1]: 3\n"),
    "numbered with bars": fenced("".join(f"{n} | {line}\n" for n, line in enumerate(CODE.split("\n"), 1))),
    "a diff with blanks": fenced("".join(f"+ {line}\n" for line in CODE.split("\n")), "diff"),
    "a diff": fenced("".join(f"+{line}\n" for line in CODE.split("\n")), "diff"),
    "a diff with a head": fenced(
        f"--- a.py\n+++ b.py\n@@ -1,2 +1,2 @@\n {HALVED}\n-    return 0\n+{BODY}", "diff"
    ),
    "pre and code": f'<pre><code class="language-python">{FUNCTION}</code></pre>',
    "pre alone, escaped": f"<p>So:</p><pre>\n{FUNCTION}SMALL = 1 &lt; 2\n</pre><p>Done.</p>",
    "a notebook's magics": fenced(f"!pip install numpy\n%matplotlib inline\n{FUNCTION}"),
    "a cell's magic": fenced(f"%%time\n{FUNCTION}"),
    "a notebook's prompts": fenced(f"In [1]: {HALVED}\n   ...: {BODY}\nIn [2]: total([1])\nOut[2]: 2\n"),
    "a console's prompts, no blank": f"```pycon\n>>> {HALVED}\n... {BODY}>>>\n>>> total([1, 2])\n3\n```",
    "prompts behind": fenced(f"{FUNCTION}\n>>> total([1, 2])\n3\n"),
    "prompts behind, broken": fenced(f"{FUNCTION}\n>>> total([1, 2)\nTraceback (most recent call last):\n"),
    "prompts between": fenced(f"import math\n>>> math.isqrt(4)\n2\n\n{FUNCTION}>>> total([1])\n2\n"),
    "numbered lines": fenced("".join(f"{n}  {line}\n" for n, line in enumerate(CODE.split("\n"), 1))),
    "numbered with colons": fenced(
        "".join(f"{n:>3}: {line}\n" for n, line in enumerate(CODE.split("\n"), 9))
    ),
    "Markdown's escapes": fenced(FUNCTION.replace("numbers", r"my\_numbers")),
    "no fence, escapes": "Here:\n\n" + FUNCTION.replace("numbers", r"my\_numbers") + "\nDone, I hope.\n",
    "no fence but indentation": f"Here is the code:\n\n{INDENTED}\nIt sums.\n",
    "no fence but a tab": "Here:\n\n" + INDENTED.replace("    ", "\t") + "\nIt sums.\n",
    "python_tag": f"<|python_tag|>{FUNCTION}<|eom_id|>",
    "python_tag behind prose": f"Sure:<|python_tag|>{FUNCTION}<|eot_id|>",
    "in a sentence, named": f"So: ```py {HALVED.replace('List[int]', 'list')} {BODY.strip()} ```!",
    "in a sentence": f"`{HALVED.replace('List[int]', 'list')} {BODY.strip()}`",
    "the body in a sentence": f"The body is `{BODY.strip()}`.",
    "the body, indented": f"The body is:\n\n{BODY}\nIt sums.\n",
    "future imports, joined": fenced("def root(x):\n    return math.isqrt(x)\n")
    + fenced("from __future__ import annotations\n" + FUNCTION.replace("math.isqrt", "root")),
    "future imports in both": fenced(
        "from __future__ import annotations\ndef root(x):\n    return math.isqrt(x)\n"
    )
    + fenced("'''Main.'''\nfrom __future__ import annotations\n" + FUNCTION.replace("math.isqrt", "root")),
    "a star import apart": fenced("from math import *\n") + fenced(FUNCTION.replace("math.", "")),
    "a stub, then the body": fenced(f'{HALVED}\n    """ The task. """\n') + "and\n" + fenced(BODY),
    "a head, then the body": fenced(f"{HALVED}\n") + "\n" + fenced(BODY),
    "prose in the fence": fenced(f"This is the code\n{FUNCTION}"),
    "a special token before it": f"<|assistant|>\n{FUNCTION}<|end|>",
}  # fmt: skip


@pytest.mark.parametrize("markup", MARKUPS, ids=lambda markup: markup.example)
def test_a_draft_in_a_thought_never_counts(markup):
    """Whether the thought begins and ends, or its beginning was eaten; one without an end leaves nothing."""
    begins, _, ends = markup.example.partition("…")
    begins = begins.replace("analysis", "analysisWe") if begins == "analysis" else begins
    whole, eaten, unclosed = f"{begins}{DRAFT}{ends}", f"{DRAFT}{ends}", f"{begins}\n{DRAFT}"
    for text in (whole, *([f"{begins.upper()}{DRAFT}{ends}", eaten] if markup.alone else [])):
        assert passes(program(f"{text}\n{FINAL}")), text
        assert passes(program(f"{text}{FUNCTION}")), text
    if markup.alone:
        assert program(unclosed).rule == "no-code"


@pytest.mark.parametrize("name", [*MORE_MARKUP, *FENCES])
def test_an_answer_is_read_however_it_is_wrapped(name):
    found = program((MORE_MARKUP | FENCES)[name])
    assert passes(found), f"{found.rule}\n{found.source}"


def test_a_head_and_a_body_belong_together_without_a_prompt_too():
    head, body = TEXT_PROBLEM.reference.split("\n")[:2]
    found = program(fenced(f"{head}\n") + fenced(f"{body}\n"), problem=TEXT_PROBLEM)
    assert passes(found, TEXT_PROBLEM)
    assert PROMPT not in found.source


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
