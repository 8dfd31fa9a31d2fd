"""Two runs of one model are told apart, by as little as does it."""

from msgspec import structs

from evalsite.site.evidence.naming import told_apart
from tests.make import SETTINGS, loaded_run


def run(number, model="A", n=1, temperature=0.0, at="2026-11-20T10:00:00Z"):
    settings = structs.replace(SETTINGS, temperature=temperature)
    return loaded_run([1], n, model=model, id=f"r{number}", settings=settings, created_at=at)


def names(*runs):
    return list(told_apart(runs).values())


def test_one_run_of_a_model_is_called_by_it():
    """Whatever else there is."""
    assert names(run(1), run(2, "B")) == ["A", "B"]


def test_several_are_told_apart_by_how_they_were_asked_or_when():
    """The documented habit is a greedy run and one of ten samples on one day."""
    later, next_day = "2026-11-20T11:00:00Z", "2026-11-21T10:00:00Z"
    assert names(run(1), run(2, n=10, temperature=0.2)) == ["A (n = 1, T = 0)", "A (n = 10, T = 0.2)"]
    assert names(run(1), run(2, at=next_day)) == ["A (2026-11-20)", "A (2026-11-21)"]
    assert names(run(1), run(2, n=10), run(3, at=next_day)) == [
        "A (n = 1, T = 0, 2026-11-20)",
        "A (n = 10, T = 0, 2026-11-20)",
        "A (n = 1, T = 0, 2026-11-21)",
    ]
    assert names(run(1), run(2, at=later)) == ["A (2026-11-20 10:00 UTC)", "A (2026-11-20 11:00 UTC)"]
    assert names(run(1), run(2)) == ["A (r1)", "A (r2)"]


def test_models_whose_names_look_alike_are_told_apart_as_runs_of_one():
    """An accent that is a character of its own, or two blanks in place of one, nobody sees."""
    other_day = "2026-11-21T10:00:00Z"
    assert names(run(1, "\u00e9 b"), run(2, "e\u0301  b", at=other_day), run(3, "E b")) == [
        "\u00e9 b (2026-11-20)",
        "e\u0301  b (2026-11-21)",
        "E b",
    ]
