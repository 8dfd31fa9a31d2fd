"""What a run is: its plan, its identity, and the directory that begins it."""

import hashlib
import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from evalsite import __version__
from evalsite.datasets import LoadedDataset
from evalsite.errors import IdentityError
from evalsite.kinds.prompts import build_prompt
from evalsite.rundir.schema import Dataset, Environment, Grading, Model, Problem, Run, Settings, Sighting
from evalsite.rundir.store import RunDir, new_run_id


@dataclass(frozen=True)
class Plan:
    """Everything that decides what a model is asked. ``max_problems`` of None asks all."""

    dataset: LoadedDataset
    model: Model
    settings: Settings
    grading: Grading | None
    """How answers will be judged; None where another machine will do that."""
    num_samples: int = 1
    max_problems: int | None = None
    sightings: tuple[Sighting, ...] = ()
    """What the servers tell of themselves now; no part of the identity, for an upgrade must not end a run."""
    identity: str = field(init=False)

    def __post_init__(self) -> None:
        fields = identity_fields(self.model, self.settings, self.dataset)
        object.__setattr__(self, "identity", hash_identity(fields))

    def problems(self) -> tuple[Problem, ...]:
        """The problems to ask, each with the exact text that the model will be sent."""
        asked = self.dataset.problems[: self.max_problems]
        return tuple(
            replace(problem, asked=build_prompt(problem, self.settings.prompt).text) for problem in asked
        )


def identity_fields(
    model: Model, settings: Settings | None, dataset: LoadedDataset | Dataset
) -> dict[str, object]:
    """Return what makes a run this run and no other: endpoints, model, prompt, settings, data, weights.

    How many samples and problems are asked is left out, so that a run can be extended; so is how fast.
    """
    return {
        "endpoints": sorted(model.endpoints),
        "model": model.name,
        "settings": settings,
        "dataset": {"name": dataset.name, "sha256": dataset.sha256},
        "weights": model.card,
    }


def hash_identity(fields: Mapping[str, object]) -> str:
    """Hash identity fields, independent of their order; SHA-256 in hexadecimal."""
    return hashlib.sha256(msgspec.json.encode(fields, order="deterministic")).hexdigest()


def begin(plan: Plan, runs_dir: Path) -> RunDir:
    """Create the run directory of a new run."""
    created_at = utc_now()
    problems = plan.problems()
    run = Run(
        id=new_run_id(created_at, plan.model.name, plan.dataset.name),
        status="running",
        created_at=created_at,
        identity=plan.identity,
        model=plan.model,
        dataset=describe_dataset(plan.dataset),
        num_problems=len(problems),
        num_samples=plan.num_samples,
        settings=plan.settings,
        grading=plan.grading,
        environment=this_environment(),
        sightings=plan.sightings,
    )
    return RunDir.create(runs_dir, run, problems)


def extend(run_dir: RunDir, plan: Plan) -> Run:
    """Let an existing run ask for what ``plan`` adds to it: more samples, more problems; never fewer.

    Raises :class:`IdentityError`, naming every field that differs, where ``plan`` is another run.
    """
    refuse_another(run_dir, plan)
    run = run_dir.read_run()
    problems = run_dir.problems()
    if len(plan.problems()) > len(problems):
        problems = plan.problems()
        run_dir.write_problems(problems)
    extended = replace(
        run,
        status="running",
        num_problems=len(problems),
        num_samples=max(run.num_samples, plan.num_samples),
        grading=plan.grading or run.grading,
        identity=plan.identity,
        sightings=(*_earlier_sightings(run), *plan.sightings),
    )
    run_dir.write_run(extended)
    return extended


def describe_dataset(dataset: LoadedDataset) -> Dataset:
    """Return the data set's entry for ``run.json``."""
    return Dataset(
        name=dataset.name,
        sha256=dataset.sha256,
        num_problems=len(dataset.problems),
        source=dataset.source,
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


def refuse_another(run_dir: RunDir, plan: Plan) -> None:
    """Raise :class:`IdentityError`, naming every field that differs, where ``plan`` is not this run's.

    Compared field by field: the hash of an older evalsite may lack a field that has its default here.
    """
    run = run_dir.read_run()
    before = identity_fields(run.model, run.settings, run.dataset)
    after = identity_fields(plan.model, plan.settings, plan.dataset)
    changes = list(differences("", msgspec.to_builtins(before), msgspec.to_builtins(after)))
    if changes:
        raise IdentityError(
            f"{run_dir.path}: this run was made with other settings: " + "; ".join(changes),
            hint="Repeat the original settings to resume it, or start a new run with 'evalsite run'.",
        )


def _earlier_sightings(run: Run) -> tuple[Sighting, ...]:
    """Return a run's sightings; of a run that did not record them yet, what it knows of its beginning."""
    if run.sightings or not run.model.server:
        return run.sightings
    return (Sighting(at=run.created_at, endpoint=run.model.endpoints[0], told=run.model.server),)


def differences(path: str, before: Any, after: Any) -> Iterator[str]:
    """Name every leaf in which two nested dicts differ, as ``settings.temperature 0.2 -> 0.8``."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from differences(f"{path}.{key}".lstrip("."), before.get(key), after.get(key))
    elif before != after:
        yield f"{path} {before!r} -> {after!r}"
