"""Python source -> syntax tree, one thread at a time.

CPython 3.11 and 3.12 count the depth of a tree that they build in one place for all threads: where the
garbage collector interrupts one thread that is building a tree and lets another begin, they end in "AST
constructor recursion depth mismatch". Grading judges, and extraction reads, in several threads.
"""

import ast
import threading
import warnings

_one_at_a_time = threading.Lock()


def parse(source: str, *, check: bool = False) -> ast.Module:
    """Parse a program, and with ``check`` also see that it compiles; raises what Python raises.

    Old-fashioned escapes are not worth a warning.
    """
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source)
        if check:
            compile(tree, "<program>", "exec", dont_inherit=True)
        return tree
