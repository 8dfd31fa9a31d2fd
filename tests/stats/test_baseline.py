"""Which run is the baseline of which."""

import pytest

from evalsite.errors import UsageError
from evalsite.rundir.schema import Dataset, Model, ModelCard
from evalsite.stats.baseline import (
    contradicted,
    pair_to_compare,
    pick_baselines,
    pick_if_known,
    why_undecided,
)
from tests.make import GRADING, make_record

CARD = ModelCard(role="baseline")
DEMO = Dataset(name="demo", sha256="0" * 64, num_problems=100)
MBPP = Dataset(name="mbpp", sha256="2" * 64, num_problems=100)


def run(name, **changes):
    """A run of all problems of a baseline."""
    model = Model(name="base", card=CARD)
    given = {"model": model, "num_problems": 100, "dataset": DEMO, "grading": GRADING}
    return make_record(name, **{**given, **changes})


def candidate(name, family="", **changes):
    return run(name, model=Model(name=name, card=ModelCard(family=family)), **changes)


def found(runs, wanted=None):
    """Run id -> its baseline's id."""
    return {name: baseline.id for name, baseline in pick_baselines(runs, wanted).items()}


def test_the_model_card_names_the_baseline():
    """Without one, and without --baseline, there is none; a baseline is its own."""
    assert found([run("a"), candidate("c")]) == {"a": "a", "c": "a"}
    assert found([candidate("c")]) == {}


def test_a_trial_does_not_displace_a_whole_run():
    """Ready before a trial or an incomplete one, then the newest; also where the model is named."""
    whole = run("whole", created_at="2026-01-01T00:00:00Z")
    newer = run("newer", created_at="2026-01-02T00:00:00Z")
    trial = run("trial", num_problems=5, created_at="2026-01-03T00:00:00Z")
    broken = run("broken", status="incomplete", created_at="2026-01-04T00:00:00Z")
    for wanted in (None, "base"):
        assert set(found([trial, whole, broken], wanted).values()) == {"whole"}
        assert set(found([newer, whole], wanted).values()) == {"newer"}


def test_a_named_baseline_wins_and_a_typo_is_no_silent_none(caplog):
    """By model or by run; what is not there is an error that lists the models."""
    runs = [run("a"), run("b", model=Model(name="other"))]
    assert found(runs, "other")["a"] == "b"
    assert found(runs, "a")["b"] == "a"
    with pytest.raises(UsageError, match="no such model or run") as caught:
        pick_baselines(runs, "nobody")
    assert "models here: base, other" in caught.value.message
    carded = [*runs, run("c", model=Model(name="third", card=ModelCard(role="baseline")))]
    assert pick_if_known(carded, "nobody") == {}, "and no other baseline in its place"
    assert "baseline nobody: no such model or run (models here: base, other, third); nothing" in caplog.text
    assert pick_if_known(runs, "other") == pick_baselines(runs, "other")


def test_a_named_run_stands_for_its_model_on_the_other_data_sets():
    """The run itself where it was made, the model's best run elsewhere."""
    runs = [run("a"), run("newer", created_at="2026-02-01T00:00:00Z"), run("m", dataset=MBPP)]
    runs += [candidate("c"), candidate("d", dataset=MBPP)]
    assert found(runs, "a") == {"a": "a", "newer": "a", "m": "m", "c": "a", "d": "m"}


def test_a_named_baseline_leaves_the_cards_of_other_data_sets_alone():
    """``evalsite init --baseline`` names one model; the baseline on MBPP is that of the card."""
    runs = [candidate("named"), candidate("c"), run("carded", dataset=MBPP), candidate("d", dataset=MBPP)]
    assert found(runs, "named") == {"named": "named", "c": "named", "carded": "carded", "d": "carded"}


@pytest.mark.parametrize("wanted", [None, "big"])
def test_each_family_has_its_own_baseline(wanted):
    """A small ternary model is held against the model that it was made of, whatever else is there."""
    big = run("big", model=Model(name="big", card=ModelCard(role="baseline", family="Big")))
    small = run(
        "small",
        model=Model(name="small", card=ModelCard(role="baseline", family="Small")),
        created_at="2020-01-01T00:00:00Z",
    )
    runs = [big, small, candidate("b", "Big"), candidate("s", "Small"), candidate("x")]
    held = {"big": "big", "small": "small", "b": "big", "s": "small"}
    assert found(runs, wanted) == ({**held, "x": "big"} if wanted else held), (
        "which one is meant, nobody said"
    )
    assert found([big, candidate("x"), candidate("y", "Other")]) == {"big": "big", "x": "big", "y": "big"}


def test_a_named_baseline_without_a_family_is_everybodys():
    """Whoever names a run that no card describes means it."""
    small = run("small", model=Model(name="small", card=ModelCard(role="baseline", family="Small")))
    assert found([small, candidate("named"), candidate("s", "Small")], "named")["s"] == "named"


