"""Runs from end to end over a real HTTP server: answers on disk before verdicts, resumable at any moment."""

import asyncio
import dataclasses
from concurrent.futures import Future

import msgspec
import pytest
from msgspec.structs import replace

from evalsite.client import Client, Timeouts, parse_endpoint
from evalsite.counts.validate import find_faults
from evalsite.datasets.source import LoadedDataset, hash_problems
from evalsite.errors import IdentityError, OutputError, SandboxError
from evalsite.events import SampleCount, ignore
from evalsite.grade.engine import Grader
from evalsite.grade.executors.local import LocalExecutor
from evalsite.rundir.identity import changes_since, hash_identity
from evalsite.rundir.schema import FORMAT, Completion, Grading, Limits, Model, ModelCard, Settings, Verdict
from evalsite.runner.grade import finish, grade_pending
from evalsite.runner.plan import Plan, begin, extend
from evalsite.runner.produce import produce
from tests.faulty_server import FaultyServer
from tests.make import make_problem

PROBLEMS = tuple(make_problem(f"Demo/{number}") for number in range(4))
QUICK = Timeouts(request_s=5, first_wait_s=0.01, longest_wait_s=0.05, attempts=3)


@pytest.fixture(scope="module")
def grader():
    with Grader(LocalExecutor(Limits(), workers=1)) as started:
        yield started


def answer(_prompt, seed, _index):
    """Even seeds solve the problem, odd ones do not."""
    return "    return 2 * x\n" if (seed or 0) % 2 == 0 else "    return x\n"


def plan_for(server, *, samples=2, problems=None, temperature=0.5):
    endpoint = parse_endpoint(f"{server.url}/v1/completions")
    return Plan(
        dataset=LoadedDataset("demo", PROBLEMS, hash_problems(PROBLEMS), "test"),
        model=Model(name="model", endpoints=(endpoint.url,)),
        settings=Settings(
            api="completions",
            prompt="completion-v1",
            temperature=temperature,
            top_p=1.0,
            max_tokens=64,
            seed=0,
        ),
        grading=Grading(sandbox="bubblewrap"),
        num_samples=samples,
        max_problems=problems,
    )


def client_for(plan, concurrency=2):
    endpoints = [parse_endpoint(url) for url in plan.model.endpoints]
    return Client(endpoints, plan.settings, model="model", concurrency=concurrency, timeouts=QUICK)


async def carry_out(run_dir, plan, grader, listener=ignore, stop=None):
    async with client_for(plan) as client:
        return await produce(run_dir, client, grader, stop or asyncio.Event(), listener)


@pytest.mark.sandbox
def test_every_sample_gets_a_completion_and_a_verdict(tmp_path, grader):
    """The run directory is complete, sound, and scored."""

    async def scenario():
        async with FaultyServer(answer=answer) as server:
            plan = plan_for(server)
            run_dir = begin(plan, tmp_path)
            produced = await carry_out(run_dir, plan, grader)
            return run_dir, produced

    run_dir, produced = asyncio.run(scenario())
    assert produced.status == run_dir.read_run().status == "complete"
    assert find_faults(run_dir) == []
    summary = run_dir.read_summary()
    assert [(tally.n, tally.c) for tally in summary.tallies] == [(2, 1)] * 4
    assert summary.pass_at == {"1": 0.5, "2": 1.0}
    assert run_dir.problems()[0].asked == PROBLEMS[0].prompt


@pytest.mark.sandbox
def test_what_was_answered_is_not_asked_again(tmp_path, grader):
    """Raising n and the number of problems asks only for the difference."""

    async def scenario():
        async with FaultyServer(answer=answer) as server:
            first = plan_for(server, samples=1, problems=2)
            run_dir = begin(first, tmp_path)
            await carry_out(run_dir, first, grader)
            asked = len(server.requests)
            before = {(row.problem, row.sample): row for row in run_dir.completions()}
            more = plan_for(server, samples=3)
            extend(run_dir, more)
            await carry_out(run_dir, more, grader)
            return run_dir, asked, len(server.requests), before

    run_dir, asked, asked_in_all, before = asyncio.run(scenario())
    rows = {(row.problem, row.sample): row for row in run_dir.completions()}
    assert (asked, asked_in_all) == (2, 12)
    assert len(rows) == 12
    assert before.items() <= rows.items()
    assert find_faults(run_dir) == []
    assert run_dir.read_run().num_problems == 4


