"""evalsite: benchmark a code model behind an endpoint, and publish what can honestly be said about it.

Two wings meet only at a run directory (:mod:`evalsite.rundir`)::

    PRODUCE   dataset -> prompt -> completion -> program -> execution -> verdict -> run directory
    PUBLISH   run directory -> tallies -> statistics -> views -> templates -> static site

What programs use stands in ``__all__``, and is loaded when it is first asked for.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "LoadedRun": "evalsite.api",
    "Limits": "evalsite.rundir.schema",
    "Problem": "evalsite.rundir.schema",
    "RunComparison": "evalsite.api",
    "Runs": "evalsite.counts.loaded",
    "Sample": "evalsite.counts.samples",
    "Table": "evalsite.counts.table",
    "Verdict": "evalsite.rundir.schema",
    "build": "evalsite.api",
    "check": "evalsite.api",
    "compare": "evalsite.api",
    "grade": "evalsite.api",
    "load_dataset": "evalsite.datasets",
    "open_run": "evalsite.api",
    "open_runs": "evalsite.api",
    "pass_at_k": "evalsite.counts.passk",
}
"""Public name -> the module that holds it."""

__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'evalsite' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