def test_a_data_set_is_its_name_and_its_hash():
    """A baseline of the same hash goes first; another one is told, not taken."""
    other = Dataset(name="demo", sha256="1" * 64, num_problems=100)
    theirs = run("theirs", dataset=other, created_at="2027-01-01T00:00:00Z")
    assert found([run("ours"), theirs, candidate("c")])["c"] == "ours"
    assert found([theirs, candidate("c")])["c"] == "theirs"
    assert found([run("m", dataset=MBPP), candidate("c")]) == {"m": "m"}


def test_what_is_compared_next():
    """With its baseline; a baseline with its newest candidate; two without roles in the order of time."""
    base, old, new = run("base"), candidate("old"), candidate("new", created_at="2026-02-01T00:00:00Z")
    for one, others, pair in (
        (old, [base, new], ("base", "old")),
        (base, [old, new], ("base", "new")),
        (old, [new], ("old", "new")),
        (new, [old], ("old", "new")),
        (old, [base, candidate("trial", num_problems=3)], ("base", "old")),
    ):
        found = pair_to_compare(one, others)
        assert found is not None
        assert tuple(each.id for each in found) == pair


@pytest.mark.parametrize(
    "others",
    [
        [],
        [candidate("m", dataset=MBPP)],
        [candidate("trial", num_problems=3)],
        [candidate("b"), candidate("c")],
    ],
)
def test_what_has_nothing_to_be_compared_with(others):
    """Nothing else, another data set, a trial, or several without a role."""
    assert pair_to_compare(candidate("a"), others) is None


def carded(name, role, family="", **changes):
    """A run of a model of its own with a role."""
    return run(name, model=Model(name=name, card=ModelCard(role=role, family=family)), **changes)


@pytest.mark.parametrize("family", ["", "Q"])
def test_two_models_with_the_card_of_a_baseline_are_none(family):
    """The newer one does not push the older one aside, in whatever family; whoever names one has it."""
    old = carded("old", "baseline", family)
    new = carded("new", "baseline", family, created_at="2026-02-01T00:00:00Z")
    runs = [old, new, candidate("c", family)]
    assert found(runs) == {"old": "old", "new": "new"}
    assert found(runs, "old") == {"old": "old", "new": "old", "c": "old"}
    told = why_undecided(runs[2], runs)
    assert "Several models are baselines on demo by their model cards, new and old" in told
    assert "--baseline" in told
    assert [why_undecided(one, runs) for one in (old, new)] == ["", ""]
    assert [pair_to_compare(one, [each for each in runs if each is not one]) for one in runs] == [None] * 3


def test_what_leaves_a_baseline_the_only_one():
    """Further runs of its model, a trial of another, one on other problems, another family's."""
    old = carded("old", "baseline", "Q")
    for further in (
        run("again", model=old.model, created_at="2025-01-01T00:00:00Z"),
        carded("trial", "baseline", "Q", num_problems=3),
        carded("other", "baseline", "Q", dataset=Dataset(name="demo", sha256="1" * 64, num_problems=100)),
        carded("mbpp", "baseline", "Q", dataset=MBPP),
        carded("family", "baseline", "Z"),
    ):
        runs = [old, further, candidate("c", "Q")]
        assert found(runs)["c"] == "old", further.id
        assert why_undecided(runs[2], runs) == ""


@pytest.mark.parametrize(
    ("first", "second", "pair"),
    [
        ("candidate", "", ("second", "first")),
        ("", "candidate", ("first", "second")),
        ("candidate", "candidate", ("first", "second")),
        ("candidate", "baseline", ("second", "first")),
        ("", "baseline", ("second", "first")),
        ("baseline", "baseline", None),
    ],
)
def test_the_next_comparison_is_in_the_order_of_the_roles(first, second, pair):
    """What compare would refuse is never advised, whichever run was made first."""
    older = carded("first", first)
    newer = carded("second", second, created_at="2026-02-01T00:00:00Z")
    for one, other in ((older, newer), (newer, older)):
        advised = pair_to_compare(one, [other])
        assert (tuple(each.id for each in advised) if advised else None) == pair


def test_an_ungraded_run_is_not_compared_next():
    """There is nothing to hold against anything yet."""
    assert pair_to_compare(run("base"), [candidate("c", grading=None)]) is None


@pytest.mark.parametrize(
    ("base", "other", "refused"),
    [("candidate", "baseline", True), ("candidate", "", True), ("", "baseline", True), ("", "", False)],
)
def test_a_named_baseline_may_not_contradict_the_cards(base, other, refused):
    """The rule by which compare refuses two runs."""
    runs = [carded("a", base), carded("b", other)]
    held = pick_baselines(runs, "a")
    assert held["b"].id == "a"
    assert [(one.id, two.id) for one, two, _ in contradicted(runs, held)] == ([("a", "b")] if refused else [])
