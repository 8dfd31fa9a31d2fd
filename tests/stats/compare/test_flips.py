"""Which problems changed between two runs, and how much change two runs of one model show anyway."""

import pytest

from evalsite.stats.compare.flips import _expected, find_flips, flips_sentence, grouped
from evalsite.stats.compare.runs import compare_runs
from tests.make import loaded_run
from tests.stats.compare.helpers import greedy


def test_a_second_run_of_the_baseline_gives_the_noise_floor() -> None:
    """The candidate's flips stand beside those of the baseline against itself."""
    base, cand = greedy(5, 2)
    _, repeat = greedy(5, 2)
    found = compare_runs(
        loaded_run(base, 1, model="base"), loaded_run(cand, 1), repeat=loaded_run(repeat, 1, id="second")
    )
    assert found.noise_floor is not None
    assert (found.noise_floor.broken, found.noise_floor.fixed) == (5, 2)
    assert any("flipped 7 problems (5 broken, 2 fixed)" in note for note in found.notes)


def test_flips_come_in_order_of_the_change() -> None:
    """Largest loss first, largest gain last; equal changes in the data set's order."""
    flips = find_flips(list("abcde"), ([2] * 5, [2, 2, 1, 0, 1]), ([4] * 5, [0, 3, 2, 4, 1]))
    assert [(flip.task_id, flip.kind) for flip in flips] == [
        ("a", "broken"),
        ("b", "worse"),
        ("e", "broken"),
        ("d", "fixed"),
    ]
    assert flips[0].change == -1.0


def test_lists_of_flips_begin_with_the_largest_change() -> None:
    """Losses and gains alike; what could be luck is a list of its own."""
    base, cand = ([10] * 7, [10, 8, 10, 0, 4, 0, 9]), ([10] * 7, [0, 4, 4, 6, 5, 10, 8])
    groups = grouped(find_flips(list("abcdefg"), base, cand))
    assert [(group, [flip.task_id for flip in found]) for group, found in groups.items()] == [
        ("broken", ["a", "c"]),
        ("broken-perhaps", ["b"]),
        ("fixed", ["f", "d"]),
        ("fixed-perhaps", ["e"]),
        ("worse", ["g"]),
    ]


def test_few_answers_set_no_problem_apart() -> None:
    """Where no change at all could be told from luck, there is nothing to be told apart; and it is said."""
    flips = find_flips(list("ab"), ([3, 3], [3, 0]), ([3, 3], [0, 2]))
    assert list(grouped(flips)) == ["broken", "fixed"]
    assert flips_sentence(flips).endswith(
        "with so few answers to a problem, no single one can be told from luck."
    )
    assert "luck" not in flips_sentence(find_flips(list("ab"), ([1, 1], [1, 0]), ([1, 1], [0, 1])))


def test_flips_stand_beside_those_of_luck_alone() -> None:
    """Two runs of ten samples: how many broke, how many luck would break, and which can be told from it."""
    base = loaded_run([10] * 30 + [5] * 30 + [0] * 4, 10)
    cand = loaded_run([0] * 2 + [10] * 28 + [5] * 26 + [3] * 4 + [0] * 4, 10)
    found = compare_runs(base, cand)
    assert found.luck is not None
    sentence = found.notes[1]
    assert sentence.startswith(
        "6 problems that the baseline solves at least half of the time broke, where luck "
    )
    assert f"alone would break about {found.luck.broken:.0f} (" in sentence
    assert "2 are told from luck, p < 0.05 each (HumanEval/0 and HumanEval/1), 4 could be luck (" in sentence
    assert compare_runs(loaded_run([1, 0], 1), loaded_run([0, 1], 1)).luck is None


def test_no_flip_is_told_as_such() -> None:
    """An empty list is an answer too."""
    assert flips_sentence(()).startswith("No problem changed sides")


@pytest.mark.parametrize(
    ("number", "about"), [(0.2, "hardly any"), (0.49, "hardly any"), (1.0, "about 1"), (6.6, "about 7")]
)
def test_what_luck_would_do_is_told_in_whole_problems(number: float, about: str) -> None:
    """What rounds to none is hardly any."""
    assert _expected(number, (0, 9), "break") == f", where luck alone would break {about} (0 to 9)"
