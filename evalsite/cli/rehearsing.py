"""``evalsite run --dry-run``: what would be asked, without asking."""

import contextlib
from pathlib import Path

import click

from evalsite.cli.console import say
from evalsite.client import most_choices
from evalsite.errors import EXIT_OK, EvalsiteError
from evalsite.kinds.prompts import prompt_for
from evalsite.rundir.finding import find_runs
from evalsite.runner.plan import Plan
from evalsite.words.sentences import count

EXAMPLE = "http://localhost:8080"
"""Where llama.cpp's server listens, and others nearly so."""
CHARACTERS_A_TOKEN = 4
"""Of English and code, about: no tokenizer is at hand."""


def rehearsal(*words: object) -> tuple[object, ...]:
    """The words of a run that asks nothing yet, so that they work as printed whoever has which server.

    Tells, for people, what turns them into a run.
    """
    say("note: with your server's address and model, and without --dry-run, the next command asks")
    return "run", "--model-endpoint", EXAMPLE, "--model-name", "MODEL", *words, "--dry-run"


def rehearse(plan: Plan, runs_dir: Path) -> int:
    """Print how much a plan asks for, and the first prompt; ``runs_dir`` may hold earlier runs."""
    prompts = [prompt_for(problem, plan.settings) for problem in plan.chosen()]
    a_request = min(plan.num_samples, most_choices(plan.settings))
    requests = len(prompts) * -(-plan.num_samples // a_request)
    characters = sum(len(prompt.text) for prompt in prompts) * (requests // max(1, len(prompts)))
    samples = len(prompts) * plan.num_samples
    click.echo(
        f"{count(requests, 'request')} for {count(samples, 'sample')} of {count(len(prompts), 'problem')} "
        f"(more, where the server gives one sample a request)"
    )
    click.echo(
        f"about {characters // CHARACTERS_A_TOKEN:,} tokens of prompts, and at most "
        f"{samples * plan.settings.max_tokens:,} of answers"
    )
    if told := _as_earlier(plan, runs_dir):
        run_id, each = told
        click.echo(
            f"about {round(each * samples):,} tokens of answers, if they are as long as those of {run_id}"
        )
    click.echo(f"prompt style {plan.settings.prompt}, {plan.settings.api} API; the first prompt:\n")
    click.echo(
        prompts[0].text
        + (f"\n[the answer begins:] {prompts[0].prefill}" if prompts[0].prefill else "")
        + (f"\n[sent beside it, as suffix:]\n{prompts[0].suffix}" if prompts[0].suffix else "")
    )
    return EXIT_OK


def _as_earlier(plan: Plan, runs_dir: Path) -> tuple[str, float] | None:
    """The last run of this model on this data set whose tokens were counted, and how many an answer had."""
    found = None
    for run_dir in find_runs(runs_dir) if runs_dir.is_dir() else ():
        with contextlib.suppress(EvalsiteError):
            run = run_dir.read_run()
            same = run.model.name == plan.model.name and run.dataset.sha256 == plan.dataset.sha256
            if not same or not run_dir.has_summary():
                continue
            summary = run_dir.read_summary()
            answers = sum((summary.answered_by or {}).values())
            if answers and summary.completion_tokens and (found is None or run.created_at > found[0]):
                found = run.created_at, run.id, summary.completion_tokens / answers
    return found and found[1:]
