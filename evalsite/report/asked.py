"""How a model was asked, for reports and pages. Pure."""

import json

from evalsite.rundir.schema import Run, Settings
from evalsite.words.sentences import count
from evalsite.words.text import shorten

MOST_SHOWN = 2_000
"""Characters of a template or of examples that are shown; the run has all of them."""


def asked_besides(asked: Settings) -> dict[str, str]:
    """Return what was asked for besides, as name -> value; nothing that has its default."""
    found = {
        "top_k": "" if asked.top_k is None else str(asked.top_k),
        "min_p": "" if asked.min_p is None else f"{asked.min_p:g}",
        "Turns": "" if asked.turns == 1 else f"up to {asked.turns}",
        "Loops": "ended" if asked.stop_loops else "",
        "Reasoning effort": asked.reasoning_effort,
        "Tool choice": "" if asked.tool_choice == "auto" else asked.tool_choice,
        **{f"Field {name}": json.dumps(value, ensure_ascii=False) for name, value in asked.extra.items()},
        "Answers begin with": asked.prefill and repr(asked.prefill),
        "Prompt's template": asked.template,
        "Examples before every prompt": "\n".join(example.text for example in asked.few_shot),
    }
    return {name: shorten(value, MOST_SHOWN) for name, value in found.items() if value}


def part_in_words(run: Run) -> str:
    """How a run's problems were picked, such as ``drawn at random, seed 0``; empty where it asks them all."""
    if run.kind == "imported" or run.num_problems >= run.dataset.num_problems:
        return ""
    if run.shard:
        return f"shard {run.shard}" + (f", {run.draw.in_words()}" if run.draw else "")
    return run.draw.in_words() if run.draw else "named" if run.chosen else "the first ones"


def asked_in_words(run: Run) -> str:
    """How the model was asked, as far as it is known."""
    samples = f"{count(run.num_samples, 'sample')} of each problem"
    if run.settings is None:
        declared = "; ".join(f"{name} {value}" for name, value in run.model.declared.items())
        return f"{samples} at most, made elsewhere: {declared or 'temperature and prompt are not recorded'}"
    told = [f"{samples}, temperature {run.settings.temperature:g}, prompt {run.settings.prompt}"]
    told += [
        f"{name} {shorten(' '.join(value.split()), 80)}"
        for name, value in asked_besides(run.settings).items()
    ]
    return ", ".join(told)
