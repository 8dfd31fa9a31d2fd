"""Runs from end to end over a real HTTP server: answers on disk before verdicts, resumable at any moment."""

import asyncio
from concurrent.futures import Future

import pytest

from evalsite.counts.validate import find_faults
from evalsite.errors import OutputError, SandboxError
from evalsite.events import SampleCount
from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from evalsite.rundir.schema import Completion, Limits, Verdict
from evalsite.runner.grade import finish, grade_pending, ungraded
from evalsite.runner.plan import begin, extend
from evalsite.runner.produce import produce
from tests.faulty_server import FaultyServer
from tests.runner.helpers import PROBLEMS, answer, carry_out, plan_for


@pytest.fixture(scope="module")
def grader():
    with Grader(LocalExecutor(Limits(), workers=1)) as started:
        yield started


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
        def notify(self, notify):
            """It has nothing to say."""

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


@pytest.mark.sandbox
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


@pytest.mark.sandbox
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
    assert run_dir.read_run().status == "running", "it did not come to its end"
    assert find_faults(run_dir) == [], "and nothing in it is broken"
    assert {(row.problem, row.sample) for row in ungraded(run_dir)} == answers - verdicts


@pytest.mark.sandbox
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
