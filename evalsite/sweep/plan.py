"""``plan.toml``: which models are asked which data sets, how much of each, and where it all goes."""

import shlex
from pathlib import Path
from typing import Annotated, Any

import msgspec

from evalsite.client.endpoints import parse_endpoint
from evalsite.errors import UsageError
from evalsite.rundir.rows import Amount, Count
from evalsite.rundir.typed import line_of, parse_toml, read_typed
from evalsite.stats.sequential import LookRule

HINT = "docs/sweep.md shows a whole plan."
Name = Annotated[str, msgspec.Meta(min_length=1)]
Options = dict[str, str | int | float | bool | list[str | int | float]]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the tables of a plan: a key that is not known is a mistake."""


class ModelEntry(_Table, frozen=True, kw_only=True):
    """``[[models]]``: one that is asked, by exactly one of ``profile``, ``endpoint`` and ``command``."""

    name: Name
    """As its server knows it, and as runs and pages call it."""
    profile: str = ""
    """A table of evalsite.toml, such as ``candidate`` for ``[run.candidate]``."""
    endpoint: str = ""
    """The address of a server that is there already."""
    command: str = ""
    """What starts its server; ``{port}`` stands for a free port, ``{file}`` for :attr:`file`."""
    file: str = ""
    """The weights, from the plan's own folder."""
    path: str = "/v1"
    """Where below the started server the API is; ``/v1/completions`` or ``/v1/chat/completions`` name one."""
    slot: str = "server"
    """Of the servers of a slot one is up at a time, such as those that need one GPU."""
    load_s: Amount = 600.0
    """Seconds that the server may take until it answers /health."""
    card: str = ""
    """A model card, from the plan's own folder."""
    options: Options = {}
    """Options of ``evalsite run`` for this model alone."""


class DatasetEntry(_Table, frozen=True, kw_only=True):
    """``[[datasets]]``: one that every model is asked."""

    name: Name
    data_path: str = ""
    """Its file, from the plan's own folder."""
    num_samples: Annotated[int, msgspec.Meta(ge=1)] = 1
    max_problems: Annotated[int, msgspec.Meta(ge=1)] | None = None
    draw_seed: Count = 0
    options: Options = {}
    """Options of ``evalsite run`` for this data set alone; they go before the model's and the plan's."""


class SweepPlan(_Table, frozen=True, kw_only=True):
    """The whole file."""

    runs: Name = "runs"
    site: Name = "site"
    baseline: str = ""
    """The model that others are held against; else model cards say."""
    targets: str = ""
    margin: Annotated[float, msgspec.Meta(ge=0, le=100)] = 10.0
    """Points of pass@1 that may be lost, for the table of ``--status``."""
    passes: Annotated[int, msgspec.Meta(ge=1, le=20)] = 2
    """In how many rounds over all models each data set is asked."""
    until_decided: bool = False
    """Whether a candidate is asked only until it is certain whether more was lost over all data sets."""
    looks: Annotated[int, msgspec.Meta(ge=1, le=20)] = 5
    """How often it is looked at most, where it is asked until then; they take the place of passes."""
    thrifty: bool = False
    """Whether looks are to save requests, even where that decides less."""
    options: Options = {}
    """Options of ``evalsite run`` for all."""
    models: Annotated[tuple[ModelEntry, ...], msgspec.Meta(min_length=1)]
    datasets: Annotated[tuple[DatasetEntry, ...], msgspec.Meta(min_length=1)]

    @property
    def rule(self) -> LookRule:
        """What looks may spend by when, and when they give up."""
        return LookRule.of(self.looks, thrifty=self.thrifty)


def read_plan(path: Path) -> SweepPlan:
    """Read a plan. Raises UsageError naming file, line and field of the first mistake."""
    try:
        text = read_typed(path)
    except OSError as exc:
        raise UsageError(f"{path}: cannot be read ({exc.strerror})", hint=HINT) from exc
    document = parse_toml(text, str(path), HINT)
    try:
        plan = msgspec.convert(document, SweepPlan)
    except msgspec.ValidationError as exc:
        what, _, where = str(exc).partition(" - at `$")
        raise _mistake(path, text, where.rstrip("`"), what, document) from exc
    _check(path, text, plan)
    return plan


