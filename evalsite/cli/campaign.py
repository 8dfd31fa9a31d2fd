"""Levels of difficulty as one campaign: a run each, by one command, and gone on with by one."""

import itertools
import secrets
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from evalsite.cli.console import as_typed, printable, say
from evalsite.cli.parameters import together
from evalsite.datasets import LoadedDataset
from evalsite.errors import EXIT_INTERRUPTED, EXIT_OK, EndpointRefusedError, IncompleteError, UsageError
from evalsite.rundir.finding import find_campaign
from evalsite.rundir.levels import Campaign, Wanted
from evalsite.rundir.schema import Context
from evalsite.rundir.store import new_run_id
from evalsite.runner.plan import context_of
from evalsite.runner.recording import utc_now

MOST_TOOLS, MOST_TOKENS = 100_000, 10_000_000


class Numbers(click.ParamType):  # type: ignore[type-arg]  # not generic in older click
    """Whole numbers from 0 on with commas between them, each once."""

    name = "numbers"

    def __init__(self, most: int) -> None:
        self._most = most

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Return the numbers in rising order."""
        if isinstance(value, tuple):
            return value
        words = [word.strip() for word in str(value).split(",")]
        if not all(word.isascii() and word.isdigit() and len(word) < 10 for word in words):
            self.fail(f"{value!r} is no list of whole numbers such as 0,8,32", param, ctx)
        found = sorted({int(word) for word in words})
        if found[-1] > self._most:
            self.fail(f"{found[-1]} is more than {self._most:,}", param, ctx)
        return tuple(found)


levels_options = together(
    click.option(
        "--distractors",
        type=Numbers(MOST_TOOLS),
        default="0",
        metavar="N,...",
        help="Offer N tools of other problems beside a problem's own; where code is wanted, those of "
        "bfcl-v4. Several numbers, such as 0,8,32,64, make a run each: one campaign, whose curve the "
        "site draws (docs/agents.md).",
    ),
    click.option(
        "--context-tokens",
        type=Numbers(MOST_TOKENS),
        default="0",
        metavar="N,...",
        help="Put a conversation of about N tokens before each question; several as above.",
    ),
)
"""Adds the options that make a data set harder."""


def levels_of(named: Wanted, options: dict[str, Any]) -> tuple[Wanted, ...]:
    """Take these options out of a command's options; return the levels that are wanted, the easiest first.

    ``named``: the level that the data set's name ends with.
    """
    distractors, tokens = options.pop("distractors"), options.pop("context_tokens")
    wanted = tuple(Wanted(*each) for each in itertools.product(distractors, tokens))
    if named == Wanted():
        return wanted
    if wanted != (Wanted(),):
        raise UsageError(
            "the data set is named with a level, and --distractors or --context-tokens name others",
            hint="Leave the level out of --dataset, or these options.",
        )
    return (named,)


def hardest_context(dataset: LoadedDataset, levels: Sequence[Wanted]) -> Context | None:
    """See that the hardest level can be made, before anybody is asked; return the conversation of it, if any.

    Raises UsageError where it cannot.
    """
    hardest = max(levels)
    dataset.at(hardest)
    return context_of(dataset, hardest)


def campaign_of(levels: Sequence[Wanted], dataset: str, model: str) -> Campaign | None:
    """The campaign that the runs of one command are; None for a single one."""
    if len(levels) < 2:
        return None
    name = f"{new_run_id(utc_now(), model, dataset)}--{secrets.token_hex(3)}"
    return Campaign(id=name, levels=tuple(level.name(dataset) for level in levels))


def carry_out(campaign: Campaign, asking: Iterable[Callable[[], int]], runs_dir: Path) -> int:
    """Ask level by level, and return the exit code. ``asking``: what asks each of them, in order.

    A level that a server refuses, for a context that is too small, or that lacks samples ends none of the
    others; the first such error is raised at the end. An interrupt ends all.
    """
    failed: list[EndpointRefusedError | IncompleteError] = []
    codes = []
    for number, (name, ask) in enumerate(zip(campaign.levels, asking, strict=True), start=1):
        say(f"level {number} of {len(campaign.levels)}: {printable(name)}")
        try:
            codes.append(ask())
        except (EndpointRefusedError, IncompleteError) as error:
            failed.append(error)
            say(f"warning: {printable(name)}: {printable(error.message)}; the other levels are asked")
        if codes and codes[-1] == EXIT_INTERRUPTED:
            begun = next(iter(find_campaign(campaign, runs_dir)), None)
            if begun is not None:
                say(f"all levels go on with: {as_typed('resume', begun.path)}")
            return EXIT_INTERRUPTED
    if failed:
        raise failed[0]
    return next((code for code in codes if code != EXIT_OK), EXIT_OK)
