"""What the record of a run says of its data set, of the machine and of the time; what grading needs of it."""

import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from msgspec import UNSET

from evalsite import __version__
from evalsite.datasets import LoadedDataset
from evalsite.rundir.schema import Dataset, Environment


def describe_dataset(dataset: LoadedDataset) -> Dataset:
    """Return the data set's entry for ``run.json``."""
    return Dataset(
        name=dataset.name,
        sha256=dataset.sha256,
        num_problems=len(dataset.problems),
        source=dataset.source,
        level=dataset.level or UNSET,
    )


def this_environment() -> Environment:
    """Describe this machine, without names that would identify it."""
    return Environment(
        evalsite=__version__,
        python=platform.python_version(),
        platform=platform.platform(terse=True),
        cpus=os.cpu_count() or 1,
    )


def utc_now() -> str:
    """Return the time as ``2026-11-22T16:54:00Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def differences(path: str, before: Any, after: Any) -> Iterator[str]:
    """Name every leaf in which two nested dicts differ, as ``settings.temperature 0.2 -> 0.8``."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from differences(f"{path}.{key}".lstrip("."), before.get(key), after.get(key))
    elif before != after:
        yield f"{path} {before!r} -> {after!r}"