def _check(path: Path, text: str, plan: SweepPlan) -> None:
    """Refuse what the types do not."""
    for key, entries in (("models", plan.models), ("datasets", plan.datasets)):
        names = [entry.name for entry in entries]
        for number, name in enumerate(names):
            if name in names[:number]:
                raise _mistake(path, text, f".{key}[{number}].name", f"{name!r} stands there twice")
    for number, model in enumerate(plan.models):
        _check_model(path, text, f".models[{number}]", model)
    if plan.targets and not (path.parent / plan.targets).is_file():
        raise _mistake(path, text, ".targets", f"there is no file {path.parent / plan.targets}")
    if plan.baseline and plan.baseline not in [model.name for model in plan.models]:
        raise _mistake(path, text, ".baseline", f"no model of the plan is called {plan.baseline!r}")
    if plan.until_decided:
        _check_deciding(path, text, plan)
    elif plan.thrifty:
        raise _mistake(path, text, ".thrifty", "says how to look, and belongs to until_decided")


def _check_model(path: Path, text: str, where: str, model: ModelEntry) -> None:
    given = [name for name in ("profile", "endpoint", "command") if getattr(model, name)]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        raise _mistake(path, text, where, f"needs one of profile, endpoint and command, and has {found}")
    if model.command:
        _check_command(path, text, where, model)
    if model.endpoint:
        _check_endpoint(path, text, where, model)
    if model.card and not (path.parent / model.card).is_file():
        raise _mistake(path, text, f"{where}.card", f"there is no file {path.parent / model.card}")


def _check_deciding(path: Path, text: str, plan: SweepPlan) -> None:
    if not plan.baseline:
        raise _mistake(path, text, ".until_decided", "needs a baseline, to hold candidates against")
    for number, entry in enumerate(plan.datasets):
        if entry.max_problems is not None:
            where = f".datasets[{number}].max_problems"
            raise _mistake(path, text, where, "until_decided says by itself how much is asked")


def _check_endpoint(path: Path, text: str, where: str, model: ModelEntry) -> None:
    try:
        parse_endpoint(model.endpoint)
    except UsageError as exc:
        raise _mistake(path, text, f"{where}.endpoint", str(exc).partition("\n")[0]) from exc


def _check_command(path: Path, text: str, where: str, model: ModelEntry) -> None:
    try:
        words = shlex.split(model.command)
    except ValueError as exc:
        raise _mistake(path, text, f"{where}.command", f"cannot be split into words ({exc})") from exc
    if not any("{port}" in word for word in words):
        raise _mistake(path, text, f"{where}.command", "has no {port}, so nobody knows where it will listen")
    if any("{file}" in word for word in words) != bool(model.file):
        raise _mistake(path, text, f"{where}.command", "{file} and the key file belong together")
    if model.file and not (path.parent / model.file).is_file():
        raise _mistake(path, text, f"{where}.file", f"there is no file {path.parent / model.file}")


def _mistake(path: Path, text: str, where: str, what: str, document: Any = None) -> UsageError:
    """Name file, line and field. ``where`` is such as ``.models[1].slot``, counting from 0."""
    key, bracket, rest = where.lstrip(".").partition("[")
    key, dot, plain = key.partition(".")
    inner = f"{dot}{plain}"
    if bracket:
        number, _, name = rest.partition("]")
        inner = f"[{int(number) + 1}]{name}"
    line = line_of(text, key, inner) if key else 1
    if "unknown field" in what and document is not None:
        strange = what.partition("unknown field `")[2].rstrip("`")
        line = line_of(text, key, f"{inner}.{strange}") if key else line_of(text, strange)
    field = f"{key}{inner}"
    told = f"{field}: {what}" if field else what
    return UsageError(f"{path}:{line}: {told}", hint=HINT)


def mistake_in_options(path: Path, key: str, what: str) -> UsageError:
    """Name an option of ``[options]``, or of a model's or data set's, that ``run`` does not take."""
    text = read_typed(path)
    return UsageError(f"{path}:{line_of(text, key)}: options.{key}: {what}", hint="See: evalsite run --help")
