"""LiveCodeBench: problems of contests, release by release, each with the date that it was published."""

from evalsite.datasets import livecodebench
from evalsite.datasets.catalogue.base import Known, Published

_ORIGIN = "https://huggingface.co/datasets/livecodebench/code_generation_lite"
_FILES = tuple(
    Published(f"livecodebench-{name}", f"{_ORIGIN}/resolve/main/{name}", size)
    for name, size in (
        ("test.jsonl", 1_250_000_000),
        ("test2.jsonl", 713_000_000),
        ("test3.jsonl", 623_000_000),
        ("test4.jsonl", 1_200_000_000),
        ("test5.jsonl", 558_000_000),
        ("test6.jsonl", 134_303_240),
    )
)
"""Each release adds a file. Sizes as the project's page rounds them."""
_PROBLEMS = (400, 511, 612, 713, 880, 1055)
"""Of each release, as its project says."""

CONTESTS: dict[str, Known] = {
    f"livecodebench-v{release}": Known(
        files=_FILES[:release],
        kinds=("stdin", "call"),
        problems=problems,
        licence="CC",
        origin=_ORIGIN,
        dated=True,
        shape=livecodebench.SHAPE,
        prompt="None to the letter: `chat-v1` asks for a whole program, or for the class that the problem "
        "begins, in one fenced block, as LiveCodeBench's generic prompt does.",
        numbers="Near LiveCodeBench's pass@1 of the same release and window; a name may end with the window, "
        "such as `livecodebench-v5-2024-08..2025-01` (both months among them). We have not had its files: "
        "counts and sizes are its project's, and `fetch` tells the hash.",
    )
    for release, problems in enumerate(_PROBLEMS, start=1)
}
"""Name -> data set."""
