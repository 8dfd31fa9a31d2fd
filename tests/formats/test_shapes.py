"""Shapes that other tools' files have out there: each is read, and one bad record costs itself alone."""

import json

import pytest

from evalsite.errors import DatasetError
from evalsite.formats.multipl_e import refuse_language
from tests.formats.helpers import BOTH, CODE, LINES, PASSING, PROMPT, ROWS, read
from tests.make import make_problem

TITLES = [
    "# answers of m",
    "INFO: 2 samples",
    '{"model": "m", "temperature": 0.2}',
    "null",
    "5",
    '"m"',
    "{'a': 1}",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_first_line_that_is_no_record_costs_itself_alone(tmp_path, title):
    """A title, a description of the run: the lines behind it tell what the file is."""
    answers, found = read(tmp_path / "s.jsonl", f"{title}\n{LINES}")
    assert answers == BOTH
    assert found.told.num_left_out == 1
    assert "s.jsonl:1: " in found.told.left_out[0]
    with pytest.raises(DatasetError, match=r"s\.jsonl:1: "):
        read(tmp_path / "s.jsonl", f"{title}\n{LINES}", strict=True)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"data": ROWS}), json.dumps({"version": 1, "meta": {"a": [1]}, "samples": ROWS}, indent=2),
        json.dumps({"rows": [{"row_idx": n, "row": row} for n, row in enumerate(ROWS)]}),
        json.dumps({"results": ROWS, "temperature": [1]}) + "\n",
    ],
    ids=["one line", "beside others", "rows", "results"],
)  # fmt: skip
def test_records_in_a_wrapper_are_read(tmp_path, text):
    assert read(tmp_path / "s.json", text)[0] == BOTH


MULTIPL_E = {
    "name": "demo_0_double", "language": "py", "prompt": PROMPT, "tests": "def check(candidate):\n    pass\n",
    "results": [
        {"program": f"{PASSING}\ndef check(candidate):\n    pass\n", "status": "OK", "exit_code": 0},
        {"program": PASSING, "status": "Exception", "exit_code": 1},
        {"program": None, "status": "Timeout", "exit_code": -1},
    ],
}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 2])
def test_multipl_es_results_are_read(tmp_path, indent):
    """The programs, without its tests; what it says of each is a claim. Of the problems' language alone."""
    answers, found = read(tmp_path / "s.results.json", json.dumps(MULTIPL_E, indent=indent))
    assert found.form == "multipl-e"
    assert [(problem, sample, form, text.strip()) for problem, sample, form, text in answers] == [
        ("Demo/0", 0, "solution", PASSING.strip()), ("Demo/0", 1, "solution", PASSING.strip()),
    ]  # fmt: skip
    assert found.claims == {("Demo/0", 0): True, ("Demo/0", 1): False}
    assert found.told.missing == {"Demo/0": 1}
    with pytest.raises(DatasetError, match=r"field `language`: 'lua'"):
        read(tmp_path / "s.results.json", json.dumps(MULTIPL_E | {"language": "lua"}))


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("javascript", ("js", "javascript", "JavaScript")),
        ("go", ("go", "go_test.go", "Go")),
        ("cpp", ("cpp", "C++")),
        ("rust", ("rs", "rust")),
        ("python", ("py", "python", "Python")),
    ],
)
def test_a_language_has_several_names(language, names):
    """Another one is told, with the problem."""
    problem = make_problem(language=language)
    for name in names:
        refuse_language("here", name, problem)
    with pytest.raises(DatasetError, match="here: field `language`: 'lua', and Demo/0 is to be solved in"):
        refuse_language("here", "lua", problem)
    with pytest.raises(DatasetError, match="field `language`"):
        refuse_language("here", "java", problem)


def plain(**more):
    return json.dumps({"task_id": "Demo/0", "completions": [CODE, CODE], **more}) + "\n"


