"""Two models over all that was measured: a row each, one verdict, and what was not measured."""

import dataclasses
from types import SimpleNamespace

import pytest
from msgspec import structs

from evalsite.errors import UsageError
from evalsite.rundir.calls import CallCounts, CallGroup, CallTally
from evalsite.rundir.edits import EditCounts, EditTally
from evalsite.rundir.levels import Level
from evalsite.rundir.schema import Dataset
from evalsite.rundir.symptoms import SymptomCounts
from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.compare.suites import compare_suites
from evalsite.stats.distance import Found, Pairs
from evalsite.stats.scorecards import scorecard
from evalsite.stats.topics import topic_of
from tests.make import loaded_run
from tests.stats.distance.test_figures import make

SIZE = 120
GROUP = CallGroup(samples=400, passed=400, parsed=400)


def run(model, dataset, lost, *, kinds=("code",), languages=("python",), size=SIZE, **fields):
    """A run that fails so many problems."""
    passes = [0] * lost + [1] * (size - lost)
    made = loaded_run(
        passes, 1, model=model, dataset=dataset, task_ids=[f"{dataset}/{i}" for i in range(size)], **fields
    )
    return dataclasses.replace(made, kinds=kinds, languages=languages)


def tallied(made, told, **summary):
    """The same run with something said of each problem."""
    tallies = tuple(structs.replace(tally, **told(i)) for i, tally in enumerate(made.summary.tallies))
    return dataclasses.replace(made, summary=structs.replace(made.summary, tallies=tallies, **summary))


def calls(model, lost, fitting):
    made = run(model, "bfcl", lost, kinds=("calls",), size=400)
    counts = CallCounts(made=400, fitting=fitting, called=400, groups={"": GROUP})
    return tallied(
        made, lambda i: {"calls": CallTally(called=1, made=1, fitting=int(i < fitting))}, calls=counts
    )


def edits(model, lost, applied):
    made = run(model, "polyglot-go", lost, kinds=("exercise",), languages=("go",))
    counts = EditCounts(format="udiff", samples=SIZE, well_formed=SIZE, applied=applied)
    return tallied(
        made, lambda i: {"edits": EditTally(well_formed=1, applied=int(i < applied))}, edits=counts
    )


def both(make, *arguments):
    """Baseline and candidate, each with its own arguments."""
    return [make(model, *own) for model, own in zip(("fp8", "ternary"), arguments, strict=True)]


def everything():
    return [
        *both(lambda model, lost: run(model, "humaneval", lost), (2,), (4,)),
        *both(lambda model, lost: run(model, "mbpp", lost), (2,), (2,)),
        *both(lambda model, lost: run(model, "mbpp-rust", lost, languages=("rust",)), (2,), (60,)),
        *both(calls, (4, 400), (4, 200)),
        *both(edits, (2, 118), (30, 90)),
        *both(lambda model, lost: run(model, "poly-agent", lost, kinds=("agent",)), (2,), (2,)),
    ]


def test_what_one_model_alone_was_asked_is_named_as_not_measured():
    """With the model that lacks it; a topic of nothing else is not measured."""
    runs = [
        *both(lambda model, lost: run(model, "humaneval", lost), (2,), (4,)),
        *both(lambda model, size: run(model, "mbpp", 2, size=size), (100,), (120,)),
        calls("fp8", 4, 400),
        run("ternary", "poly-agent", 2, kinds=("agent",)),
    ]
    runs[3] = dataclasses.replace(
        runs[3],
        run=structs.replace(runs[3].run, dataset=structs.replace(runs[3].run.dataset, sha256="ef" * 32)),
    )
    card = scorecard(runs, "fp8", "ternary")
    told = {(each.title, row.what): row.told for each in card.sections for row in each.rows if row.lacks}
    assert told == {
        ("Functions", "mbpp"): told["Functions", "mbpp"],
        ("Calls of tools", "bfcl"): "not measured for ternary",
        ("Agent", "poly-agent"): "not measured for fp8",
    }
    assert {row.told for row in section(card, "functions").rows if row.lacks} == {
        "not measured for fp8 with these problems", "not measured for ternary with these problems",
    }  # fmt: skip
    assert {"Calls of tools", "Agent"} < set(card.missing)
    assert "Functions" not in card.missing
    assert "bfcl for ternary" in card.headline
    assert card.decision == card.found[0].decision


