"""The process that reads what may cost anything: under limits, and replaced when it dies."""

import os
import resource

import pytest

from evalsite.languages import limited
from evalsite.languages.python import PYTHON

pytestmark = [pytest.mark.linux, pytest.mark.xdist_group("hostile")]  # with the bombs, in one reading process


def limits(_message: bytes) -> bytes:
    """Called in that process."""
    taken = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE)
    bounded = all(resource.getrlimit(one)[0] != resource.RLIM_INFINITY for one in taken)
    return b"limited" if bounded and os.getppid() != os.getpid() else b""


def test_the_process_that_reads_is_replaced_when_it_dies() -> None:
    """It says of what it died."""
    compiles = f"{PYTHON.reading.__module__}:compile_whatever"
    with pytest.raises(limited.ProcessEndedError, match="brings the compiler down"):
        limited.ask("builtins:exec", b"import os; os.abort()")  # as comprehensions do on 3.11, not on 3.13
    assert limited.ask(compiles, b"x = 1") == b""
    with pytest.raises(limited.ProcessEndedError, match="nested too deeply"):
        limited.ask("no_such_module:function", b"")


def test_limits_are_in_force() -> None:
    """The process that reads may not take what it likes."""
    assert limited.ask(f"{__name__}:limits", b"") == b"limited"