EVALPLUS_ENDS = {
    "eval": {"Demo/0": [{"solution": PASSING, "finishReason": "MAX_TOKENS"}, {"solution": PASSING}]}
}
LOG = {"eval": {"task": "humaneval"}, "samples": [
    {"id": "Demo/0", "epoch": n, "output": {"choices": [{"message": {"content": PASSING}, **end}]}}
    for n, end in ((1, {"finish_reason": "length"}), (2, {"stop_reason": "stop"}))
]}  # fmt: skip


@pytest.mark.parametrize(
    ("data", "ends"),
    [
        (plain(finish_reason="length"), ["length", "length"]),
        (plain(finishReason="MAX_TOKENS"), ["length", "length"]),
        (plain(stop_reason="max_tokens"), ["length", "length"]),
        (plain(done_reason="limit"), ["length", "length"]),
        (plain(finish_reasons=["length", "stop"]), ["length", "stop"]),
        (plain(finish_reason=["stop", "max_tokens"]), ["stop", "length"]),
        (plain(stopReasons=[None, "length"]), [None, "length"]),
        (plain(finish_reason=None, stop_reason="end_turn"), ["end_turn", "end_turn"]),
        (plain(finish_reason="stop", stop_reason="\ndef"), ["stop", "stop"]),
        (plain(finish_reason={"type": "max_tokens"}), ["length", "length"]),
        (json.dumps(EVALPLUS_ENDS), ["length", None]),
        (json.dumps(LOG), ["length", "stop"]),
        (json.dumps({"doc": {"task_id": "Demo/0"}, "resps": [[CODE, CODE]], "stop_reason": ["length", "x"]}),
         ["length", "x"]),
    ],
)  # fmt: skip
def test_why_answers_ended_is_read_in_every_spelling(tmp_path, data, ends):
    """One word for all answers of a record, or a list with one for each."""
    _, found = read(tmp_path / "s", data)
    assert [each.completion.finish_reason for each in found.samples] == ends


@pytest.mark.parametrize("why", ["content_filter", "SAFETY", "error", "cancelled"])
def test_an_answer_that_a_server_lost_is_missing(tmp_path, why):
    """A filter took it away, or the server gave up: it is not the model's."""
    answers, found = read(tmp_path / "s", plain(finish_reason=["stop", why]))
    assert len(answers) == 1
    assert found.told.missing == {"Demo/0": 1}
    evalplus = {"eval": {"Demo/0": [{"solution": PASSING, "stop_reason": why}, {"solution": PASSING}]}}
    assert read(tmp_path / "s", json.dumps(evalplus))[1].told.missing == {"Demo/0": 1}


@pytest.mark.parametrize(
    "data",
    [
        json.dumps({"task_id": "Demo/0", "completions": []}) + "\n" + plain(task_id="Demo/1"),
        json.dumps({"task_id": "Demo/0", "responses": []}) + "\n" + plain(task_id="Demo/1"),
        json.dumps([[], [PASSING.replace("double", "twofold")] * 2]),
        json.dumps({"Demo/0": [], "Demo/1": [PASSING, PASSING]}),
        json.dumps({"eval": {"Demo/0": [], "Demo/1": [{"solution": PASSING}, {"solution": PASSING}]}}),
        "".join(
            json.dumps({"doc": {"task_id": f"Demo/{n}"}, "resps": resps}) + "\n"
            for n, resps in ((0, [[]]), (1, [[PASSING, PASSING]]))
        ),
        json.dumps({n: {"gold": f"Demo/{n}", "prediction": ["a", "b"][: 2 * n]} for n in (0, 1)}),
        "".join(json.dumps(MULTIPL_E | {"name": f"demo_{n}_x", "results": found}) + "\n"
                for n, found in ((0, []), (1, MULTIPL_E["results"][:2]))),
    ],
    ids=["completions", "responses", "bigcode", "by task", "evalplus", "lm-eval", "opencompass", "multipl-e"],
)  # fmt: skip
def test_an_empty_list_of_answers_is_a_missing_sample(tmp_path, data):
    """Of a problem that was asked: it neither counts as passed nor goes unseen."""
    answers, found = read(tmp_path / "s", data)
    assert {problem for problem, *_ in answers} == {"Demo/1"}
    assert found.told.missing == {"Demo/0": 1}
    assert found.counts == {"Demo/0": 0, "Demo/1": 2}


