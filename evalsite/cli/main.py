"""The program's entry: finds the command, and turns deliberate errors into a message and an exit code."""

import importlib
import logging
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

import click

from evalsite import __version__
from evalsite.cli.console import (
    hang_up_as_interrupt,
    hear_interrupts_again,
    hear_signals,
    keep_own_rights,
    settle_streams,
    show_error,
    start_logging,
)
from evalsite.cli.parameters import MAY_FOLLOW
from evalsite.cli.refusals import READER_GONE, cut_bytecode, refuse_too_little, refused_by_machine
from evalsite.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_OK, EXIT_UNREAD, EvalsiteError
from evalsite.machine.garbage import leave_where_it_is, not_looked_for
from evalsite.machine.room import keep_bytecode_whole, keep_numpy_small

COMMANDS = {
    "init": ("evalsite.cli.init", "Make a folder a results repository that publishes itself."),
    "datasets": ("evalsite.cli.datasets", "List the data sets known by name; 'datasets fetch' gets them."),
    "check-dataset": ("evalsite.cli.check_dataset", "Try problems of your own before a model is asked."),
    "run": ("evalsite.cli.run", "Ask a model, grade its answers in a sandbox, write a run."),
    "resume": ("evalsite.cli.resume", "Ask for the samples that a run still lacks, and grade them."),
    "new-suite": ("evalsite.cli.new_suite", "Ask five questions, and write a plan for a sweep."),
    "sweep": ("evalsite.cli.sweep", "Ask every model of a plan every data set, and build the site."),
    "import": ("evalsite.cli.importing", "Grade samples that were made elsewhere, and write a run."),
    "grade": ("evalsite.cli.grade", "Grade the completions of a run, or grade them once more."),
    "tally": ("evalsite.cli.tally", "Tell the symptoms of a run's answers, and its counts, anew."),
    "report": ("evalsite.cli.report", "Report on runs: scores, intervals, errors, comparisons."),
    "compare": ("evalsite.cli.compare", "Say whether a candidate lost more than is allowed."),
    "distance": ("evalsite.cli.distance", "Say how far a model is from its baseline, token by token."),
    "plan": ("evalsite.cli.plan", "Say what a decision would cost, before anybody is asked."),
    "check": ("evalsite.cli.check", "Judge all runs by the targets; the exit code is the answer."),
    "build": ("evalsite.cli.build", "Render all run directories into a static site."),
    "serve": ("evalsite.cli.serve", "Serve a built site on this machine, and open it."),
    "link": ("evalsite.cli.link", "Print the permalink of a sample, for an issue."),
    "failures": ("evalsite.cli.failures", "List the failed samples of a run by class."),
    "rm": ("evalsite.cli.rm", "Remove runs; their published addresses will say so."),
    "pack": ("evalsite.cli.pack", "Compress the answers and verdicts of runs, in place."),
    "merge": ("evalsite.cli.merge", "Put the shards of a run together."),
    "export": ("evalsite.cli.export", "Write runs in the form of another tool."),
    "validate": ("evalsite.cli.validate", "Check that run directories are sound."),
    "demo": ("evalsite.cli.demo", "Replay two recorded models: the whole flow, no model, no GPU."),
    "doctor": ("evalsite.cli.doctor", "Try the sandbox and a server for real, and say what to do."),
    "completion": ("evalsite.cli.completion", "Print the completion script for a shell."),
}
"""Command -> the module that holds it, and what it does in a line of help; in the order of the data's way."""

EPILOG = """\b
Exit codes:
  0  done                          5  run directory missing, broken or locked
  1  a gate says no                6  no safe sandbox on this machine
  2  wrong usage                   7  cannot write the result
  3  data set not found or broken  8  ended, but samples not had or graded
  4  endpoint refuses or lies      9  a gate cannot decide
  70  a bug in evalsite            130  interrupted
  141  the output's reader went away"""


class LazyGroup(click.Group):
    """Imports a command's module only when it is asked for, and none for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, D102 - click's
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002, D102
        if cmd_name not in COMMANDS:
            return None
        with not_looked_for():
            command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002, D102
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    subcommand_metavar=MAY_FOLLOW,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EPILOG,
)
@click.version_option(__version__, "-V", "--version", prog_name="evalsite")
@click.option("-v", "--verbose", is_flag=True, help="Say more about what is being done.")
@click.pass_context
def cli(context: click.Context, *, verbose: bool) -> None:
    """Benchmark a code model behind an endpoint, and publish the evidence as a static site.

    Without a command: what to do next in this folder.
    """
    start_logging(logging.INFO if verbose else logging.WARNING)
    if context.invoked_subcommand is None:
        importlib.import_module("evalsite.cli.whats_next").say_what_is_next()


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    settle_streams()
    hear_signals()
    keep_own_rights()
    hang_up_as_interrupt()
    hear_interrupts_again()
    keep_numpy_small()
    keep_bytecode_whole()
    code = run_command(args)
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, ValueError):  # what Python itself would end with says nothing
        sys.stdout = None
        code = code or EXIT_UNREAD
    leave_where_it_is()
    sys.exit(code)


def run_command(args: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; the user's mistakes end in a message, never a traceback."""
    stdout = sys.stdout
    try:
        refuse_too_little()
        code = cli.main(args=args, prog_name="evalsite", standalone_mode=False)
    except click.ClickException as exc:
        exc.show()
        return exc.exit_code
    except EvalsiteError as exc:
        show_error(exc)
        return exc.exit_code
    except (KeyboardInterrupt, click.Abort) as exc:
        if (refusal := cut_bytecode(exc)) is not None:
            show_error(refusal)
            return refusal.exit_code
        click.echo("interrupted", err=True)
        return EXIT_INTERRUPTED
    except SystemExit as exc:
        if sys.stdout is stdout and not isinstance(exc.__context__, BrokenPipeError):
            raise
        # Click has put a stream of its own there, or Rich met the broken pipe: the reader (such as head) has
        # seen enough, which both call 1. What a gate would have said is not known, so it is not 0 either.
        return EXIT_UNREAD
    except Exception as exc:
        if isinstance(exc, OSError) and exc.errno in READER_GONE and exc.filename is None:
            return EXIT_UNREAD
        if (refusal := refused_by_machine(exc)) is None:
            traceback.print_exc()
            return EXIT_BUG
        show_error(refusal)
        return refusal.exit_code
    return code if isinstance(code, int) else EXIT_OK
