"""Conversations with tools to call."""

from evalsite.datasets import calls
from evalsite.datasets.catalogue.base import Known, Published

_PROJECT = "https://github.com/ShishirPatil/gorilla/tree/main/berkeley-function-call-leaderboard"

CALLS: dict[str, Known] = {
    "bfcl-v4": Known(
        files=(Published("bfcl-v4-single-turn.jsonl", f"{_PROJECT}/bfcl_eval/data"),),
        kinds=("calls",),
        problems=3491,
        licence="Apache-2.0",
        origin=_PROJECT,
        sha256="04d40c84e768472ca7f28d1b33b903b173f8a4efbd8e6798b22325ba63a8d012",
        shape=calls.BFCL,
        parts="Questions and accepted answers are files of their own there, and in the package bfcl-eval: "
        "scripts/join_bfcl.py puts them together, and 'evalsite datasets fetch bfcl-v4 --data-path FILE' "
        "takes what it writes.",
        prompt="`tools-v1` offers the tools by the API, as BFCL's function-calling mode does, with its words "
        "for types in JSON Schema's; `calls-prompt-v1` is our own, not BFCL's prompt mode.",
        numbers="The 11 categories of one turn in Python, judged by BFCL's own rules, sample by sample "
        "(`bench/calls.py`); its overall score weighs them otherwise, with others that are not here.",
    ),
}
