"""Exercises of several files, to be edited."""

from dataclasses import replace

from evalsite.datasets import exercises
from evalsite.datasets.catalogue.base import Known, Published

_PROJECT = "https://github.com/Aider-AI/polyglot-benchmark"
_POLYGLOT = {
    "python": (34, "11a6bc98b2e039cd3b04216b57a575dd86eb380a18b321bf717ad8ea24216411"),
    "go": (39, "08f0b0db38ea5b6e988264aaf8e0f43d1ebcb63e7258b088a9063fb97889be25"),
    "rust": (30, "72c9d539879276cb12dd479e2d704d29be35641d28c70970747c7948e62190ec"),
}
"""Language -> number of exercises, and their hash."""
_UNJUDGED = {
    "go": ["counter", "dnd-character", "ledger", "markdown"],
    "rust": [
        "alphametics",
        "decimal",
        "gigasecond",
        "grep",
        "macros",
        "pig-latin",
        "poker",
        "robot-name",
        "simple-cipher",
    ],
}
"""Exercises without tests, for a later Go, or that pass as given; those that want crates or cargo."""


def _known(language: str, problems: int, sha256: str) -> Known:
    name = f"polyglot-{language}"
    return Known(
        files=(Published(f"{name}.jsonl", f"{_PROJECT}/tree/main/{language}"),),
        kinds=("exercise",),
        language=language,
        problems=problems,
        licence="MIT",
        origin=_PROJECT,
        sha256=sha256,
        shape=exercises.SHAPE,
        unjudged=frozenset(f"{language}/{each}" for each in _UNJUDGED.get(language, ())),
        parts="It is published as a repository of folders. Of a checkout of your own, name the folder: "
        f"--dataset {name} --data-path CHECKOUT/{language}; a file with an exercise a line is taken by "
        f"'evalsite datasets fetch {name} --data-path FILE'.",
        prompt="`edit-whole-v1` and the other formats of edits are our own words, not aider's.",
        numbers="Exercises of aider's polyglot benchmark (Exercism's), of three of its six languages, asked "
        "without aider around them.",
    )


def _for_agents(known: Known, sha256: str) -> Known:
    return replace(
        known,
        kinds=("agent",),
        sha256=sha256,
        shape=exercises.AGENTS,
        prompt="`agent-v1` is our own words and tools; aider asks for edits in text.",
        numbers="The same exercises, worked on by calls of tools: no published numbers are made alike.",
    )


_AGENTS = {
    "python": "28df4724c0865f134f6e2e1fbe5656ede2b4d27d1f8ed880b75ad77d94f2952b",
    "go": "0eb31d187ca2390adce44cdfe7ea7b11625f855123880a0fd247a65b1f66961d",
    "rust": "0610e9e9864190fbab89266dec7fa6d41fd754ffb5d4305880a2930a8cabf207",
}
"""Language -> hash of the same exercises for agents."""
EXERCISES: dict[str, Known] = {
    f"polyglot-{language}": _known(language, *about) for language, about in _POLYGLOT.items()
} | {
    f"polyglot-agent-{language}": _for_agents(_known(language, *_POLYGLOT[language]), sha256)
    for language, sha256 in _AGENTS.items()
}
