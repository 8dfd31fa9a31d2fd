"""Plain sample files: three forms of answers, numbered in order, with bad lines named."""

import gzip
import json

import pytest

from evalsite.errors import DatasetError
from evalsite.formats.samples import read_samples
from tests.make import make_problem

PROBLEMS = {problem.task_id: problem for problem in (make_problem(), make_problem("MBPP/17", "triple"))}


def read(path, *lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return list(read_samples(path, PROBLEMS))


def test_the_three_forms_are_told_apart_and_numbered(tmp_path):
    """Samples of a problem count from 0 in the file's order, whatever stands between them."""
    rows = read(
        tmp_path / "s.jsonl",
        {"task_id": "Demo/0", "completion": "    return 1\n", "logprob": -3},
        {"task_id": "MBPP/17", "solution": "def triple(x): ..."},
        {"task_id": "Demo/0", "response": "Sure! ```python\n```"},
    )
    assert [(row.problem, row.sample, row.form) for row in rows] == [
        ("Demo/0", 0, "completion"),
        ("MBPP/17", 0, "solution"),
        ("Demo/0", 1, "response"),
    ]


@pytest.mark.parametrize("spelling", ["MBPP/17", "Mbpp/17", "mbpp/17", "17", 17])
def test_mbpp_tasks_go_by_several_names(tmp_path, spelling):
    """EvalPlus writes Mbpp/17, the data set itself 17."""
    (row,) = read(tmp_path / "s.jsonl", {"task_id": spelling, "solution": ""})
    assert row.problem == "MBPP/17"


def test_half_a_character_is_replaced(tmp_path):
    """A model that is cut off in the middle of an emoji leaves a lone surrogate, which UTF-8 cannot hold."""
    path = tmp_path / "s.jsonl"
    path.write_bytes(b'{"task_id": "Demo/0", "completion": "x = \'\\ud83d\' # \\ud83d\\ude00"}\n')
    (row,) = read_samples(path, PROBLEMS)
    assert row.text == "x = '?' # \U0001f600"


def test_gzipped_files_are_read(tmp_path):
    """By their content, not their name."""
    path = tmp_path / "s.bin"
    path.write_bytes(gzip.compress(b'{"task_id": "Demo/0", "completion": ""}\n'))
    assert len(list(read_samples(path, PROBLEMS))) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"task_id": "Demo/9", "completion": ""}, "s.jsonl:2: field `task_id`: 'Demo/9' is no problem"),
        ({"task_id": "Demo/0"}, "s.jsonl:2: none of the fields"),
        (
            {"task_id": "Demo/0", "completion": 5},
            "s.jsonl:2: field `completion`: Expected `str | array | null`",
        ),
        ({"completion": ""}, "s.jsonl:2: Object missing required field `task_id`"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, said):
    """File, line and field, and what would be right."""
    with pytest.raises(DatasetError) as caught:
        read(tmp_path / "s.jsonl", {"task_id": "Demo/0", "completion": ""}, line)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"task_id": "Demo/0", "x": ' + b"[" * 100_000,
        b'{"task_id": "Demo/0", "solution": "\\\\udead", "score": nan}',
    ],
)
def test_what_no_json_reader_takes_is_a_damaged_file(tmp_path, content):
    """Brackets without end, and a number that is none beside what looks like half a character."""
    (tmp_path / "s.jsonl").write_bytes(content)
    with pytest.raises(DatasetError, match="not valid JSON") as caught:
        list(read_samples(tmp_path / "s.jsonl", PROBLEMS))
    assert not isinstance(caught.value.__cause__, DatasetError)
