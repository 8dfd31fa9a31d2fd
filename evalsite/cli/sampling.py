"""Options that say how answers are sampled, how long they may be, and how they come."""

from dataclasses import dataclass
from typing import Any

import click

from evalsite.cli.parameters import Number, Taken, taken

MAX_TOKENS = 1024


@dataclass(frozen=True)
class SamplingOptions(Taken):
    """How answers are sampled, and how long they may be; fields are named as those of a run's settings."""

    temperature: float | None = taken(
        "--temperature", type=Number(min=0), help="[default: 0 for one sample, 0.8 for several]"
    )
    top_p: float = taken(
        "--top-p",
        type=Number(min=0, max=1),
        default=1.0,
        help="Sample from the most likely tokens that make up this much probability.",
    )
    max_tokens: int = taken(
        "--max-tokens",
        type=click.IntRange(min=1),
        default=MAX_TOKENS,
        help="Longest answer; a program that fails after being cut off is 'truncated'.",
    )
    seed: int | None = taken(
        "--seed", type=click.IntRange(min=0), help="Makes sampling repeatable, where the server can."
    )
    stream: bool = taken(
        "--stream/--no-stream", default=True, help="Stream answers, to time the first token.  [default: do]"
    )
    stop_loops: bool = taken(
        "--stop-loops",
        is_flag=True,
        help="End a streamed answer that has said the same again for 200 tokens: it is 'truncated'.",
    )

    def of_samples(self, num_samples: int) -> dict[str, Any]:
        """The settings of a run of so many samples of each problem."""
        usual = 0.0 if num_samples == 1 else 0.8
        return {**vars(self), "temperature": usual if self.temperature is None else self.temperature}
