"""Which problems of different data sets and languages are one and the same: their cluster.

It is called by the id that the problem has in the data set that it comes from, such as ``HumanEval/0``.
"""

import re

_HUMANEVAL = re.compile(
    r"(?:HumanEval|Python|JavaScript|TypeScript|Java|Go|CPP|Rust|PHP|Ruby|Perl|\w+Infilling\w*/HumanEval)"
    r"[/_](\d+)(?:[/_].*)?"
)
_MBPP = re.compile(r"(?:MBPP|MB\w+P)[/_](\d+)(?:[/_].*)?", re.IGNORECASE)


def humaneval_cluster(task_id: str) -> str:
    """The problem of HumanEval that another form of it asks: ``CPP/0`` and ``HumanEval_0_has_close_elements``
    are ``HumanEval/0``. Empty for another id.
    """
    found = _HUMANEVAL.fullmatch(task_id)
    return f"HumanEval/{found[1]}" if found else ""


def mbpp_cluster(task_id: str) -> str:
    """The task of MBPP that another form of it asks: ``MBJSP/17`` and ``mbpp_17_find`` are ``MBPP/17``."""
    found = _MBPP.fullmatch(task_id)
    return f"MBPP/{found[1]}" if found else ""