@pytest.mark.sandbox
def test_an_endpoint_failure_is_a_missing_sample_not_a_verdict(tmp_path, grader):
    """The run is incomplete; a later resume has it all."""

    async def scenario():
        async with FaultyServer(answer=answer) as server:
            plan = plan_for(server, samples=1)
            run_dir = begin(plan, tmp_path)
            server.commit(*["http-500"] * 6)  # three attempts at each of the two in flight
            produced = await carry_out(run_dir, plan, grader)
            incomplete = run_dir.read_summary()
            extend(run_dir, plan)
            again = await carry_out(run_dir, plan, grader)
            return produced, incomplete, again, run_dir

    produced, incomplete, again, run_dir = asyncio.run(scenario())
    assert produced.status == "incomplete"
    assert len(produced.missing) == sum(tally.missing for tally in incomplete.tallies) >= 1
    assert sum(incomplete.verdicts.values()) == 4 - len(produced.missing)
    assert again.status == "complete"
    assert find_faults(run_dir) == []


@pytest.mark.sandbox
def test_a_stop_keeps_what_has_arrived_and_can_be_resumed(tmp_path, grader):
    """Ctrl-C half-way: status interrupted, everything answered is graded, nothing is asked twice."""

    async def scenario():
        async with FaultyServer(answer=answer, latency_s=0.05) as server:
            plan = plan_for(server, samples=10)
            run_dir = begin(plan, tmp_path)
            stop = asyncio.Event()

            def listener(event):
                if event.answered >= 5:
                    stop.set()

            produced = await carry_out(run_dir, plan, grader, listener, stop)
            kept = len(list(run_dir.completions()))
            faults = find_faults(run_dir)
            extend(run_dir, plan)
            again = await carry_out(run_dir, plan, grader)
            return produced, kept, faults, again, run_dir

    produced, kept, faults, again, run_dir = asyncio.run(scenario())
    assert produced.status == "interrupted"
    assert 5 <= kept < 40
    assert faults == []
    assert again.status == "complete"
    assert len(list(run_dir.completions())) == 40
    assert find_faults(run_dir) == []


def test_a_stop_takes_along_what_has_already_arrived(tmp_path):
    """Answers that wait to be written down are paid for; only what is still in flight is given up."""

    class AnswersAndHangs:
        async def generate(self, work):
            for prompt, samples in work:
                for sample in samples:
                    yield Completion(problem=prompt.problem, sample=sample, text="", form="completion")
                await asyncio.Event().wait()

    async def scenario():
        async with FaultyServer() as server:
            run_dir = begin(plan_for(server, samples=3), tmp_path)
        stop = asyncio.Event()

        def listener(event):
            if event.answered:
                stop.set()

        return run_dir, await produce(run_dir, AnswersAndHangs(), None, stop, listener)

    run_dir, produced = asyncio.run(asyncio.wait_for(scenario(), 60))
    assert produced.status == "interrupted"
    assert [row.sample for row in run_dir.completions()] == [0, 1, 2]


@pytest.mark.sandbox
def test_a_server_that_refuses_half_way_leaves_an_incomplete_run(tmp_path, grader):
    """Asking is given up at once; what was answered is graded, and a resume has the rest."""

    async def scenario():
        async with FaultyServer(answer=answer) as server:
            plan = plan_for(server, samples=1)
            run_dir = begin(plan, tmp_path)
            server.commit("", *["http-402"] * 8)  # the first is answered
            produced = await carry_out(run_dir, plan, grader)
            faults = find_faults(run_dir)
            server.commanded.clear()
            extend(run_dir, plan)
            return produced, faults, await carry_out(run_dir, plan, grader)

    produced, faults, again = asyncio.run(scenario())
    assert produced.failure is not None
    assert "402" in produced.failure.message
    assert produced.status == "incomplete"
    assert faults == []
    assert again.status == "complete"


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


