"""What an import says of the file that it has read."""

import json

import pytest

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
