"""Answers that say the same are read once, and each gets its own job."""

import pytest
from msgspec import structs

from evalsite.rundir.schema import Completion, SecondAnswer
from evalsite.runner import reading
from evalsite.runner.reading import program_job
from tests.make import make_problem

PROBLEM = make_problem("Demo/0")
PROBLEMS = {"Demo/0": PROBLEM}
ANSWER = Completion(problem="Demo/0", sample=0, text="    return 2 * x\n", form="completion")


@pytest.fixture
def read(monkeypatch):
    """The samples whose answers were read."""
    samples = []
    extract = reading.extract

    def counted(problem, completion):
        samples.append(completion.sample)
        return extract(problem, completion)

    reading._remembered.cache_clear()
    monkeypatch.setattr(reading, "extract", counted)
    yield samples
    reading._remembered.cache_clear()


def test_what_says_the_same_is_read_once(read):
    first = program_job(PROBLEMS, ANSWER)
    again = program_job(PROBLEMS, structs.replace(ANSWER, sample=7, latency_s=2.5, seed=3, model="m"))
    assert len(read) == 1
    assert again.program == structs.replace(first.program, sample=7)
    assert (first.program.sample, first.problem, first.again) == (0, PROBLEM, None)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "    return x\n"},
        {"form": "solution"},
        {"finish_reason": "length"},
        {"reasoning": "Let me think."},
        {"received_at": "2026-01-01T00:00:00Z"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_may_have_another_program_or_other_symptoms_is_read_anew(read, change):
    program_job(PROBLEMS, ANSWER)
    program_job(PROBLEMS, structs.replace(ANSWER, sample=1, **change))
    assert len(read) == 2


def test_another_problem_with_the_same_answer_is_another(read):
    other = make_problem("Demo/1")
    program_job(PROBLEMS | {"Demo/1": other}, ANSWER)
    job = program_job(PROBLEMS | {"Demo/1": other}, structs.replace(ANSWER, problem="Demo/1"))
    assert len(read) == 2
    assert job.program.problem == "Demo/1"


def test_when_the_same_was_received_does_not_matter(read):
    for number in range(3):
        program_job(PROBLEMS, structs.replace(ANSWER, sample=number, received_at=f"2026-01-0{number + 1}"))
    assert len(read) == 1


def test_neither_long_answers_nor_second_ones_are_kept(read):
    """Of these, a thousand could take all memory."""
    long = structs.replace(ANSWER, text="    return 2 * x\n" + "#" * 9000)
    second = structs.replace(
        ANSWER, again=SecondAnswer(problem="Demo/0", sample=0, said="It fails.", text="    return x\n")
    )
    for answer in (long, long, second, second):
        program_job(PROBLEMS, answer)
    assert reading._remembered.cache_info().currsize == 0
    assert read