@pytest.mark.parametrize(
    "data",
    [
        "\ufeff" + LINES,
        LINES.replace("\n", "\n\ufeff", 1),
        ("\ufeff" + LINES).encode("utf-16-le"),
        ("\ufeff" + LINES.replace("\n", "\r\n")).encode("utf-16-be"),
        LINES.encode("utf-16-le"),
        json.dumps(ROWS, indent=1).encode("utf-16-be"),
        LINES.replace("}", ', "logprob": NaN, "top": [-Infinity, Infinity], "x": "NaN"}'),
        json.dumps([{**row, "score": float("nan")} for row in ROWS]),
        "\n".join(json.dumps(row, indent=2) for row in ROWS),
        "".join(json.dumps(row, indent=2) for row in ROWS),
        json.dumps(ROWS, indent=4),
    ],
    ids=["mark", "a second mark", "utf-16", "utf-16, big", "utf-16, no mark", "utf-16, big, no mark", "nan",
         "nan, array", "row", "joined", "array"],
)  # fmt: skip
def test_a_file_is_read_however_it_is_written(tmp_path, data):
    assert read(tmp_path / "samples", data)[0] == BOTH


@pytest.mark.parametrize(
    ("rows", "form"),
    [
        ([{"task_id": 0, "solution": PASSING}], "solution"),
        ([{"task_id": "demo_0", "generation": PASSING}], "response"),
        ([{"id": "Demo-0", "output": PASSING}], "response"),
        ([{"problem_id": "0", "response": [PASSING]}], "response"),
        ([{"task_id": "DEMO/0", "solutions": [PASSING]}], "solution"),
        ([{"task_id": "Demo/0", "prediction": PASSING}], "response"),
        ([{"task_id": "Demo/0", "completion": None, "solution": PASSING}], "solution"),
        (
            [{"name": "demo_0_double", "language": "py", "prompt": PROMPT, "completions": [CODE]}],
            "completion",
        ),
        ([{"name": "demo_0_double", "language": "py", "prompt": "# o\n", "completions": [CODE]}], "solution"),
        ([{"Demo/0": [PASSING]}], "solution"),
        ([{"0": PASSING}], "solution"),
        ([{"0": {"origin_prompt": [], "prediction": PASSING, "gold": "Demo/0"}}], "response"),
        ([{"0": {"origin_prompt": "", "prediction": [PASSING], "gold": "Demo/0"}}], "response"),
    ],
    ids=lambda value: next(iter(value[0])) if isinstance(value, list) else value,
)
def test_names_of_fields_and_tasks_are_known(tmp_path, rows, form):
    """As other tools write them, a list for several answers."""
    ((problem, sample, read_as, text),), found = read(tmp_path / "s", "".join(map(json.dumps, rows)))
    assert (problem, sample, read_as) == ("Demo/0", 0, form)
    assert text.endswith(CODE)
    assert found.read_as == (form,)


