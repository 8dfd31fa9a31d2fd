"""Print the oldest version that pyproject.toml allows of each package of users, as constraints for pip."""

import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
OF_USERS = ("cards", "dask", "inspect", "parquet")
"""Extras beside what everybody gets; the others are for who works on evalsite."""


def constraints(project: dict) -> list[str]:
    """Return a line for each package of a pyproject.toml: what ``>=`` names, under the same condition."""
    wanted = project["dependencies"] + [
        each for extra in OF_USERS for each in project["optional-dependencies"][extra]
    ]
    return sorted(each.replace(">=", "==", 1) for each in wanted)


if __name__ == "__main__":
    print(*constraints(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]), sep="\n")
