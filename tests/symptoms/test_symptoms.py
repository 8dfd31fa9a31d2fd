"""The symptoms of answers, against what people say who read them."""

from collections import Counter

import pytest

from evalsite.rundir.symptoms import EndedLoops, Symptom
from evalsite.symptoms import SYMPTOMS_VERSION
from tests.symptoms.examples import BODY, FENCED, PROBLEM, PROMPT, labelled, symptoms, written

WRITTEN = list(written())


@pytest.mark.parametrize(
    ("told", "text"), WRITTEN, ids=[f"{n}-{'+'.join(sorted(t))}" for n, (t, _) in enumerate(WRITTEN)]
)
def test_what_people_say_of_written_answers(told: frozenset[str], text: str) -> None:
    """Each has the symptoms that it was written for, and no other."""
    found = symptoms(text, finish_reason="stop")
    assert set(found.names) == told, text
    assert found.version == SYMPTOMS_VERSION


def test_every_symptom_is_among_the_written_answers() -> None:
    """With what is nearly one, and is none."""
    told = Counter(name for names, _ in WRITTEN for name in names)
    assert set(told) == set(map(str, Symptom))
    assert sum(not names for names, _ in WRITTEN) >= 20


def test_three_hundred_answers_of_real_models() -> None:
    """Precision and recall of each symptom that they show; none that they do not is found."""
    rows = list(labelled())
    assert len(rows) == 300
    for symptom in Symptom:
        told = {where for where, names, _ in rows if symptom in names}
        found = {where for where, _, names in rows if symptom in names}
        both = len(told & found)
        assert both >= 0.9 * len(told), (symptom, sorted(told - found))
        assert both >= 0.9 * len(found), (symptom, sorted(found - told))
    assert sum(bool(names) for _, names, _ in rows) >= 90


def test_a_loop_says_with_which_period_and_from_where() -> None:
    """Counted in characters of the answer."""
    found = symptoms(f"{FENCED}\n" + "again and " * 30)
    assert (found.names, found.period, found.began) == (("loop",), 10, len(FENCED) + 1)


def test_thoughts_that_loop_are_a_loop_where_there_is_nothing_else() -> None:
    """Sent apart from the answer, which never came."""
    found = symptoms("", reasoning="Let me check. " * 40, finish_reason="length")
    assert found.names == ("loop", "reasoning_only")


def test_a_completion_goes_on_with_the_prompt() -> None:
    """What it says is read as code, and its prompt is not its own."""
    assert symptoms(BODY, form="completion").names == ()
    assert symptoms("", form="completion", finish_reason="stop").names == ("stopped_early",)
    assert symptoms("    return sum(", form="completion", finish_reason="stop").names == ("stopped_early",)
    assert symptoms("    return sum(", form="completion", finish_reason="length").names == ()
    assert symptoms(PROMPT + BODY, form="solution").names == ()


def test_what_wants_no_code_has_no_symptoms_of_code() -> None:
    """A value is asked for, and a value is no prose."""
    from msgspec.structs import replace

    problem = replace(
        PROBLEM, kind="output-prediction", prompt="def f():\n    return 'a b'\n\nassert f() == ??\n", tests=""
    )
    assert symptoms("[ANSWER]\nf() == 'a b'\n[/ANSWER]", problem).names == ()


def test_what_ended_loops_spared_is_a_sentence():
    """At most so many tokens, with their thousands told apart."""
    assert EndedLoops(answers=1, spared=12_345).sentence == (
        "1 answer looped and had no end waited for: up to 12,345 tokens spared"
    )