def section(card, name):
    return next(each for each in card.sections if each.name == name)


def test_each_thing_that_was_measured_is_a_row():
    """In its topic, with the figures of its own comparison; several data sets of a topic are pooled."""
    runs = everything()
    card = scorecard(runs, "fp8", "ternary")
    told = {each.name: [row.what for row in each.rows] for each in card.sections}
    assert told == {
        "functions": ["humaneval", "mbpp", "functions, 2 data sets together"],
        "languages": ["Rust: mbpp-rust"],
        "calls": ["bfcl: right calls", "bfcl: calls that fit their schema", "bfcl: when a call is made"],
        "edits": [
            "polyglot-go (udiff): edits that pass",
            "polyglot-go (udiff): edits that can be read",
            "polyglot-go (udiff): edits that apply",
        ],
        "agent": ["poly-agent: solved"],
        "cliffs": [],
        "distance": [],
        "symptoms": [],
    }
    first = section(card, "functions").rows[0]
    alone = compare_runs(runs[0], runs[1])
    assert (first.value, first.interval) == (alone.numbers.main.value, alone.numbers.main.interval)
    assert (first.num_problems, first.decision, first.runs) == (SIZE, "met", (runs[0].id, runs[1].id))
    assert section(card, "calls").rows[2].told == "F1 100.0 % (99.0 to 100.0)"
    assert card.missing == ("Levels of difficulty", "Distance by tokens", "Symptoms of answers")


def test_all_data_sets_together_are_those_of_a_pool():
    """Each counts the same, unless each problem is to."""
    runs = everything()
    pairs = list(zip(runs[::2], runs[1::2], strict=True))
    for weights in ("problem", "dataset"):
        card = scorecard(runs, "fp8", "ternary", weights=weights)
        assert card.together.value == compare_suites(pairs, weights).numbers.value
    assert card.together.what == "all, 6 data sets together"


def test_one_thing_that_is_missed_makes_the_card_missed():
    """The mean over all would hide it; the first sentence names it, and the last what was not measured."""
    runs = [*everything()[:4], *both(calls, (4, 400), (4, 200))]
    card = scorecard(runs, "fp8", "ternary")
    assert card.pooled.decision == "met"
    assert card.decision == "missed"
    lost = "More than the allowed 10 points were lost in bfcl: calls that fit their schema."
    assert card.sentences[:2] == (lost, card.pooled.headline)
    assert card.sentences[-1].startswith("Not measured: other languages, edits of files, agent, ")


def test_a_single_data_set_has_no_pooled_row():
    """Its own verdict is the card's."""
    runs = everything()[:2]
    card = scorecard(runs, "fp8", "ternary")
    assert (card.together, card.pooled, card.decision) == (None, None, "met")
    assert card.headline.startswith(compare_runs(*runs).headline)


def test_levels_of_difficulty_are_a_row_and_no_data_sets():
    """The first level that is not held, with what was lost beyond the baseline's loss."""
    runs = []
    for tools, lost in ((0, (4, 4)), (8, (6, 6)), (64, (8, 100))):
        name = f"bfcl+{tools}-tools" if tools else "bfcl"
        level = {"level": Level(of="bfcl", of_sha256="0" * 64, distractors=tools)} if tools else {}
        dataset = Dataset(name=name, sha256=f"{tools:064d}", num_problems=200, **level)
        for model, fails in zip(("fp8", "ternary"), lost, strict=True):
            passes = [0] * fails + [1] * (200 - fails)
            made = loaded_run(passes, 1, model=model, dataset=dataset)
            runs.append(dataclasses.replace(made, kinds=("calls",), languages=("python",)))
    card = scorecard(runs, "fp8", "ternary")
    assert [one.candidate.dataset for one in card.found] == ["bfcl"]
    (row,) = section(card, "cliffs").rows
    assert (row.what, row.decision) == ("bfcl among tools of other problems", "missed")
    assert row.value == pytest.approx(-0.46)
    assert row.told.startswith("holds to 8 tools; at 64 it loses 46.0 points (")
    assert card.decision == "missed"


