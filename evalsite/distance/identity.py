"""What makes a distance this one and no other, and whether its record still says what it said then."""

from typing import Any

from evalsite.distance.schema import Distance, Side
from evalsite.errors import IdentityError
from evalsite.rundir.identity import hash_identity, leaf_differences, weight_leaves
from evalsite.rundir.schema import Dataset


def identity_leaves(
    sides: tuple[Side, Side], dataset: Dataset, *, over: str, run: str, seed: int, num_positions: int
) -> dict[str, Any]:
    """Return what a distance's identity is made of: both sides, the texts, and where they are asked."""
    leaves: dict[str, Any] = {
        "dataset.name": dataset.name,
        "dataset.sha256": dataset.sha256,
        "over": over,
        "run": run,
        "seed": seed,
        "positions": num_positions,
    }
    for name, side in zip(("base", "candidate"), sides, strict=True):
        told = {
            "endpoints": sorted(side.model.endpoints),
            "model": side.model.name,
            "way": side.way,
            "api": side.api,
            "most": side.most,
            **weight_leaves(side.model.card),
        }
        leaves |= {f"{name}.{leaf}": value for leaf, value in told.items()}
    return leaves


def leaves_of(record: Distance) -> dict[str, Any]:
    """The same of a record as it stands."""
    return identity_leaves(
        (record.base, record.candidate),
        record.dataset,
        over=record.over,
        run=record.run,
        seed=record.seed,
        num_positions=record.num_positions,
    )


def changes_since(record: Distance) -> tuple[str, ...]:
    """Name what was changed in a record since it began: ``base.model 'a' -> 'b'``."""
    leaves = leaves_of(record)
    if record.identity == hash_identity(leaves):
        return ()
    changes = tuple(leaf_differences(record.identity_of, leaves))
    return changes or ("identity does not fit models, texts and positions",)


def refuse_changed(path: object, record: Distance) -> None:
    """Raise :class:`IdentityError`, naming what was changed, where a record is not what it was."""
    if changes := changes_since(record):
        raise IdentityError(
            f"{path}/distance.json: was changed after it began: {'; '.join(changes)}",
            hint="Put the old values back.",
        )
