"""Where a model falls off: more than its baseline does, level by level, and said in one sentence."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from msgspec import structs

from evalsite.rundir.levels import Campaign, Level
from evalsite.rundir.schema import Dataset, Settings
from evalsite.stats.cliffs import Curve, _lost_more, cliffs, compare_curves, curves, lost_further, tokens_read
from evalsite.stats.intervals import Interval, mean_interval
from tests.make import loaded_run

SIZE = 200


def run(model, passes, *, tools=0, tokens=0, day=1, samples=1, campaign="", **fields):
    """A run on a level of ``bfcl``; ``passes``: how many problems pass, from the first on, or which."""
    name = "bfcl" + (f"+{tools}-tools" if tools else "") + (f"+{tokens}-context" if tokens else "")
    passed = [samples] * passes + [0] * (SIZE - passes) if isinstance(passes, int) else list(passes)
    level = Level(of="bfcl", of_sha256="0" * 64, distractors=tools, context_tokens=tokens)
    extra = {"level": level} if tools or tokens else {}
    dataset = Dataset(name=name, sha256=f"{tools + tokens:064d}", num_problems=len(passed), **extra)
    told = {"campaign": Campaign(id=campaign, levels=("bfcl", name))} if campaign else {}
    return loaded_run(
        passed, samples, model=model, dataset=dataset, created_at=f"2026-11-{day:02d}T00:00:00Z",
        id=f"{day}--{model}--{name}", **told, **fields,
    )  # fmt: skip


def lose(lost, of=180):
    """So many of the problems that passed fail, spread over them."""
    left = [1] * of + [0] * (SIZE - of)
    for index in range(lost):
        left[index * of // max(lost, 1)] = 0
    return left


def held(base, candidate, levels=(0, 8, 32, 64), **fields):
    """The cliff of two models that lose so many problems on each level."""
    ours = [run("base", lose(lost), tools=tools, **fields) for tools, lost in zip(levels, base, strict=True)]
    theirs = [run("cand", lose(lost), tools=tools) for tools, lost in zip(levels, candidate, strict=True)]
    pairs = {one.id: other for one, other in zip(theirs, ours, strict=True)}
    (cliff,) = cliffs([*ours, *theirs], pairs)
    return cliff


@pytest.mark.parametrize(
    ("base", "candidate", "said", "decision"),
    [
        (
            (0, 2, 4, 6),
            (2, 4, 6, 8),
            "cand holds to 64 tools, the hardest level that was asked; there it loses 0.0 points (",
            "met",
        ),
        ((0, 2, 4, 6), (2, 4, 6, 60), "cand holds to 32 tools; at 64 it loses 26.0 points (", "missed"),
        ((0, 2, 4, 6), (0, 50, 60, 70), "cand at 8 tools it loses 24.0 points (", "missed"),
        ((0, 2, 4, 6), (0, 4, 24, 70), "cand holds to 8 tools; at 32 it loses 10.0 points (", "missed"),
        ((0, 2, 4, 6), (0, 2, 4, 30), "cand holds to 32 tools; at 64 it loses 12.0 points (", "inconclusive"),
        (
            (0, 2, 4, 176),
            (0, 2, 4, 176),
            "cand holds to 32 tools; at 64 one of the models scores too",
            "vacuous",
        ),
    ],
)
def test_one_sentence_says_up_to_where_a_candidate_holds(base, candidate, said, decision):
    """All levels, none, up to one; what falls later is told, too; a baseline that falls proves nothing."""
    cliff = held(base, candidate)
    assert cliff.sentence.startswith(said), cliff.sentence
    assert cliff.decision == decision
    assert cliff.reservations == ()


def test_a_loss_in_between_is_told_as_open_and_the_later_one_as_such():
    """Shown, and not shown to be beyond the margin; then a level that is plainly lost."""
    told = held((0, 2, 4, 6), (0, 4, 24, 70)).sentence
    assert "which may be more or less than the allowed 10 points; at 64 it loses 32.0 points (" in told
    assert told.count("more than its baseline") == 2


def test_few_problems_cannot_tell():
    """Ten problems say little of a loss of ten points."""
    ours = [run("base", [1] * 10, tools=tools) for tools in (0, 8)]
    theirs = [run("cand", [1] * 9 + [passes], tools=tools) for tools, passes in ((0, 1), (8, 0))]
    (cliff,) = cliffs([*ours, *theirs], dict(zip([one.id for one in theirs], ours, strict=True)))
    assert "at 8 tools these data cannot tell (it loses 10.0 points (" in cliff.sentence
    assert cliff.decision == "inconclusive"


def test_a_run_that_has_not_ended_decides_nothing():
    """What it says so far is told with the reason."""
    cliff = held((0, 2, 4, 6), (2, 4, 6, 60), status="incomplete")
    assert "at 8 tools nothing is decided yet (it loses 0.0 points (" in cliff.sentence
    assert "is incomplete" in cliff.sentence
    assert cliff.decision == "pending"


def test_what_was_lost_is_counted_problem_by_problem():
    """The mean of four figures, with an interval that knows which problems moved together."""
    rng = np.random.default_rng(3)
    easy, hard = rng.integers(0, 2, (2, SIZE)), rng.integers(0, 2, (2, SIZE))
    first = [run(name, row) for name, row in zip("ab", easy, strict=True)]
    then = [run(name, row, tools=8) for name, row in zip("ab", hard, strict=True)]
    found = lost_further(first, then)
    values = (hard[1] - easy[1]) - (hard[0] - easy[0])
    assert found.value == pytest.approx(values.mean())
    assert found.num_problems == SIZE
    error = values.std(ddof=1) / np.sqrt(SIZE)
    assert found.interval.high - found.interval.low == pytest.approx(2 * 1.97 * error, rel=0.1)
    same = lost_further(first, first)
    assert same.value == 0.0
    assert same.interval.low < 0.0 < same.interval.high
    apart = [run("a", hard[0], tools=8), run("b", hard[1], tools=8)]
    assert lost_further(first, apart[:2]).p_value == found.p_value


@pytest.mark.parametrize("samples", [1, 5])
def test_the_interval_covers_and_a_claim_is_rarely_false(samples):
    """Both models lose alike; problems share their difficulty over all four runs. 300 draws."""
    rng = np.random.default_rng(samples)
    covered, claimed, held_to = 0, 0, 0
    for _ in range(300):
        skill = rng.beta(1.2, 0.6, 120)
        loss = 0.15 * rng.integers(0, 2, 120)
        drawn = [
            rng.binomial(samples, np.clip(skill - lost, 0, 1)) for lost in (0 * loss, 0 * loss, loss, loss)
        ]
        first = [run("a", drawn[0], samples=samples), run("b", drawn[1], samples=samples)]
        then = [run("a", drawn[2], samples=samples, tools=8), run("b", drawn[3], samples=samples, tools=8)]
        found = lost_further(first, then)
        covered += found.interval.low <= 0.0 <= found.interval.high
        claimed += found.p_value < 0.05
        held_to += found.decision == "missed"
    assert covered >= 0.925 * 300
    assert claimed <= 0.075 * 300
    assert held_to == 0


def test_each_axis_has_its_curve_and_the_other_stays_as_it_is():
    """Tools without a conversation, tools behind one, and a conversation among so many tools."""
    runs = [run("m", 100, tools=tools, tokens=tokens) for tools in (0, 8) for tokens in (0, 500, 2000)]
    found = {(curve.axis, curve.beside): curve.levels for curve in curves(runs)}
    assert found == {
        ("tools", 0): (0, 8),
        ("tools", 500): (0, 8),
        ("tools", 2000): (0, 8),
        ("context", 0): (0, 500, 2000),
        ("context", 8): (0, 500, 2000),
    }


def test_runs_of_the_newest_campaign_count_and_what_it_lacks_is_taken_from_others():
    """An older campaign and a plain run are there as well."""
    old = [run("m", 90, campaign="old"), run("m", 80, tools=8, campaign="old")]
    new = [run("m", 99, day=5, campaign="new"), run("m", 70, tools=8, day=5, campaign="new")]
    later = run("m", 60, day=9)
    further = run("m", 50, tools=32, day=2)
    (curve,) = curves([*old, later, *new, further])
    assert curve.runs == (*new, further)
    assert curve.levels == (0, 8, 32)
    assert curves([old[0], later]) == ()


def test_models_are_held_against_each_other_on_levels_that_both_have():
    """Others are left out; with fewer than two there is nothing to hold."""
    ours = [run("base", 150, tools=tools) for tools in (0, 8, 64)]
    theirs = [run("cand", 150, tools=tools) for tools in (0, 16, 64)]
    base, cand = curves([*ours, *theirs])
    assert [step.level for step in compare_curves(base, cand).steps] == [0, 64]
    alone = Curve("cand", base.of, "tools", 0, (16,), (theirs[1],))
    assert compare_curves(base, alone) is None
    assert cliffs([*ours, *theirs], {}) == ()


def test_other_settings_are_told_once():
    """Between models and between levels; what levels differ in by nature is no reason."""
    odd = Settings(api="chat", prompt="chat-v1", temperature=0.9, top_p=0.95, max_tokens=512)
    ours = [run("base", 150, tools=tools) for tools in (0, 8)]
    theirs = [run("cand", 150), run("cand", 150, tools=8, settings=odd)]
    (cliff,) = cliffs([*ours, *theirs], dict(zip([one.id for one in theirs], ours, strict=True)))
    assert [each.field for each in cliff.reservations] == ["settings.temperature"]


def test_tokens_are_those_that_the_server_counted():
    """The mean of a prompt's; none where it counted none."""
    bare = run("m", 10)
    assert tokens_read(bare) is None
    summary = structs.replace(bare.summary, prompt_tokens=60_000)
    assert tokens_read(replace(bare, summary=summary)) == 60_000 / SIZE


def test_the_scale_is_twice_as_wide_as_that_of_one_difference():
    """A problem that the candidate breaks while the baseline mends it counts double."""
    ones, zeros = [1] * SIZE, [0] * SIZE
    found = lost_further(
        [run("a", zeros), run("b", ones)], [run("a", ones, tools=8), run("b", zeros, tools=8)]
    )
    assert found.value == -2.0
    assert found.interval.low == -2.0
    assert found.interval.high < -1.8
    assert mean_interval(np.ones(SIZE), SIZE).low > 0.9


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-0.21, "loses 21.0 points (12.0 to 30.1) more than its baseline"),
        (0.21, "loses 21.0 points (11.9 to 30.0) less than its baseline"),
    ],
)
def test_what_is_lost_further_is_told_with_limits_of_one_sign(value, said):
    """More or less than the baseline, each as a figure without a sign; limits are rounded outward."""
    low, high = (-0.3001, -0.12) if value < 0 else (0.1199, 0.3)
    step = SimpleNamespace(further=SimpleNamespace(value=value, interval=Interval(low, high, 0.95, "any")))
    assert _lost_more(step) == said