def test_symptoms_of_several_data_sets_are_one_row_each():
    """Their share over all, and whether it changed; where no answer shows any, that is told."""

    def looked_at(model, name, loops):
        made = run(model, name, 0)
        made = tallied(made, lambda i: {"symptoms": {"loop": int(i < loops)} if loops else {}})
        counted = SymptomCounts(looked_at=SIZE, versions={"1": SIZE})
        return dataclasses.replace(made, summary=structs.replace(made.summary, symptoms=counted))

    runs = [
        *both(lambda model, loops: looked_at(model, "humaneval", loops), (0,), (40,)),
        *both(lambda model, loops: looked_at(model, "mbpp", loops), (0,), (20,)),
    ]
    (row,) = section(scorecard(runs, "fp8", "ternary"), "symptoms").rows
    assert (row.what, row.told, row.decision) == ("answers with loop", "more often", None)
    assert row.value == pytest.approx(0.25)
    quiet = [*both(lambda model, loops: looked_at(model, "humaneval", loops), (0,), (0,))]
    (row,) = section(scorecard(quiet, "fp8", "ternary"), "symptoms").rows
    assert (row.what, row.told) == ("any symptom", "none in either")


def test_a_distance_is_told_of_these_two_models_alone():
    """Divergence and agreement with their intervals, without a verdict."""
    pairs = make([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], problems=[f"p{i}" for i in range(6)])

    def found(base, candidate):
        sides = (SimpleNamespace(model=SimpleNamespace(name=name)) for name in (base, candidate))
        told = {"dataset": SimpleNamespace(name="humaneval"), "over": "reference"}
        record = SimpleNamespace(**dict(zip(("base", "candidate"), sides, strict=True)), **told)
        return Found(None, record, (), pairs, Pairs(()))

    runs = everything()[:2]
    distances = [found("fp8", "ternary"), found("fp8", "other")]
    rows = section(scorecard(runs, "fp8", "ternary", distances=distances), "distance").rows
    assert [(row.what, row.num_problems, row.decision) for row in rows] == [
        ("humaneval (references): mean divergence", 6, None),
        ("humaneval (references): the same token first", 6, None),
    ]
    assert rows[0].told.startswith("0.35 nats (")


def test_runs_that_are_not_ready_are_pending():
    """And what two models do not share is refused as everywhere."""
    base, candidate = both(lambda model, lost: run(model, "humaneval", lost), (2,), (2,))
    running = dataclasses.replace(candidate, run=structs.replace(candidate.run, status="running"))
    card = scorecard([base, running], "fp8", "ternary")
    assert (card.decision, section(card, "functions").rows[0].decision) == ("pending", "pending")
    with pytest.raises(UsageError, match="no data set in common"):
        scorecard([base, running], "fp8", "other")


@pytest.mark.parametrize(
    ("kinds", "languages", "topic"),
    [
        (("calls",), ("python",), "calls"),
        (("agent",), ("go",), "agent"),
        (("exercise",), ("rust",), "edits"),
        (("code", "text"), ("python",), "functions"),
        (("code",), ("python", "go"), "languages"),
        ((), (), "functions"),
    ],
)
def test_a_data_set_has_one_topic(kinds, languages, topic):
    """By its problems, also while nothing is graded."""
    made = dataclasses.replace(loaded_run([1]), kinds=kinds, languages=languages)
    assert topic_of(made) == topic


@pytest.mark.parametrize(
    ("solved", "decision"),
    [((120, 118), "met"), ((6, 0), "vacuous"), ((120, 60), "missed"), ((120, 104), "inconclusive")],
)
def test_the_first_sentence_says_the_verdict_of_the_card(solved, decision):
    """Where one thing is missed it says that, whatever is concluded of all data sets together."""
    runs = both(lambda model, passed: run(model, "humaneval", SIZE - passed), *((each,) for each in solved))
    card = scorecard(runs, "fp8", "ternary")
    assert (card.decision, card.sentences[0]) == (decision, card.found[0].headline)
    worse = [*runs, *both(lambda model, lost: run(model, "mbpp", lost, size=20), (0,), (20,))]
    card = scorecard(worse, "fp8", "ternary")
    assert card.decision == "missed"
    if card.pooled.decision == "missed":
        assert card.sentences[0] == card.pooled.headline
    else:
        assert card.sentences[0] == "More than the allowed 10 points were lost in mbpp."
        assert card.sentences[1] == card.pooled.headline
