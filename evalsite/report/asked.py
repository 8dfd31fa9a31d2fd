"""How a model was asked beyond what every run asks, for reports and pages. Pure."""

import json

from evalsite.rundir.schema import Settings
from evalsite.words.text import shorten

MOST_SHOWN = 2_000
"""Characters of a template or of examples that are shown; the run has all of them."""


def asked_besides(asked: Settings) -> dict[str, str]:
    """Return what was asked for besides, as name -> value; nothing that has its default."""
    found = {
        "top_k": "" if asked.top_k is None else str(asked.top_k),
        "min_p": "" if asked.min_p is None else f"{asked.min_p:g}",
        "Reasoning effort": asked.reasoning_effort,
        **{f"Field {name}": json.dumps(value, ensure_ascii=False) for name, value in asked.extra.items()},
        "Answers begin with": asked.prefill and repr(asked.prefill),
        "Prompt's template": asked.template,
        "Examples before every prompt": "\n".join(example.text for example in asked.few_shot),
    }
    return {name: shorten(value, MOST_SHOWN) for name, value in found.items() if value}
