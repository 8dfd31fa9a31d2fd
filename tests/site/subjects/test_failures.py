"""Failed samples, gathered into the rows of a list."""

from msgspec import structs

from evalsite.rundir.symptoms import Symptoms
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.subjects.failures import (
    LEAST_CODE,
    MOST_CODE,
    OF_A_RUN,
    Collector,
    address,
    plain,
    room_for_code,
)
from tests.make import verdict

PROMPT = ["def add0(a, b):", '    """Add.', "    Both.", '    """']


def rows(verdicts, prompts=None, order=("HumanEval/0", "HumanEval/1")):
    """The rows of some verdicts, which go by."""
    collector = Collector(prompts)
    passed_on = list(collector.watch(verdicts))
    assert passed_on == list(verdicts)
    return collector.rows(order)


def test_what_failed_alike_is_one_row():
    """By problem, class, exception and symptoms; the most frequent class comes first, passes not at all."""
    found = rows([verdict(f"HumanEval/{i}", i, j, 1) for i in (1, 0) for j in range(7)])
    assert [(one.problem, str(one.verdict), [each.sample for each in one.samples]) for one in found] == [
        ("HumanEval/0", "wrong_answer", [1, 2, 4, 5]),
        ("HumanEval/1", "wrong_answer", [1, 2, 4, 5]),
        ("HumanEval/0", "runtime_error", [3, 6]),
        ("HumanEval/1", "runtime_error", [3, 6]),
    ]
    assert found[0].facets == (("class", "wrong_answer"),)
    assert found[2].facets == (("class", "runtime_error"), ("exception", "NameError"))
    assert address(found[2].facets) == "class=runtime_error&exception=NameError"


def test_symptoms_tell_rows_apart():
    """An answer that loops is another kind of failure than one that does not."""
    one = verdict("HumanEval/0", 0, 1, 0)
    looping = structs.replace(one, sample=2, symptoms=Symptoms(version="1", names=("loop", "gibberish")))
    found = rows([one, looping])
    assert [row.facets[1:] for row in found] == [(), (("symptom", "loop"), ("symptom", "gibberish"))]


def test_an_exception_of_any_name_can_stand_in_an_address():
    """A program chooses it; the program's own failed assertion is an exception like any other."""
    assert plain('A" onclick=x&y #z') == "A-onclick-x-y-z"
    assert plain("é" * 99) == ""
    assert len(plain("x" * 999)) == 60
    own = structs.replace(
        verdict("HumanEval/0", 0, 1, 0), verdict=VerdictClass.RUNTIME_ERROR, exception="AssertionError"
    )
    (row,) = rows([own])
    assert ("exception", "AssertionError") in row.facets


def test_code_is_kept_without_its_prompt_and_within_bounds():
    """Where it is to be searched; without prompts none is kept."""
    one = structs.replace(verdict("HumanEval/0", 0, 1, 0), program="\n".join([*PROMPT, "    return a"]))
    long = structs.replace(one, sample=2, program="x = 1\n" * MOST_CODE)
    (row,) = rows([one, long], {"HumanEval/0": PROMPT})
    assert [each.code for each in row.samples] == ["return a", ("x = 1\n" * MOST_CODE)[:MOST_CODE]]
    (row,) = rows([one])
    assert [each.code for each in row.samples] == [""]
    assert 1640 * room_for_code(1640) <= OF_A_RUN
    assert (room_for_code(0), room_for_code(10**6)) == (MOST_CODE, LEAST_CODE)
