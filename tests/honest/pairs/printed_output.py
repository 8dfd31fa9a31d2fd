"""What is printed, and what is read."""

import sys


def f(name):
    print("hello", name)
    sys.stderr.write("!")
    return len(input())


# the tests:
import contextlib
import io
import sys

out, err = io.StringIO(), io.StringIO()
sys.stdin = io.StringIO("first\nsecond line\n")
with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
    assert f("Ann") == 5
    assert f("Bob") == 11
assert out.getvalue() == "hello Ann\nhello Bob\n" and err.getvalue() == "!!"
print("done")
