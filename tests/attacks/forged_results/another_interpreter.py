# expect: sandbox_violation|runtime_error
"""Starts an interpreter within the interpreter, where no audit hook has been set."""

try:
    import _interpreters as interpreters
except ModuleNotFoundError:
    import _xxsubinterpreters as interpreters

interpreters.run_string(interpreters.create(), "import ctypes")


def add(a, b):
    return a + b