BAD = {
    "an unknown task": '{"task_id": "Demo/99", "completion": "x"}',
    "another type": '{"task_id": "Demo/1", "completion": 5}',
    "no answer": '{"task_id": "Demo/1"}',
    "no task": '{"completion": "x"}',
    "no object": "[1, 2]",
    "no JSON": "{'task_id': 'Demo/1'}",
    "half a line": '{"task_id": "Demo/1", "compl',
    "half a number": "5",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_record_costs_itself_alone(tmp_path, name):
    """It is named with file and line; ``strict`` refuses."""
    data = LINES.replace("\n", f"\n{BAD[name]}\n", 1)
    answers, found = read(tmp_path / "s.jsonl", data)
    assert answers == BOTH
    assert found.told.num_left_out == 1
    assert "s.jsonl:2: " in found.told.left_out[0]
    with pytest.raises(DatasetError, match=r"s\.jsonl:2: "):
        read(tmp_path / "s.jsonl", data, strict=True)


def test_a_file_of_another_data_set_is_refused(tmp_path):
    """Where more records name no problem than do."""
    unknown = BAD["an unknown task"] + "\n"
    with pytest.raises(DatasetError, match=r"s\.jsonl:3: .*'Demo/99'(.|\n)*check --dataset"):
        read(tmp_path / "s.jsonl", LINES + unknown * 3)
    with pytest.raises(DatasetError, match=r"s\.jsonl:3: not valid JSON(.|\n)*cut off"):
        read(tmp_path / "s.jsonl", LINES + LINES[:20])


EVALPLUS = {"eval": {"Demo/0": [{"solution": None}, {"solution": PASSING}], "Demo/1": [{"solution": None}]}}
INSPECT = {
    "eval": {"task": "humaneval"},
    "samples": [
        {"id": "Demo/0", "epoch": 1, "output": {"choices": []}},
        {"id": "Demo/0", "epoch": 2, "output": {"choices": [{"message": {"content": [{"text": PASSING}]}}]}},
        {"id": "Demo/1", "epoch": 1, "output": {"choices": [{"stop_reason": "content_filter"}]}},
    ],
}


@pytest.mark.parametrize(
    "data",
    [
        *("".join(json.dumps({"task_id": f"Demo/{n}", name: text}) + "\n" for n, text in pairs)
          for name, pairs in (("solution", [(0, None), (0, PASSING), (1, None)]),
                              ("responses", [(0, [None, PASSING]), (1, [None])]))),
        json.dumps(EVALPLUS), json.dumps(INSPECT), json.dumps([[None, PASSING], [None]]),
        json.dumps({"Demo/0": [None, PASSING], "Demo/1": [None]}),
    ],
    ids=["plain", "lists", "evalplus", "inspect", "bigcode", "by task"],
)  # fmt: skip
def test_an_answer_that_is_null_is_missing(tmp_path, data):
    """It is counted, also of a problem that has none at all."""
    answers, found = read(tmp_path / "s", data)
    assert [(problem, text) for problem, _, _, text in answers] == [("Demo/0", PASSING)]
    assert found.told.missing == {"Demo/0": 1, "Demo/1": 1}
    assert found.counts == {"Demo/0": 1, "Demo/1": 0}


def lm_eval(resp, filtered, name="create_test"):
    doc = {"task_id": "Demo/0", "prompt": PROMPT}
    return json.dumps({"doc": doc, "resps": [[resp]], "filtered_resps": [[filtered]], "filter": name}) + "\n"


@pytest.mark.parametrize(
    ("resp", "field"),
    [
        (f"```python\n{PASSING}```", "resps"),
        (f"Sure, here it is:\n```\n{PASSING}```\nDone.", "resps"),
        (f"<think>\nHm.\n</think>\n```python\n{PASSING}```", "resps"),
        (CODE, "filtered_resps"),
        (f"{CODE}```\nThis doubles.", "filtered_resps"),
        (f"{PASSING}```\n", "filtered_resps"),
        (f"\n    # doubles\n{CODE}```", "filtered_resps"),
    ],
)
def test_lm_evals_answers_are_read_from_where_they_are_whole(tmp_path, resp, field):
    """A filter that cuts at the first fence leaves nothing of a chat answer, and all of a continuation."""
    row = lm_eval(resp, PROMPT + resp.partition("```")[0])
    ((_, _, form, text),), found = read(tmp_path / "s", row)
    assert found.told.fields == {field: 1}
    assert form == ("response" if field == "resps" else "solution")
    assert (resp in text) is (field == "resps" or "```" not in resp)
    assert bool(found.told.notes) is (field == "resps")
    assert read(tmp_path / "s", row, read_as="response")[0] == [("Demo/0", 0, "response", resp)]


def test_answers_are_read_as_somebody_says(tmp_path):
    """Whatever the fields say; of several fields the one of that form."""
    row = {"task_id": "Demo/0", "solution": "a", "response": "b"}
    for read_as, text in (("response", "b"), ("completion", "a"), ("solution", "a")):
        assert read(tmp_path / "s", json.dumps(row), read_as=read_as)[0] == [("Demo/0", 0, read_as, text)]
