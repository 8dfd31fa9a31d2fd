"""Shapes that other tools' files have out there: each is read, and one bad record costs itself alone."""

import bz2
import gzip
import json
import lzma
import zipfile

import pytest
from backports import zstd

from evalsite.datasets import LoadedDataset
from evalsite.datasets.unpacking import Room
from evalsite.errors import DatasetError
from evalsite.formats.reading import read_file
from tests.make import make_problem

TWO = (make_problem(), make_problem("Demo/1", "twofold"))
PROMPT = TWO[0].prompt
ROWS = [{"task_id": problem.task_id, "completion": "    return 2 * x\n"} for problem in TWO]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)


def demo(*problems):
    return LoadedDataset("demo", problems or TWO, "0" * 64, "test")


def read(path, data, **options):
    """(problem, sample, form, text) of each sample of a file, and what was told of it."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    found = read_file(path, demo(), **options)
    answers = [each.completion for each in found.samples]
    return [(each.problem, each.sample, each.form, each.text) for each in answers], found


CODE = "    return 2 * x\n"
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


def test_a_zip_of_several_files_says_what_to_do(tmp_path):
    with pytest.raises(DatasetError, match=r"a zip file of 2 files\n.*the folder"):
        read(tmp_path / "x.zip", in_zip(LINES.encode(), ("a.jsonl", "b.jsonl")))


@pytest.mark.parametrize(
    "data",
    [
        "\ufeff" + LINES,
        LINES.replace("\n", "\n\ufeff", 1),
        ("\ufeff" + LINES).encode("utf-16-le"),
        ("\ufeff" + LINES.replace("\n", "\r\n")).encode("utf-16-be"),
        LINES.replace("}", ', "logprob": NaN, "top": [-Infinity, Infinity], "x": "NaN"}'),
        json.dumps([{**row, "score": float("nan")} for row in ROWS]),
        "\n".join(json.dumps(row, indent=2) for row in ROWS),
        "".join(json.dumps(row, indent=2) for row in ROWS),
        json.dumps(ROWS, indent=4),
    ],
    ids=["mark", "a second mark", "utf-16", "utf-16, big", "nan", "nan, array", "row", "joined", "array"],
)  # fmt: skip
def test_a_file_is_read_however_it_is_written(tmp_path, data):
    assert read(tmp_path / "samples", data)[0] == BOTH


PROGRAM = PROMPT + CODE


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


def test_problems_whose_names_differ_by_capitals_are_kept_apart(tmp_path):
    """What could mean several of them means none."""
    problems = [make_problem(name) for name in ("Set/a", "set/a", "Other/b")]
    path = tmp_path / "s.jsonl"
    named = ("Set/a", "set/a", "OTHER/B", "SET/a")
    path.write_text("".join(json.dumps({"task_id": name, "solution": ""}) + "\n" for name in named))
    found = read_file(path, demo(*problems))
    assert found.counts == {"Set/a": 1, "set/a": 1, "Other/b": 1}
    assert "s.jsonl:4: field `task_id`: 'SET/a' is no problem" in found.told.left_out[0]


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
    assert "2 samples (plain), read from `solution` as solution; 1 missing, 1 left out" in said
    other = evalsite("import", "raw.jsonl", *OPTIONS, "--as", "response")
    assert "read from `solution` as response" in " ".join(other.stderr.split())
    runs = [json.loads((tmp_path / each.stdout.strip() / "run.json").read_text()) for each in (found, other)]
    assert [run["read_as"] for run in runs] == [["solution"], ["response"]]
    assert evalsite("import", "raw.jsonl", *OPTIONS, "--strict").returncode == 3
