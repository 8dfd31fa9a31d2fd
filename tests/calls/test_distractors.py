"""Tools of other problems: the same for everybody as far as can be, and none that would answer as well."""

from collections import Counter

import pytest

from evalsite.calls.distractors import FOR_ANYTHING, Pool, with_distractors
from evalsite.calls.judging import Expected, judge_calls
from evalsite.calls.reading import Call
from evalsite.calls.task import Task, task_of, to_problem
from evalsite.calls.tools import Tool, wire_names
from evalsite.datasets.source import load_dataset
from evalsite.errors import UsageError
from evalsite.rundir.taxonomy import VerdictClass
from tests.make import make_problem

STRANGERS = (
    "paint_fence", "tune_violin", "milk_goat", "shear_sheep", "brew_beer", "forge_sword", "weave_basket",
    "polish_mirror", "plant_tulip", "carve_spoon", "knit_sock", "bake_bread", "sharpen_knife", "fold_napkin",
    "iron_shirt", "dig_ditch", "mow_lawn", "chop_onion", "peel_potato", "rinse_lentil", "mend_bicycle",
    "varnish_table", "dust_shelf",
)  # fmt: skip


def tool(name, description="", **arguments):
    properties = {key: {"type": kind} for key, kind in arguments.items()}
    return Tool(name=name, description=description, parameters={"type": "object", "properties": properties})


def question(name, text, *tools, word=""):
    """A problem that wants a call of its first tool, or what the word says."""
    calls = () if word else ({tools[0].name: {}},)
    return Task(
        messages=({"role": "user", "content": text},), tools=tools, expected=Expected(calls=calls, word=word)
    )


def others_of(task, *further):
    """Names of what is offered to a task beside its own, among strangers and these."""
    rest = [question("s", "?", tool(name)) for name in STRANGERS]
    return [
        each.name
        for each in Pool([task, *rest, *(question("f", "?", one) for one in further)]).for_problem(task)
    ]


WEATHER = question(
    "w",
    "Will it rain in Rome?",
    tool("get_forecast", "The weather of days to come", city="string", days="integer"),
)


@pytest.mark.parametrize(
    ("rival", "why"),
    [
        (tool("get.forecast", "Something else"), "a name that servers take for the same"),
        (tool("GetForecast"), "the same name, written otherwise"),
        (tool("forecast_by_city"), "a telling word of both names"),
        (tool("meteo", "Forecasts for a place"), "a word of its name in the other's description"),
        (tool("weather_now"), "a word of the one's name in the other's description"),
        (tool("outlook", "Weather for some days"), "two telling words of both descriptions"),
        (tool("q17", "?", city="string", days="integer"), "the same arguments"),
        (tool("rain_radar"), "a word of its name in the question"),
        (tool("clouds", "Where it may rain near Rome"), "two words of its description in the question"),
        (tool("lookup", "Searches the web"), "useful to anybody"),
        (tool("run_python"), "runs code"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_tool_that_might_answer_as_well_is_passed_over(rival, why):
    """Each rule by itself, beside strangers that are offered."""
    offered = others_of(WEATHER, rival)
    assert rival.name not in offered, why
    assert set(STRANGERS) <= set(offered)


@pytest.mark.parametrize(
    "stranger",
    [
        tool("book_table", "Books a table in Rome"),
        tool("convert", "Units", value="number"),
        tool("quote_price"),
    ],
    ids=lambda each: each.name,
)
def test_a_tool_of_another_matter_is_offered(stranger):
    """One word of a description in the question, and words that many tools have, are no reason."""
    assert stranger.name in others_of(WEATHER, stranger)


def test_where_no_call_is_wanted_one_word_of_the_question_is_enough():
    """Any tool that fits would be the wrong thing to offer."""
    near = tool("book_table", "Books a table in Rome")
    nothing = question("n", "Will it rain in Rome?", tool("paint_wall"), word="none")
    assert near.name not in others_of(nothing, near)


def test_some_call_has_to_be_one_of_the_problems_own():
    """Of BFCL's live_relevance any call passes; of a tool that was put beside it none does."""
    problems = [to_problem(f"s/{name}", question("s", "?", tool(name), word="some")) for name in STRANGERS]
    harder = task_of(with_distractors(problems, 4)[0])
    own = STRANGERS[0]
    assert harder.expected.among == (own,)
    strange = next(each.name for each in harder.tools if each.name != own)
    verdicts = [
        judge_calls([Call(name, {})], harder.expected, harder.tools).verdict for name in (own, strange)
    ]
    assert verdicts == [VerdictClass.PASSED, VerdictClass.WRONG_TOOL]


@pytest.fixture(scope="module")
def bfcl(shared):
    return load_dataset("bfcl-v4", shared / "datasets/bfcl-v4-single-turn.jsonl.gz").problems[::11]


def test_what_was_right_stays_right_and_each_level_holds_the_easier_one(bfcl):
    """The problem's own tools stay as they are, among others whose names servers tell apart."""
    eight, sixty_four = (with_distractors(bfcl, number) for number in (8, 64))
    places = Counter()
    for problem, easier, harder in zip(bfcl, eight, sixty_four, strict=True):
        own, few, many = (task_of(each) for each in (problem, easier, harder))
        names = [tool.name for tool in own.tools]
        for number, task in ((8, few), (64, many)):
            added = [each for each in task.tools if each.name not in names]
            assert len(added) == number
            assert [each for each in own.tools if each not in task.tools] == []
            assert len(set(wire_names(task.tools).values())) == len({each.name for each in task.tools})
            assert task.messages == own.messages
            assert task.expected.calls == own.expected.calls
        assert {each.name for each in few.tools} <= {each.name for each in many.tools}
        if names:
            places[[each.name for each in many.tools].index(names[0]) // 17] += 1
    assert all(places[quarter] > len(bfcl) // 10 for quarter in range(4)), places
    assert with_distractors(bfcl, 8) == eight


def test_most_problems_are_offered_the_same_first(bfcl):
    """Or servers would have to read every list anew."""
    tasks = [task_of(problem) for problem in bfcl]
    pool = Pool(tasks)
    first = Counter(next(pool.for_problem(task)).name for task in tasks)
    assert first.most_common(1)[0][1] > 0.6 * len(bfcl)


def test_no_tool_that_could_do_anything_is_offered(bfcl):
    """Not one of them has a word of those."""
    offered = [each for problem in with_distractors(bfcl, 32)[:40] for each in task_of(problem).tools]
    own = {each.name for problem in bfcl[:40] for each in task_of(problem).tools}
    words = [
        set(f"{each.name} {each.description}".lower().split()) for each in offered if each.name not in own
    ]
    assert len(words) > 40
    assert not any(each & (FOR_ANYTHING - {"query"}) for each in words)


def test_too_few_tools_are_told_with_how_many_there_are():
    """By the problem that lacks them."""
    problems = [to_problem(f"s/{name}", question("s", "?", tool(name))) for name in STRANGERS[:5]]
    with pytest.raises(
        UsageError, match=r"s/paint_fence: 8 distractors are wanted, and only 4 tools"
    ) as raised:
        with_distractors(problems, 8)
    assert "Ask for 4 or fewer" in raised.value.hint
    with pytest.raises(UsageError, match="asks for code"):
        with_distractors([*problems, make_problem()], 2)
    assert with_distractors([make_problem()], 8) == (make_problem(),), "that wants no calls"
    assert with_distractors(problems, 0) == tuple(problems)
