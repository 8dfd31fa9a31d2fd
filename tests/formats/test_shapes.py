"""Shapes that other tools' files have out there: each is read, and one bad record costs itself alone."""

import bz2
import gzip
import json
import lzma
import zipfile

import pytest
from backports import zstd

from evalsite.datasets.unpacking import Room
from evalsite.errors import DatasetError
from evalsite.formats.multipl_e import refuse_language
from evalsite.formats.reading import read_file
from tests.formats.helpers import TWO, demo
from tests.make import make_problem

PROMPT = TWO[0].prompt
ROWS = [{"task_id": problem.task_id, "completion": "    return 2 * x\n"} for problem in TWO]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)


def read(path, data, **options):
    """(problem, sample, form, text) of each sample of a file, and what was told of it."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    found = read_file(path, demo(), **options)
    answers = [each.completion for each in found.samples]
    return [(each.problem, each.sample, each.form, each.text) for each in answers], found


CODE = "    return 2 * x\n"
PROGRAM = PROMPT + CODE
BOTH = [("Demo/0", 0, "completion", CODE), ("Demo/1", 0, "completion", CODE)]


def in_zip(data, names=("a/samples.jsonl", "__MACOSX/a/._samples.jsonl", "a/")):
    from io import BytesIO

    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"" if "MACOSX" in name or name.endswith("/") else data)
    return file.getvalue()


PACKED = {
    "gzip": gzip.compress,
    "gzip in parts": lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:]),
    "xz": lzma.compress,
    "zstd": zstd.compress,
    "zstd in parts": lambda data: zstd.compress(data[:9]) + zstd.compress(data[9:]),
    "bzip2": bz2.compress,
    "zip": in_zip,
}


@pytest.mark.parametrize("name", PACKED)
def test_a_packed_file_is_read_by_its_content(tmp_path, name):
    """Whatever it is called; cut off or damaged it is refused; and what unpacks without end is, too."""
    packed = PACKED[name](LINES.encode())
    assert read(tmp_path / "samples", packed)[0] == BOTH
    if name != "zip":
        with pytest.raises(
            DatasetError, match=rf"samples: the {name.split()[0]} data end early or are damaged"
        ):
            read(tmp_path / "samples", packed[:-4])
    bomb = PACKED[name]((LINES + " " * 1_100_000).encode())
    with pytest.raises(DatasetError, match=r"samples: unpacks to more than 1 MB"):
        read(tmp_path / "samples", bomb, room=Room(1_000_000, asked_for=True))


def zipped(**members):
    from io import BytesIO

    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_a_zip_of_several_files_is_read_as_a_folder_of_them_is(tmp_path):
    """In the order of their names, packed ones too; what is of another form is passed over, and told."""
    members = {
        "__MACOSX/._a": b"x", ".hidden": b"x", "b/b.jsonl.gz": gzip.compress(LINES.encode()),
        "a/a.jsonl": LINES + BAD["no JSON"] + "\n" + LINES, "a/README.md": "# answers\n",
    }  # fmt: skip
    answers, found = read(tmp_path / "x.zip", zipped(**members))
    assert len(answers) == 6
    assert answers[:2] == BOTH
    assert found.told.passed_over == ["a/README.md"]
    assert f"{tmp_path}/x.zip: a/a.jsonl:3: " in found.told.left_out[0]
    assert len(list(found.samples)) == 6, "as often as they are asked for"
    folders = {"HumanEval_0/0.py": PROGRAM, "HumanEval_0/1.py": PROGRAM, "HumanEval_1/0.py": PROGRAM}
    named = {name.replace("HumanEval", "Demo"): text for name, text in folders.items()}
    assert [each[:3] for each in read(tmp_path / "y.zip", zipped(**named))[0]] == [
        ("Demo/0", 0, "solution"), ("Demo/0", 1, "solution"), ("Demo/1", 0, "solution"),
    ]  # fmt: skip


def test_a_zip_of_several_files_is_read_within_limits(tmp_path):
    """It may neither lead out of itself, nor unpack without end, nor be damaged; errors name it."""
    for name in ("../out.jsonl", "/out.jsonl", "C:/out.jsonl", "a/../../out.jsonl"):
        with pytest.raises(DatasetError, match=r"x\.zip: holds .* which lies outside of it"):
            read(tmp_path / "x.zip", zipped(**{"a.jsonl": LINES, name: LINES}))
    assert not (tmp_path / "out.jsonl").exists()
    with pytest.raises(DatasetError, match=r"x\.zip: unpacks to more than 1 MB"):
        big = LINES + " " * 600_000
        read(tmp_path / "x.zip", zipped(a=big, b=big), room=Room(1_000_000, asked_for=True))
    with pytest.raises(DatasetError, match=r"x\.zip: the zip data end early or are damaged"):
        read(tmp_path / "x.zip", zipped(a=LINES, b=LINES)[:-30])
    with pytest.raises(DatasetError, match=r"x\.zip: a: none of the forms"):
        read(tmp_path / "x.zip", zipped(a="hello\n", b="hello\n"))


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
        {"program": f"{PROGRAM}\ndef check(candidate):\n    pass\n", "status": "OK", "exit_code": 0},
        {"program": PROGRAM, "status": "Exception", "exit_code": 1},
        {"program": None, "status": "Timeout", "exit_code": -1},
    ],
}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 2])
def test_multipl_es_results_are_read(tmp_path, indent):
    """The programs, without its tests; what it says of each is a claim. Of the problems' language alone."""
    answers, found = read(tmp_path / "s.results.json", json.dumps(MULTIPL_E, indent=indent))
    assert found.form == "multipl-e"
    assert [(problem, sample, form, text.strip()) for problem, sample, form, text in answers] == [
        ("Demo/0", 0, "solution", PROGRAM.strip()), ("Demo/0", 1, "solution", PROGRAM.strip()),
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
    "eval": {"Demo/0": [{"solution": PROGRAM, "finishReason": "MAX_TOKENS"}, {"solution": PROGRAM}]}
}
LOG = {"eval": {"task": "humaneval"}, "samples": [
    {"id": "Demo/0", "epoch": n, "output": {"choices": [{"message": {"content": PROGRAM}, **end}]}}
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
    evalplus = {"eval": {"Demo/0": [{"solution": PROGRAM, "stop_reason": why}, {"solution": PROGRAM}]}}
    assert read(tmp_path / "s", json.dumps(evalplus))[1].told.missing == {"Demo/0": 1}


@pytest.mark.parametrize(
    "data",
    [
        json.dumps({"task_id": "Demo/0", "completions": []}) + "\n" + plain(task_id="Demo/1"),
        json.dumps({"task_id": "Demo/0", "responses": []}) + "\n" + plain(task_id="Demo/1"),
        json.dumps([[], [PROGRAM.replace("double", "twofold")] * 2]),
        json.dumps({"Demo/0": [], "Demo/1": [PROGRAM, PROGRAM]}),
        json.dumps({"eval": {"Demo/0": [], "Demo/1": [{"solution": PROGRAM}, {"solution": PROGRAM}]}}),
        "".join(
            json.dumps({"doc": {"task_id": f"Demo/{n}"}, "resps": resps}) + "\n"
            for n, resps in ((0, [[]]), (1, [[PROGRAM, PROGRAM]]))
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
        ([{"task_id": 0, "solution": PROGRAM}], "solution"),
        ([{"task_id": "demo_0", "generation": PROGRAM}], "response"),
        ([{"id": "Demo-0", "output": PROGRAM}], "response"),
        ([{"problem_id": "0", "response": [PROGRAM]}], "response"),
        ([{"task_id": "DEMO/0", "solutions": [PROGRAM]}], "solution"),
        ([{"task_id": "Demo/0", "prediction": PROGRAM}], "response"),
        ([{"task_id": "Demo/0", "completion": None, "solution": PROGRAM}], "solution"),
        (
            [{"name": "demo_0_double", "language": "py", "prompt": PROMPT, "completions": [CODE]}],
            "completion",
        ),
        ([{"name": "demo_0_double", "language": "py", "prompt": "# o\n", "completions": [CODE]}], "solution"),
        ([{"Demo/0": [PROGRAM]}], "solution"),
        ([{"0": PROGRAM}], "solution"),
        ([{"0": {"origin_prompt": [], "prediction": PROGRAM, "gold": "Demo/0"}}], "response"),
        ([{"0": {"origin_prompt": "", "prediction": [PROGRAM], "gold": "Demo/0"}}], "response"),
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


EVALPLUS = {"eval": {"Demo/0": [{"solution": None}, {"solution": PROGRAM}], "Demo/1": [{"solution": None}]}}
INSPECT = {
    "eval": {"task": "humaneval"},
    "samples": [
        {"id": "Demo/0", "epoch": 1, "output": {"choices": []}},
        {"id": "Demo/0", "epoch": 2, "output": {"choices": [{"message": {"content": [{"text": PROGRAM}]}}]}},
        {"id": "Demo/1", "epoch": 1, "output": {"choices": [{"stop_reason": "content_filter"}]}},
    ],
}


@pytest.mark.parametrize(
    "data",
    [
        *("".join(json.dumps({"task_id": f"Demo/{n}", name: text}) + "\n" for n, text in pairs)
          for name, pairs in (("solution", [(0, None), (0, PROGRAM), (1, None)]),
                              ("responses", [(0, [None, PROGRAM]), (1, [None])]))),
        json.dumps(EVALPLUS), json.dumps(INSPECT), json.dumps([[None, PROGRAM], [None]]),
        json.dumps({"Demo/0": [None, PROGRAM], "Demo/1": [None]}),
    ],
    ids=["plain", "lists", "evalplus", "inspect", "bigcode", "by task"],
)  # fmt: skip
def test_an_answer_that_is_null_is_missing(tmp_path, data):
    """It is counted, also of a problem that has none at all."""
    answers, found = read(tmp_path / "s", data)
    assert [(problem, text) for problem, _, _, text in answers] == [("Demo/0", PROGRAM)]
    assert found.told.missing == {"Demo/0": 1, "Demo/1": 1}
    assert found.counts == {"Demo/0": 1, "Demo/1": 0}


def lm_eval(resp, filtered, name="create_test"):
    doc = {"task_id": "Demo/0", "prompt": PROMPT}
    return json.dumps({"doc": doc, "resps": [[resp]], "filtered_resps": [[filtered]], "filter": name}) + "\n"


@pytest.mark.parametrize(
    ("resp", "field"),
    [
        (f"```python\n{PROGRAM}```", "resps"),
        (f"Sure, here it is:\n```\n{PROGRAM}```\nDone.", "resps"),
        (f"<think>\nHm.\n</think>\n```python\n{PROGRAM}```", "resps"),
        (CODE, "filtered_resps"),
        (f"{CODE}```\nThis doubles.", "filtered_resps"),
        (f"{PROGRAM}```\n", "filtered_resps"),
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


def test_a_folder_is_read(tmp_path):
    """Files of one form, told by their content; or EvalPlus' folders of programs."""
    for number, row in enumerate(ROWS):
        (tmp_path / "files" / f"{number}").mkdir(parents=True)
        (tmp_path / "files" / f"{number}" / "samples").write_bytes(gzip.compress(json.dumps(row).encode()))
        (tmp_path / "programs" / f"Demo_{number}").mkdir(parents=True)
        for sample in (0, 1, 10):
            (tmp_path / "programs" / f"Demo_{number}" / f"{sample}.py").write_text(f"# {sample}\n")
    (tmp_path / "files" / "README").write_text("nothing")
    found = read_file(tmp_path / "files", demo())
    assert (found.form, found.counts) == ("plain", {"Demo/0": 1, "Demo/1": 1})
    assert found.told.passed_over == ["README"]
    found = read_file(tmp_path / "programs", demo())
    assert (found.form, found.counts) == ("evalplus-folder", {"Demo/0": 3, "Demo/1": 3})
    assert [each.completion.text for each in found.samples][:3] == ["# 0\n", "# 1\n", "# 10\n"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match="an empty folder"):
        read_file(tmp_path / "empty", demo())


def test_parquet_is_read_within_limits(tmp_path):
    """With the package that it takes; without, it says what it is."""
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "samples"
    parquet.write_table(pyarrow.Table.from_pylist([{**row, "p": float("nan")} for row in ROWS]), path)
    assert read(path, path.read_bytes())[0] == BOTH
    with pytest.raises(DatasetError, match="Parquet data end early or are damaged"):
        read(path, path.read_bytes()[:-9])
    many = [{"task_id": "Demo/0", "completion": " " * 100_000}] * 1000
    parquet.write_table(pyarrow.Table.from_pylist(many), path)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(DatasetError, match="samples: unpacks to more than 16 MB"):
        read_file(path, demo())


def test_parquet_without_its_package_says_what_it_is(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(DatasetError, match=r"s: Parquet(.|\n)*evalsite\[parquet\]"):
        read(tmp_path / "s", b"PAR1 and more")


RAW = "".join(
    json.dumps({"task_id": f"Mine/{n}", "solution": text}) + "\n"
    for n, text in enumerate(["Sure:\n```python\ndef f():\n    return 1\n```\n", "def f(x) return", None])
)
RECORD = {"prompt": "def f():\n", "entry_point": "f", "canonical_solution": "    return 1\n"}
OPTIONS = ("--dataset", "mine", "--data-path", "mine.jsonl", "--model-name", "m", "--no-grade")


def test_the_import_says_what_it_read_and_how(evalsite, tmp_path):
    """What was missing, what does not fit, and that solutions are answers, with the option for these."""
    tests = "def check(candidate):\n    assert candidate() == 1\n"
    rows = [{**RECORD, "task_id": f"Mine/{n}", "test": tests} for n in range(3)]
    (tmp_path / "mine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "raw.jsonl").write_text(RAW + '{"task_id": "Mine/9", "solution": ""}\n')
    found = evalsite("import", "raw.jsonl", *OPTIONS)
    said = " ".join(found.stderr.split())
    assert found.returncode == 0, said
    assert "1 of 2 solutions do not compile, but hold the function" in said
    assert "--as response" in said
    assert "raw.jsonl:4: field `task_id`: 'Mine/9' is no problem" in said
    assert "2 samples (plain), read from `solution` as solution; 1 without an answer" in said
    assert "0 not in the file, 1 record left out" in said
    other = evalsite("import", "raw.jsonl", *OPTIONS, "--as", "response")
    assert "read from `solution` as response" in " ".join(other.stderr.split())
    runs = [json.loads((tmp_path / each.stdout.strip() / "run.json").read_text()) for each in (found, other)]
    assert [run["read_as"] for run in runs] == [["solution"], ["response"]]
    assert evalsite("import", "raw.jsonl", *OPTIONS, "--strict").returncode == 3


def imported(evalsite, folder, answers, *, encoding="utf-8", options=OPTIONS):
    """What comes of importing answers for three problems."""
    tests = "def check(candidate):\n    assert candidate() == 1\n"
    rows = [{**RECORD, "task_id": f"Mine/{n}", "test": tests} for n in range(3)]
    (folder / "mine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    lines = (
        json.dumps({"task_id": f"Mine/{n}", "response": text}, ensure_ascii=False) for n, text in answers
    )
    (folder / "raw.jsonl").write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
    found = evalsite("import", "raw.jsonl", *options)
    return found, " ".join(found.stderr.split())


def test_what_a_file_holds_less_of_one_problem_is_named_apart(evalsite, tmp_path):
    """From what it holds without an answer; together they are the samples that the run lacks."""
    found, said = imported(evalsite, tmp_path, [(0, "x"), (0, "y"), (1, "z"), (2, "u"), (2, None)])
    assert found.returncode == 0, said
    assert "; 1 without an answer, 1 not in the file, 0 records left out;" in said
    assert "2 samples missing, which count neither for nor against the model" in said
    _, said = imported(evalsite, tmp_path, [(0, "x"), (0, "y"), (1, "z"), (1, "u"), (2, "v")])
    assert "1 sample missing, which counts neither for nor against the model" in said


@pytest.mark.sandbox
def test_answers_that_are_all_null_are_all_missing(evalsite, tmp_path):
    """Counted and told, and the run can be reported; a file without records is none."""
    answers = [(n, None) for n in range(3)]
    for options in (OPTIONS, OPTIONS[:-1]):
        found, said = imported(evalsite, tmp_path, answers, options=options)
        assert found.returncode == 0, said
        assert "0 samples (plain); 3 without an answer, 0 not in the file" in said
        assert "3 samples missing, which count neither for nor against the model" in said
    for words in (("report", found.stdout.strip()), ("validate", found.stdout.strip())):
        done = evalsite(*words)
        assert done.returncode == 0, done.stderr


def test_a_file_of_answers_in_another_encoding_says_so_of_its_first_line(evalsite, tmp_path):
    """Also where a text ends with such a character; a few such records cost themselves alone."""
    found, said = imported(
        evalsite, tmp_path, [(n, f"Antwort {n}: für é") for n in range(3)], encoding="cp1252"
    )
    assert found.returncode == 3
    assert "raw.jsonl:1: field `response`: not UTF-8 (byte 0xfc)" in said
    found, said = imported(evalsite, tmp_path, [(n, "caf\u00e9") for n in range(3)], encoding="latin-1")
    assert found.returncode == 3
    assert "raw.jsonl:1: field `response`: not UTF-8 (byte 0xe9)" in said
    assert "Save the file as UTF-8" in said
    found, said = imported(evalsite, tmp_path, [(0, "x"), (1, "y"), (2, "caf\u00e9")], encoding="latin-1")
    assert found.returncode == 0, said
    assert "raw.jsonl:3: field `response`: not UTF-8" in said
