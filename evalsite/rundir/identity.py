"""What makes a run this run and no other, and whether its record still says what it said then."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import NODEFAULT
from msgspec.structs import FieldInfo, fields, replace

from evalsite.errors import IdentityError
from evalsite.rundir.schema import Dataset, Grading, Model, ModelCard, Run, Settings
from evalsite.words.commands import command
from evalsite.words.sentences import names

REPLACEABLE = ("endpoints", "weights.")
"""Beginnings of what may be replaced on purpose, which then is recorded as a sighting."""

_FORMAT_1 = ("api", "prompt", "temperature", "top_p", "max_tokens", "seed", "stop", "stream", "system")
"""The settings that the hash of format 1 was made of."""


def identity_leaves(model: Model, settings: Settings | None, dataset: Dataset) -> dict[str, Any]:
    """Return what a run's identity is made of: ``settings.temperature`` -> 0.2, and so on, as plain values.

    Endpoints, model, prompt, settings, data and declared weights. What has its default is left out, so that
    an evalsite with more settings finds the same. How many samples and problems are asked is no part of it,
    so that a run can be extended; nor is how fast.
    """
    return {
        "endpoints": sorted(model.endpoints),
        "model": model.name,
        "dataset.name": dataset.name,
        "dataset.sha256": dataset.sha256,
        "dataset.num_problems": dataset.num_problems,
        **({} if settings is None else _not_default("settings", settings)),
        **weight_leaves(model.card),
    }


def weight_leaves(card: ModelCard) -> dict[str, Any]:
    """Return what is declared of a model's weights, as leaves of an identity."""
    return _not_default("weights", card)


def hash_identity(leaves: Mapping[str, object]) -> str:
    """Hash identity leaves, independent of their order; SHA-256 in hexadecimal."""
    return hashlib.sha256(msgspec.json.encode(leaves, order="deterministic")).hexdigest()


def changes_since(run: Run) -> tuple[str, ...]:
    """Name what was changed in a run's record since its identity was fixed: ``settings.top_p 1.0 -> 0.9``.

    Of samples made elsewhere, only how they were graded is held against anything. A record of format 1 holds
    a hash alone, so of it nobody can say more than that it does not fit.
    """
    return (*_changed_identity(run), *_changed_grading(run))


def _changed_identity(run: Run) -> tuple[str, ...]:
    leaves = identity_leaves(run.model, run.settings, run.dataset)
    if not run.identity or run.identity in (hash_identity(leaves), _hash_of_format_1(run)):
        return ()
    changes = tuple(leaf_differences(run.identity_of, leaves)) if run.identity_of else ()
    return changes or ("identity does not fit endpoints, model, settings, data set and model card",)


def _changed_grading(run: Run) -> tuple[str, ...]:
    if not run.graded_as:
        return ()
    if run.grading is None:
        return ("grading was removed",)
    return () if run.graded_as == hash_grading(run.grading) else ("grading is not what verdicts stand for",)


def hash_grading(grading: Grading) -> str:
    """Hash what decides verdicts and which of them count: all of ``grading`` but the versions that reached
    them; SHA-256 in hexadecimal.
    """
    leaves = _not_default("grading", grading)
    leaves.pop("grading.graded_by", None)
    return hash_identity(leaves)


def graded(run: Run, grading: Grading | None) -> Run:
    """The record of a run that is graded in this way from now on, so that a later change of it shows."""
    return replace(run, grading=grading, graded_as=hash_grading(grading) if grading else "")


def refuse_changed(path: Path, run: Run, retested: Sequence[str] = ()) -> None:
    """Raise :class:`IdentityError`, naming what was changed, where a run's record is not what it was.

    ``retested``: problems whose tests are others by now (:func:`evalsite.rundir.answers.find_retested`). To
    be called by whatever goes on with a run, or judges it.
    """
    if retested:
        raise IdentityError(
            f"{path / 'problems.jsonl'}: tests were changed after they had been graded by: {names(retested)}",
            hint="Put the file back as it was. Other tests are another data set: keep it under a name of its "
            "own, and have the answers graded by it in a new run.",
        )
    if changes := changes_since(run):
        raise IdentityError(
            f"{path / 'run.json'}: was changed after the run began: {'; '.join(changes)}",
            hint="Put the old values back. A model card or an address is replaced on purpose with: "
            f"{command('resume', path)} --model-card FILE, or --model-endpoint URL",
        )


def leaf_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Name every leaf in which two identities differ, as ``settings.temperature 0.2 -> 0.8``."""
    for leaf in sorted(before.keys() | after.keys()):
        old, new = (leaves.get(leaf, _DEFAULTS.get(leaf)) for leaves in (before, after))
        if old != new:
            yield f"{leaf} {old!r} -> {new!r}"


def _not_default(prefix: str, struct: msgspec.Struct) -> dict[str, Any]:
    values = ((field, getattr(struct, field.name)) for field in _fields(type(struct)))
    return {f"{prefix}.{field.name}": _plain(value) for field, value in values if value != _default(field)}


_fields = cache(fields)
"""Of a kind of struct: finding them out takes longer than all else."""


def _default(field: FieldInfo) -> object:
    """Return a field's default, which is made anew where it could be changed."""
    return field.default if field.default_factory is NODEFAULT else field.default_factory()


def _plain(value: object) -> Any:
    """Return a value as it comes back from a file."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _hash_of_format_1(run: Run) -> str:
    """The settings stood in the order of their fields there, all else in that of its names."""
    settings = run.settings and {name: getattr(run.settings, name) for name in _FORMAT_1}
    return hash_identity(
        {
            "endpoints": sorted(run.model.endpoints),
            "model": run.model.name,
            "settings": msgspec.Raw(msgspec.json.encode(settings)),
            "dataset": {"name": run.dataset.name, "sha256": run.dataset.sha256},
            "weights": run.model.card,
        }
    )


_DEFAULTS = {
    f"{prefix}.{field.name}": _plain(_default(field))
    for prefix, kind in (("settings", Settings), ("weights", ModelCard))
    for field in fields(kind)
    if _default(field) is not NODEFAULT
}
"""Leaf -> its default, for those that have one."""
