"""The command line: a file per command. The only place that prints or exits."""

from evalsite.cli.main import main

__all__ = ["main"]
