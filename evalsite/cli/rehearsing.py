"""``evalsite run --dry-run``: what would be asked, without asking."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import click
import msgspec

from evalsite.cli.console import say
from evalsite.client.core import most_choices
from evalsite.errors import EXIT_OK, EvalsiteError
from evalsite.kinds.conversation import CHARACTERS_A_TOKEN
from evalsite.kinds.prompts import prompt_for
from evalsite.rundir.finding import find_records
from evalsite.rundir.schema import Prompt
from evalsite.runner.plan import Plan
from evalsite.words.sentences import count, names

EXAMPLE = "http://localhost:8080"
"""Where llama.cpp's server listens, and others nearly so."""


def rehearsal(*words: object) -> tuple[object, ...]:
    """The words of a run that asks nothing yet, so that they work as printed whoever has which server.

    Tells, for people, what turns them into a run.
    """
    say("note: with your server's address and model, and without --dry-run, the next command asks")
    return "run", "--model-endpoint", EXAMPLE, "--model-name", "MODEL", *words, "--dry-run"


@dataclass(frozen=True)
class _Amount:
    """How much a plan asks for; tokens are estimated, or a bound."""

    requests: int
    samples: int
    problems: int
    prompt_tokens: int
    most_answer_tokens: int

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """Count without asking."""
        sizes = [_size(prompt_for(problem, plan.settings)) for problem in plan.chosen()]
        for_each = -(-plan.num_samples // min(plan.num_samples, most_choices(plan.settings)))
        samples = len(sizes) * plan.num_samples
        tokens = sum(sizes) * for_each // CHARACTERS_A_TOKEN
        return cls(len(sizes) * for_each, samples, len(sizes), tokens, samples * plan.settings.max_tokens)

    @property
    def requested(self) -> str:
        """Requests in words."""
        return (
            f"{count(self.requests, 'request')} for {count(self.samples, 'sample')} of "
            f"{count(self.problems, 'problem')}"
        )

    @property
    def read_and_written(self) -> str:
        """Tokens in words."""
        most = f"at most {self.most_answer_tokens:,} of answers"
        return f"about {self.prompt_tokens:,} tokens of prompts, and {most}"


def rehearse(plan: Plan, runs_dir: Path) -> int:
    """Print how much a plan asks for, and the first prompt; ``runs_dir`` may hold earlier runs."""
    amount = _Amount.of(plan)
    click.echo(f"{amount.requested} (more, where the server gives one sample a request)")
    click.echo(amount.read_and_written)
    if plan.deciding is not None:
        stops = names([f"{stop:,}" for stop in plan.deciding.plan.stops], len(plan.deciding.plan.stops))
        click.echo(f"up to the first look; looks are at {stops} problems, and it ends where it is decided")
    if told := _as_earlier(plan, runs_dir):
        run_id, each = told
        likely = f"about {round(each * amount.samples):,} tokens of answers"
        click.echo(f"{likely}, if they are as long as those of {run_id}")
    click.echo(f"prompt style {plan.settings.prompt}, {plan.settings.api} API; the first prompt:\n")
    first = prompt_for(plan.chosen()[0], plan.settings)
    if first.before:
        click.echo(f"[{count(len(first.before), 'message')} of an earlier conversation, which begins:]")
        click.echo(f"{first.before[0]['content']}\n[...]\n")
    click.echo(
        first.text
        + (f"\n[the answer begins:] {first.prefill}" if first.prefill else "")
        + (f"\n[sent beside it, as suffix:]\n{first.suffix}" if first.suffix else "")
    )
    return EXIT_OK


def rehearse_levels(plans: Iterable[Plan]) -> int:
    """Print how much a campaign asks for, level by level and in all."""
    amounts = []
    for plan in plans:
        amounts.append(_Amount.of(plan))
        click.echo(f"{plan.dataset.name}: {amounts[-1].requested}; {amounts[-1].read_and_written}")
    read, written = (
        sum(getattr(each, name) for each in amounts) for name in ("prompt_tokens", "most_answer_tokens")
    )
    requests = count(sum(each.requests for each in amounts), "request")
    told = f"{requests}, about {read:,} tokens of prompts, and at most {written:,} of answers"
    click.echo(f"all {len(amounts)} levels: {told}")
    click.echo(
        "Prompts that begin alike follow each other: a server that keeps what it has read reads less of them."
    )
    return EXIT_OK


def _size(prompt: Prompt) -> int:
    """Characters that are read before an answer."""
    own = len(msgspec.json.encode(prompt.messages)) if prompt.messages else len(prompt.text)
    offered = len(msgspec.json.encode(prompt.tools)) if prompt.tools else 0
    return own + offered + sum(len(said["content"]) for said in prompt.before)


def _as_earlier(plan: Plan, runs_dir: Path) -> tuple[str, float] | None:
    """The last run of this model on this data set whose tokens were counted, and how many an answer had."""
    found = None
    for run_dir, run in find_records(runs_dir):
        with contextlib.suppress(EvalsiteError):
            same = run.model.name == plan.model.name and run.dataset.sha256 == plan.dataset.sha256
            if not same or not run_dir.has_summary():
                continue
            summary = run_dir.read_summary()
            answers = sum((summary.answered_by or {}).values())
            if answers and summary.completion_tokens and (found is None or run.created_at > found[0]):
                found = run.created_at, run.id, summary.completion_tokens / answers
    return found and found[1:]
