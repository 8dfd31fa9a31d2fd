"""What a run is: its plan, its identity, and the directory that begins it."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from evalsite.client.core import SAMPLE_SEED, most_choices
from evalsite.client.protocol import fields_sent, stops_of, stops_sent
from evalsite.datasets import LoadedDataset, load_dataset
from evalsite.errors import DatasetError, IdentityError, UsageError
from evalsite.kinds.conversation import conversation
from evalsite.kinds.editing import STYLES as EDIT_STYLES
from evalsite.kinds.offers import SOURCE, offers, wants_offers
from evalsite.kinds.prompts import prompt_for
from evalsite.rundir.answers import find_retested
from evalsite.rundir.draws import Draw, part_of
from evalsite.rundir.identity import (
    REPLACEABLE,
    graded,
    hash_identity,
    identity_leaves,
    leaf_differences,
    refuse_changed,
)
from evalsite.rundir.levels import Campaign, Wanted
from evalsite.rundir.schema import (
    FORMAT,
    Asked,
    Context,
    Grading,
    Model,
    Problem,
    Run,
    Settings,
    Sighting,
)
from evalsite.rundir.shards import Shard
from evalsite.rundir.store import RunDir, new_run_id
from evalsite.runner.deciding import Deciding, record_unseen
from evalsite.runner.recording import describe_dataset, this_environment, utc_now


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
    draw: Draw | None = None
    """How ``max_problems`` are drawn; None for the first ones, as runs have them that recorded no draw."""
    only: tuple[str, ...] = ()
    """Ids of the problems to ask, where they are named."""
    deciding: Deciding | None = None
    """What stops it when it is decided; then it asks the first of a draw, and more after each look."""
    shard: Shard | None = None
    """The part of the problems that this run asks; None for all of them."""
    campaign: Campaign | None = None
    """The runs on other levels that are asked with it, where there are some."""
    sightings: tuple[Sighting, ...] = ()
    """What the servers tell of themselves now; no part of the identity, for an upgrade must not end a run."""
    identity: str = field(init=False)
    identity_of: Mapping[str, Any] = field(init=False)
    """What the identity is a hash of; see :func:`evalsite.rundir.identity.identity_leaves`."""

    def __post_init__(self) -> None:
        leaves = identity_leaves(self.model, self.settings, describe_dataset(self.dataset))
        object.__setattr__(self, "identity_of", leaves)
        object.__setattr__(self, "identity", hash_identity(leaves))

    def on(self, wanted: Wanted) -> "Plan":
        """The same on a level of its data set. Raises UsageError where there is no such level."""
        context = context_of(self.dataset, wanted)
        settings = replace(self.settings, context=context)
        return dataclasses.replace(self, dataset=self.dataset.at(wanted), settings=settings)

    def problems(self) -> tuple[Problem, ...]:
        """The problems to ask, each with the exact text and stop sequences that the model will be sent."""
        return tuple(map(self._asked, self.chosen()))

    def eventually(self) -> tuple[Problem, ...]:
        """All problems that it may come to ask, as the data set has them."""
        return self.chosen() if self.deciding is None else self.dataset.problems

    def asked(self) -> Asked:
        """What else will be sent, for the record."""
        prompts = [prompt_for(problem, self.settings) for problem in self.chosen()]
        sent = dict.fromkeys(stop for each in prompts for stop in stops_sent(each, self.settings))
        ends = dict.fromkeys(stop for each in prompts for stop in stops_of(each, self.settings))
        return Asked(
            stop=tuple(sent),
            fields=fields_sent(self.settings),
            cut=tuple(stop for stop in ends if stop not in sent),
            sample_seed="" if self.settings.seed is None else SAMPLE_SEED,
            most_choices=most_choices(self.settings),
        )

    def chosen(self) -> tuple[Problem, ...]:
        """The problems to ask, as the data set has them; raises UsageError for an unknown id."""
        problems = self.dataset.problems
        if self.shard is not None:
            problems = self.shard.choose(problems)
        if not self.only:
            return part_of(problems, self.max_problems, self.draw)
        known = {problem.task_id: problem for problem in self.dataset.problems}
        if strange := [name for name in self.only if name not in known]:
            raise UsageError(
                f"{self.dataset.name} has no problem {', '.join(strange)}",
                hint=f"Its problems are called like {next(iter(known))}; several are parted by commas.",
            )
        return tuple(problem for problem in problems if problem.task_id in self.only)

    @property
    def drawn(self) -> Draw | None:
        """How its problems are drawn, for the record; None where all of them are asked, or named ones."""
        return None if self.only or self.max_problems is None else self.draw

    def _asked(self, problem: Problem) -> Problem:
        prompt = prompt_for(problem, self.settings)
        return replace(
            problem,
            asked=prompt.text,
            stop=stops_sent(prompt, self.settings),
            prefill=prompt.prefill,
            edit_format=EDIT_STYLES.get(self.settings.prompt, ""),
        )


def context_of(dataset: LoadedDataset, wanted: Wanted) -> Context | None:
    """What stands before and beside each question on a level: a conversation, and tools where the data set
    has none of its own. None for neither. Raises UsageError where there is no such level.
    """
    context = conversation(dataset.problems, wanted.context_tokens)
    if not wanted.distractors or not wants_offers(dataset.problems):
        return context
    try:
        others = load_dataset(SOURCE).problems
    except DatasetError as error:
        raise UsageError(
            f"{dataset.name} has no tools of its own, and those of {SOURCE} are not here: {error.message}",
            hint=error.hint,
        ) from error
    tools = offers(dataset.problems, others, wanted.distractors)
    return replace(context or Context(tokens=0, turns=()), tools=tools)


def begin(plan: Plan, runs_dir: Path) -> RunDir:
    """Create the run directory of a new run."""
    created_at = utc_now()
    problems = plan.problems()
    run = Run(
        id=new_run_id(created_at, plan.model.name, plan.dataset.name),
        status="running",
        created_at=created_at,
        identity=plan.identity,
        identity_of=dict(plan.identity_of),
        model=plan.model,
        dataset=describe_dataset(plan.dataset),
        num_problems=len(problems),
        num_samples=plan.num_samples,
        shard=str(plan.shard or ""),
        chosen=bool(plan.only),
        campaign=plan.campaign or UNSET,
        draw=plan.drawn,
        looks=plan.deciding.plan if plan.deciding else None,
        settings=plan.settings,
        asked=plan.asked(),
        grading=plan.grading,
        environment=this_environment(),
        sightings=plan.sightings,
    )
    return RunDir.create(runs_dir, run, problems)


def extend(run_dir: RunDir, plan: Plan) -> Run:
    """Let an existing run ask for what ``plan`` adds to it: more samples, more problems; never fewer.

    What it replaces, an address or a model card, is recorded with a sighting. Raises :class:`IdentityError`,
    naming every field that differs, where ``plan`` is another run.
    """
    refuse_another(run_dir, plan)
    run = run_dir.read_run()
    problems = run_dir.problems()
    chosen, draw = run.chosen, run.draw
    if plan.num_samples > run.num_samples:
        record_unseen(run_dir, run)
    if len(plan.problems()) > len(problems):
        problems, chosen, draw = plan.problems(), bool(plan.only), plan.drawn
        run_dir.write_problems(problems)
    extended = replace(
        graded(run, _regraded(run.grading, plan.grading)),
        format=FORMAT,
        status="running",
        num_problems=len(problems),
        chosen=chosen,
        draw=draw,
        num_samples=max(run.num_samples, plan.num_samples),
        model=replace(run.model, endpoints=plan.model.endpoints, card=plan.model.card),
        identity=plan.identity,
        identity_of=dict(plan.identity_of),
        asked=plan.asked(),
        sightings=(*_earlier_sightings(run), *_new_sightings(run, plan)),
    )
    run_dir.write_run(extended)
    return extended


def _regraded(before: Grading | None, now: Grading | None) -> Grading | None:
    """How a run is graded from now on; what was excluded stays so where that was not tried again."""
    if before is None or now is None or now.preflight:
        return now or before
    return replace(now, excluded=before.excluded)


def refuse_another(run_dir: RunDir, plan: Plan) -> None:
    """Raise :class:`IdentityError`, naming every field that differs, where ``plan`` is not this run's.

    An address and a model card may differ: a server moves, and a card had a mistake. So may nothing in the
    run's own record: that has to be what it was.
    """
    run = run_dir.read_run()
    refuse_changed(run_dir.path, run, find_retested(run_dir))
    changes = [change for change in _differences(run, plan) if not change.startswith(REPLACEABLE)]
    if changes:
        raise IdentityError(
            f"{run_dir.path}: this run was made with other settings: " + "; ".join(changes),
            hint="Repeat the original settings to resume it, or begin another run: evalsite run --help",
        )


def lacks_something(run_dir: RunDir, plan: Plan) -> bool:
    """Whether the run has no answer yet to something that ``plan`` asks."""
    graded = {(row.problem, row.sample) for row in run_dir.verdicts()} if plan.settings.turns > 1 else None
    have = {
        (row.problem, row.sample)
        for row in run_dir.completions()
        if graded is None or row.again or (row.problem, row.sample) in graded
    }
    asked = plan.chosen()
    return any((each.task_id, n) not in have for each in asked for n in range(plan.num_samples))


def replaced_by(run: Run, plan: Plan) -> tuple[str, ...]:
    """Name what ``plan`` replaces of a run's address and model card."""
    return tuple(change for change in _differences(run, plan) if change.startswith(REPLACEABLE))


def _differences(run: Run, plan: Plan) -> Iterator[str]:
    return leaf_differences(identity_leaves(run.model, run.settings, run.dataset), plan.identity_of)


def _new_sightings(run: Run, plan: Plan) -> tuple[Sighting, ...]:
    """Return the plan's sightings, the first of which says what is replaced.

    Where no server was asked, it repeats what was known of one at that address.
    """
    replaced = replaced_by(run, plan)
    if not replaced:
        return plan.sightings
    endpoint = plan.model.endpoints[0]
    known = [each.told for each in _earlier_sightings(run) if each.endpoint == endpoint]
    asked = plan.sightings or (Sighting(at=utc_now(), endpoint=endpoint, told=known[-1] if known else {}),)
    return (replace(asked[0], replaced=replaced), *asked[1:])


def _earlier_sightings(run: Run) -> tuple[Sighting, ...]:
    """Return a run's sightings; of a run that did not record them yet, what it knows of its beginning."""
    if run.sightings or not run.model.server:
        return run.sightings
    return (Sighting(at=run.created_at, endpoint=run.model.endpoints[0], told=run.model.server),)
