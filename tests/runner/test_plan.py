"""What a run is begun with, and with what it may go on."""

import asyncio
import dataclasses

import msgspec
import pytest
from msgspec.structs import replace

from evalsite.counts.validate import find_faults
from evalsite.errors import IdentityError
from evalsite.rundir.identity import changes_since, hash_identity
from evalsite.rundir.schema import FORMAT, ModelCard
from evalsite.runner.plan import begin, extend
from tests.faulty_server import FaultyServer
from tests.runner.helpers import answer, carry_out, plan_for


def test_another_identity_is_refused_field_by_field(tmp_path):
    """Samples of a changed model are never mixed with the old ones."""

    async def scenario():
        async with FaultyServer() as server:
            plan = plan_for(server)
            return begin(plan, tmp_path), plan_for(server, temperature=0.9)

    run_dir, other = asyncio.run(scenario())
    with pytest.raises(IdentityError) as caught:
        extend(run_dir, other)
    assert "settings.temperature 0.5 -> 0.9" in str(caught.value)
    assert "top_p" not in str(caught.value)


def test_a_run_of_an_older_version_can_be_extended(tmp_path):
    """Its hash is of another form, and nothing but the hash was kept; from then on it is like any other."""

    async def scenario():
        async with FaultyServer() as server:
            plan = plan_for(server)
            return begin(plan, tmp_path), plan

    run_dir, plan = asyncio.run(scenario())
    run = run_dir.read_run()
    dataset = {"name": run.dataset.name, "sha256": run.dataset.sha256}
    names = ("api", "prompt", "temperature", "top_p", "max_tokens", "seed", "stop", "stream", "system")
    settings = msgspec.Raw(msgspec.json.encode({name: getattr(run.settings, name) for name in names}))
    whole = {"endpoints": run.model.endpoints, "model": "model", "settings": settings, "dataset": dataset}
    hashed = hash_identity(whole | {"weights": run.model.card})
    old = replace(run, format=1, identity=hashed, identity_of={}, asked=None)
    run_dir.write_run(old)
    extended = extend(run_dir, plan)
    assert (extended.identity, extended.identity_of) == (plan.identity, plan.identity_of)
    assert (extended.format, extended.asked) == (FORMAT, plan.asked())
    run_dir.write_run(replace(old, settings=replace(run.settings, temperature=0.1)))
    with pytest.raises(IdentityError, match="does not fit"):
        extend(run_dir, plan)


def test_a_changed_record_is_refused_before_anything_is_added(tmp_path):
    """Samples asked at 0.5 do not become samples asked at 0.2 because somebody wrote so."""

    async def scenario():
        async with FaultyServer() as server:
            plan = plan_for(server)
            return begin(plan, tmp_path), plan

    run_dir, plan = asyncio.run(scenario())
    run = run_dir.read_run()
    run_dir.write_run(replace(run, settings=replace(run.settings, temperature=0.2)))
    with pytest.raises(IdentityError, match=r"settings\.temperature 0\.5 -> 0\.2"):
        extend(run_dir, plan)
    assert any("settings.temperature 0.5 -> 0.2" in fault for fault in find_faults(run_dir))


def test_a_server_that_moved_and_a_mended_card_are_recorded_with_a_sighting(tmp_path):
    """The identity is that of the new plan, and the record tells what was replaced."""

    async def scenario():
        async with FaultyServer() as server, FaultyServer() as other:
            first, moved = plan_for(server), plan_for(other)
            card = ModelCard(role="candidate", parameters="1.7B")
            moved = dataclasses.replace(moved, model=replace(moved.model, card=card))
            run_dir = begin(first, tmp_path)
            return run_dir, first, moved, extend(run_dir, moved)

    run_dir, first, moved, extended = asyncio.run(scenario())
    assert run_dir.read_run() == extended
    assert (extended.identity, extended.model) == (moved.identity, moved.model)
    (sighting,) = extended.sightings
    assert sighting.endpoint == moved.model.endpoints[0]
    assert sighting.replaced == (
        f"endpoints {list(first.model.endpoints)} -> {list(moved.model.endpoints)}",
        "weights.parameters '' -> '1.7B'",
        "weights.role '' -> 'candidate'",
    )
    assert changes_since(extended) == ()
    assert extend(run_dir, moved).sightings == (sighting,)


def test_what_was_sent_besides_prompt_and_settings_is_recorded(tmp_path):
    """Stop sequences of each problem, the seed of each sample with its formula, choices of each request."""

    async def scenario():
        async with FaultyServer(answer=answer) as server:
            seeded = plan_for(server)
            plain = dataclasses.replace(seeded, settings=replace(seeded.settings, seed=None))
            runs = [begin(plan, tmp_path) for plan in (seeded, plain)]
            for run_dir, plan in zip(runs, (seeded, plain), strict=True):
                await carry_out(run_dir, plan, None)
            return runs, [request.body for request in server.requests]

    (seeded, plain), bodies = asyncio.run(scenario())
    record = seeded.read_run()
    stops = record.asked.stop
    assert len(stops) == 4  # more than that many servers refuse
    assert set(stops).isdisjoint(record.asked.cut)
    assert "\n```" in record.asked.cut
    assert all(tuple(body["stop"]) == stops for body in bodies)
    assert {problem.stop for problem in seeded.problems()} == {stops}
    rows = list(seeded.completions())
    assert {row.choices for row in rows} == {record.asked.most_choices} == {1}
    assert {body["seed"] for body in bodies if "seed" in body} == {row.seed for row in rows}
    for row in rows:
        made = eval(record.asked.sample_seed, {"seed": record.settings.seed, "sample": row.sample})
        assert row.seed == made
    rows = list(plain.completions())
    assert (plain.read_run().asked.sample_seed, plain.read_run().asked.most_choices) == ("", 32)
    assert {(row.choices, row.seed) for row in rows} == {(2, None)}


def test_on_the_chat_api_no_stop_sequence_is_recorded_since_none_is_sent(tmp_path):
    """Even where the prompt is one to continue."""

    async def scenario():
        async with FaultyServer(answer=answer) as server:
            plan = plan_for(server)
            endpoint = f"{server.url}/v1/chat/completions"
            plan = dataclasses.replace(
                plan,
                settings=replace(plan.settings, api="chat"),
                model=replace(plan.model, endpoints=(endpoint,)),
            )
            run_dir = begin(plan, tmp_path)
            await carry_out(run_dir, plan, None)
            return run_dir, [request.body for request in server.requests]

    run_dir, bodies = asyncio.run(scenario())
    assert not any("stop" in body for body in bodies)
    assert run_dir.read_run().asked.stop == ()
    assert {problem.stop for problem in run_dir.problems()} == {()}


def test_the_identity_leaves_out_how_much_is_asked(tmp_path):
    """The number of samples and the number of problems may be raised later; everything else is part of it."""

    async def scenario():
        async with FaultyServer() as server:
            return plan_for(server), plan_for(server, samples=9, problems=1), plan_for(server, temperature=1)

    plan, larger, hotter = asyncio.run(scenario())
    assert plan.identity == larger.identity
    assert plan.identity != hotter.identity
