"""The command line: a file per command. The only place that prints or exits."""

import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

_unloaded: tuple[int, str] | None = None
"""The exit code and the words of a program that cannot be loaded; Python would end with 1, a gate's no."""

try:
    from evalsite.machine.garbage import not_looked_for

    with not_looked_for():
        from evalsite.cli.main import main
except (MemoryError, OSError, ImportError, OverflowError) as exc:  # the last one: of a clock that is far off
    _why = f"error[output]: evalsite cannot be loaded here: {str(exc) or type(exc).__name__}\n"
    _next = "  next: See that it is installed whole, that the clock is right, and what ulimit -a says"
    _unloaded = 7, _why + _next
except KeyboardInterrupt:  # so early that nobody hears of it but Python, with a traceback
    _unloaded = 130, "interrupted"
except Exception:  # a bug
    _unloaded = 70, traceback.format_exc()

if _unloaded is not None:

    def main(args: Sequence[str] | None = None) -> NoReturn:  # noqa: ARG001 - as it is where it can be loaded
        """Say why nothing can be done here, and exit."""
        code, words = _unloaded or (70, "")
        print(words, file=sys.stderr)
        sys.exit(code)


__all__ = ["main"]
