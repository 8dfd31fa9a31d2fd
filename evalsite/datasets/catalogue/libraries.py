"""BigCodeBench: problems that use libraries, whole or the harder part, as code to continue or in prose."""

from evalsite.datasets import bigcodebench
from evalsite.datasets.catalogue.base import Known, Published

_HUB = "https://huggingface.co/datasets/bigcode/"
_VERSION = "v0.1.4"
_PROMPTS = {
    False: "`completion-v1` continues the code as it is, `chat-v1` shows it in words of our own.",
    True: "`chat-v1` gives the instruction, in words of our own around it.",
}


def _known(name: str, problems: int, size: int | None, *, instruct: bool) -> Known:
    url = f"{_HUB}{name}/resolve/main/data/{_VERSION}-00000-of-00001.parquet"
    split = "Instruct" if instruct else "Complete"
    return Known(
        files=(Published(f"{name}.parquet", url, size),),
        kinds=("unittest-text",) if instruct else ("unittest",),
        problems=problems,
        licence="Apache-2.0",
        origin=f"{_HUB}{name}",
        hub=None if instruct else (f"bigcode/{name}", "default"),
        shape=bigcodebench.INSTRUCT if instruct else bigcodebench.COMPLETE,
        prompt=f"BigCodeBench-{split}: " + _PROMPTS[instruct],
        numbers=f"Near the pass@1 of BigCodeBench-{split} {_VERSION}, uncalibrated, where the packages are "
        "those of its requirements-eval.txt (`--sandbox-python`). We have not had its files: `fetch` tells "
        "the hash.",
    )


LIBRARIES: dict[str, Known] = {
    "bigcodebench": _known("bigcodebench", 1140, 2_362_110, instruct=False),
    "bigcodebench-instruct": _known("bigcodebench", 1140, 2_362_110, instruct=True),
    "bigcodebench-hard": _known("bigcodebench-hard", 148, None, instruct=False),
    "bigcodebench-hard-instruct": _known("bigcodebench-hard", 148, None, instruct=True),
}
"""Name -> data set."""