def test_a_repaired_file_leaves_no_verdict_beside_another_answer(tmp_path, grader):
    """Rows are taken out, as the hint says; the model answers otherwise now, and that is what is judged."""
    served = {"text": "    return 2 * x\n"}

    async def scenario():
        async with FaultyServer(answer=lambda *_: served["text"]) as server:
            plan = plan_for(server)
            run_dir = begin(plan, tmp_path)
            await carry_out(run_dir, plan, grader)
            path = run_dir.path / "completions.jsonl"
            rows = path.read_bytes().splitlines(keepends=True)
            path.write_bytes(b"".join(rows[:2] + rows[5:]))
            served["text"] = "    return x\n"
            extend(run_dir, plan)
            seen = []
            produced = await carry_out(run_dir, plan, grader, lambda event: seen.append(event.done))
            return run_dir, produced, seen

    run_dir, produced, seen = asyncio.run(scenario())
    assert produced.status == "complete"
    assert seen[0] == 5
    assert find_faults(run_dir) == []
    answers = {(row.problem, row.sample): row.text for row in run_dir.completions()}
    verdicts = list(run_dir.verdict_rows())
    assert len(verdicts) == len(answers) == 8
    for row in verdicts:
        assert answers[row.problem, row.sample] in row.program
    assert sum(row.verdict == "passed" for row in verdicts) == 5


@pytest.mark.parametrize("name", ["completions.jsonl", "verdicts.jsonl"])
def test_a_file_that_is_removed_while_the_run_goes_on_ends_it(tmp_path, grader, name):
    """At the latest at its end; a resume asks or grades anew what went away."""

    async def scenario():
        async with FaultyServer(answer=answer) as server:
            plan = plan_for(server)
            run_dir = begin(plan, tmp_path)

            def listener(event):
                if event.done == 3:
                    (run_dir.path / name).unlink(missing_ok=True)

            with pytest.raises(OutputError, match=f"{name}: was removed"):
                await carry_out(run_dir, plan, grader, listener)
            assert run_dir.read_run().status == "running"
            extend(run_dir, plan)
            return run_dir, await carry_out(run_dir, plan, grader)

    run_dir, produced = asyncio.run(scenario())
    assert produced.status == "complete"
    assert find_faults(run_dir) == []
    assert len(list(run_dir.completions())) == len(list(run_dir.verdict_rows())) == 8


class FailingGrader:
    """Takes some programs, then fails as a grader does whose machine gives way."""

    def __init__(self, takes):
        self.takes = takes

    def submit(self, job):
        future = Future()
        self.takes -= 1
        if self.takes < 0:
            future.set_exception(SandboxError("the sandbox is gone"))
        else:
            future.set_result(
                Verdict(
                    problem=job.program.problem,
                    sample=job.program.sample,
                    verdict="passed",
                    completion_sha256=job.program.completion_sha256,
                )
            )
        return future


def test_a_grader_that_fails_while_answers_arrive_ends_the_run_and_loses_nothing(tmp_path):
    """Every answer that had arrived is on disk, as is every verdict; the run can be graded later."""

    async def scenario():
        async with FaultyServer(answer=answer) as server:
            plan = plan_for(server)
            run_dir = begin(plan, tmp_path)
            with pytest.raises(SandboxError, match="the sandbox is gone"):
                await carry_out(run_dir, plan, FailingGrader(takes=2))
            return run_dir

    run_dir = asyncio.run(scenario())
    answers = {(row.problem, row.sample) for row in run_dir.completions()}
    verdicts = {(row.problem, row.sample) for row in run_dir.verdicts()}
    assert len(verdicts) == 2
    assert verdicts < answers
    assert run_dir.read_run().status != "complete"
    faults = find_faults(run_dir)
    assert faults
    assert all("has no verdict" in fault for fault in faults)


def test_answers_that_go_away_while_they_are_graded_end_the_grading(tmp_path, grader):
    """No verdict is left that looks complete without its answer."""

    async def ask():
        async with FaultyServer(answer=answer) as server:
            plan = plan_for(server)
            run_dir = begin(plan, tmp_path)
            await carry_out(run_dir, plan, None)
            return run_dir

    run_dir = asyncio.run(ask())
    grade_pending(run_dir, grader, SampleCount("grading", "model", total=8))
    (run_dir.path / "completions.jsonl").unlink()
    with pytest.raises(OutputError, match="has a verdict but no completion"):
        finish(run_dir, "complete")
