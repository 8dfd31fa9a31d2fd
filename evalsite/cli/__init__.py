"""The command line: a file per command. The only place that prints or exits."""

import sys
from collections.abc import Sequence
from typing import NoReturn

try:
    from evalsite.machine.garbage import not_looked_for

    with not_looked_for():
        from evalsite.cli.main import main
except (MemoryError, OSError, ImportError) as exc:  # Python itself would end with 1, a gate's no
    _LACK = str(exc) or type(exc).__name__

    def main(args: Sequence[str] | None = None) -> NoReturn:  # noqa: ARG001 - as it is where it can be loaded
        """Say why nothing can be done here, and exit."""
        print(f"error[output]: evalsite cannot be loaded here: {_LACK}", file=sys.stderr)
        print(
            "  next: See that it is installed whole, and what a process may have: ulimit -a", file=sys.stderr
        )
        sys.exit(7)


__all__ = ["main"]
