"""Options that say how answers are sampled, how long they may be, and how they come."""

import click

from evalsite.cli.parameters import Number, together

MAX_TOKENS = 1024

sampling_options = together(
    click.option("--temperature", type=Number(min=0), help="[default: 0 for one sample, 0.8 for several]"),
    click.option(
        "--top-p",
        type=Number(min=0, max=1),
        default=1.0,
        show_default=True,
        help="Sample from the most likely tokens that make up this much probability.",
    ),
    click.option(
        "--max-tokens",
        type=click.IntRange(min=1),
        default=MAX_TOKENS,
        show_default=True,
        help="Longest answer; a program that fails after being cut off is 'truncated'.",
    ),
    click.option(
        "--seed", type=click.IntRange(min=0), help="Makes sampling repeatable, where the server can."
    ),
    click.option(
        "--stream/--no-stream",
        default=True,
        help="Stream answers, to time the first token.  [default: do]",
    ),
    click.option(
        "--stop-loops",
        is_flag=True,
        help="End a streamed answer that has said the same again for 200 tokens: it is 'truncated'.",
    ),
)
"""Adds the options that say how answers are sampled, and how long they may be."""
