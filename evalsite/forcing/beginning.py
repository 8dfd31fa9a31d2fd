"""A distance begins: both servers are tried, and what will be asked is written down."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from evalsite.distance.identity import identity_leaves
from evalsite.distance.positions import RULE
from evalsite.distance.schema import WAYS, Distance, Over, Side, Text, Way
from evalsite.distance.store import DistanceDir
from evalsite.events import Listener, remark
from evalsite.forcing.measuring import Party
from evalsite.forcing.texts import repeated
from evalsite.forcing.trying import Trial
from evalsite.forcing.ways import up_to
from evalsite.rundir.identity import hash_identity
from evalsite.rundir.naming import new_run_id
from evalsite.rundir.schema import Dataset, Environment, Prompt, Sighting
from evalsite.words.moments import stamp
from evalsite.words.sentences import count


@dataclass(frozen=True)
class Wish:
    """What is to be measured."""

    dataset: Dataset
    texts: tuple[Text, ...]
    over: Over = "reference"
    run: str = ""
    """Id of the run whose answers the texts are made of."""
    seed: int = 0
    rule: str = RULE
    """By which the places were found."""
    most: int = 1000
    """Tokens to have named at each position, where a server gives as many."""
    way: Way | None = None
    """The only way to ask; None for the best that works."""


async def begin(
    wish: Wish, parties: tuple[Party, Party], runs_dir: Path, environment: Environment, listener: Listener
) -> DistanceDir:
    """Try both servers and make the directory. Raises EndpointError where one cannot be asked."""
    described = [await party.greet() for party in parties]
    for party, description in zip(parties, described, strict=True):
        for doubt in description.doubts(party.model.name, 1):
            remark(listener, f"note: {party.endpoint.url}: {doubt}")
    piece = _piece(wish.texts[0])
    trials = [
        await party.examine(piece, wish.most, wish.way, listener, own)
        for party, own in zip(parties, (wish.texts, ()), strict=True)
    ]
    for party, trial in zip(parties, trials, strict=True):
        named = count(trial.got, "token")
        remark(listener, f"note: {party.model.name}: {WAYS[trial.way]}, {named} named at each position")
    now = stamp()
    record = _record(wish, parties, trials, environment, now)
    sightings = tuple(
        Sighting(at=now, endpoint=party.endpoint.url, told=each.told)
        for party, each in zip(parties, described, strict=True)
    )
    return await asyncio.to_thread(
        DistanceDir.create, runs_dir, structs.replace(record, sightings=sightings), wish.texts
    )


def _record(
    wish: Wish, parties: tuple[Party, Party], trials: Sequence[Trial], environment: Environment, now: str
) -> Distance:
    base, candidate = (
        Side(model=party.model, way=trial.way, api=party.endpoint.api, most=trial.most, named=trial.got)
        for party, trial in zip(parties, trials, strict=True)
    )
    positions = sum(len(text.positions) for text in wish.texts)
    leaves = identity_leaves(
        (base, candidate),
        wish.dataset,
        over=wish.over,
        run=wish.run,
        seed=wish.seed,
        num_positions=positions,
    )
    return Distance(
        id=new_run_id(
            f"{now[:19]}Z", f"{base.model.name} {candidate.model.name}", f"{wish.dataset.name} distance"
        ),
        status="running",
        created_at=now,
        identity=hash_identity(leaves),
        identity_of=leaves,
        base=base,
        candidate=candidate,
        dataset=wish.dataset,
        over=wish.over,
        run=wish.run,
        num_positions=positions,
        seed=wish.seed,
        rule=wish.rule,
        repeated=repeated(wish.texts),
        environment=environment,
    )


def _piece(text: Text) -> Prompt:
    """A piece of a text, up to a position in its middle."""
    return up_to(text, text.positions[len(text.positions) // 2])
