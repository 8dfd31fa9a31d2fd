"""Plans: what they cost, in which order they stand."""

import pytest

from evalsite.errors import UsageError
from evalsite.stats.plans import Question, _plan, places_of, plans, published
from tests.make import loaded_run


def run(dataset, solved, size, n=4, **fields):
    ids = [f"{dataset}/{index}" for index in range(size)]
    return loaded_run(
        [n] * solved + [0] * (size - solved), n, model="fp8", dataset=dataset, task_ids=ids, **fields
    )


def test_the_cheapest_plan_that_reaches_the_power_goes_first():
    """Then the dearer ones, then those that do not, the likeliest first; all sets together are one, too."""
    places = places_of([run("small", 15, 20), run("large", 110, 150)], "fp8")
    found = plans(places, Question(), campaigns=60)
    assert len(found) == 12
    reached = [plan for plan in found if plan.reaches]
    assert found[: len(reached)] == reached
    costs = [plan.requests for plan in reached]
    assert costs == sorted(costs)
    chances = [plan.power for plan in found[len(reached) :]]
    assert chances == sorted(chances, reverse=True)
    assert {plan.datasets for plan in found} == {("small",), ("large",), ("small", "large")}
    assert (reached[0].datasets, reached[0].requests, reached[0].tokens) == (("large",), 150, None)


def test_a_published_score_has_the_baseline_asked_too():
    """Twice the requests, and what is assumed of it is told."""
    (first, *_) = plans([published("humaneval", 0.82, 164)], Question(margin=0.2, seconds=2.0), campaigns=40)
    assert first.reaches
    assert (first.requests, first.seconds, first.assumed) == (328, 656.0, True)


def test_a_baseline_needs_a_whole_run():
    """A trial tells of other problems."""
    with pytest.raises(UsageError, match="no whole, graded run of it"):
        places_of([run("small", 3, 4, status="running", num_problems=2)], "fp8")
    kept = places_of(
        [run("a", 3, 4, id="one"), run("a", 2, 4, id="two", created_at="2026-12-01T00:00:00Z")], "one"
    )
    assert [place.ground.mean for place in kept] == [0.75]


@pytest.mark.parametrize("loss", [0.1, 0.2])
def test_a_loss_that_is_not_to_be_met_is_no_plan(loss):
    """Nor is a data set that is there twice, with whatever scores."""
    place = published("humaneval", 0.82, 164)
    with pytest.raises(
        UsageError,
        match=f"a loss of {100 * loss:g} points is not inside a margin of 10: who loses so much is not",
    ):
        plans([place], Question(loss=loss))
    with pytest.raises(UsageError, match="the data set humaneval is there twice"):
        plans([place, published("humaneval", 0.7, 100)], Question())


@pytest.mark.parametrize(("chance", "reached"), [(0.8, True), (0.7999, False)])
def test_a_power_that_is_just_the_one_wanted_will_do(monkeypatch, chance, reached):
    """Chances are shares of some hundreds of campaigns, and fall on it."""
    places = places_of([run("small", 15, 20)], "fp8")
    assert _plan(places, 1, chance, Question()).reaches is reached
