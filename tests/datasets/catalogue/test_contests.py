"""What is published and not at hand: named, and read from where such files lie, with files of our own."""

import json

import pytest

from evalsite.datasets import load_dataset
from evalsite.datasets.catalogue import find
from tests.datasets.helpers import write
from tests.datasets.test_bigcodebench import RECORD as BIGCODEBENCH
from tests.datasets.test_livecodebench import CALL, RECORD
from tests.datasets.test_multipl_e import RUST


@pytest.fixture
def contests(cache):
    """The files of the second release, with a problem in each month."""
    dates = ("2023-05-07", "2024-02-29", "2024-03-02")
    rows = [{**RECORD, "question_id": date, "contest_date": f"{date}T00:00:00"} for date in dates]
    write(cache / "livecodebench-test.jsonl", *rows[:2])
    write(cache / "livecodebench-test2.jsonl", rows[2], {**CALL, "contest_date": "2024-04-30T00:00:00"})


def test_a_release_has_the_files_of_those_before_it(contests):
    """Whole programs and calls of functions, in the order of the files."""
    problems = load_dataset("livecodebench-v2").problems
    assert [problem.task_id for problem in problems] == ["2023-05-07", "2024-02-29", "2024-03-02", "2832"]
    assert [problem.kind for problem in problems] == ["stdin", "stdin", "stdin", "call"]
    assert len(load_dataset("livecodebench-v1").problems) == 2
    assert [len(find(f"livecodebench-v{release}").files) for release in range(1, 7)] == [1, 2, 3, 4, 5, 6]


def test_a_window_is_part_of_the_name(contests):
    """Across files; so targets can speak of it, and pages do."""
    loaded = load_dataset("livecodebench-v2-2024-02..2024-03")
    assert [problem.task_id for problem in loaded.problems] == ["2024-02-29", "2024-03-02"]
    assert loaded.name == "livecodebench-v2-2024-02..2024-03"


@pytest.mark.parametrize(
    ("name", "file", "record", "kind", "language"),
    [
        ("bigcodebench", "bigcodebench.jsonl.gz", BIGCODEBENCH, "unittest", "python"),
        ("bigcodebench-instruct", "bigcodebench.json", BIGCODEBENCH, "unittest-text", "python"),
        ("bigcodebench-hard", "bigcodebench-hard.jsonl", BIGCODEBENCH, "unittest", "python"),
        ("bigcodebench-hard-instruct", "bigcodebench-hard.jsonl", BIGCODEBENCH, "unittest-text", "python"),
        ("multipl-e-rust", "multipl-e-humaneval-rs.jsonl", RUST, "code", "rust"),
    ],
)
def test_others_are_read_by_their_names(cache, name, file, record, kind, language):
    """As code to continue or in prose, from a file of whichever form."""
    (cache / file).write_text(json.dumps(record))
    (problem,) = load_dataset(name).problems
    assert (problem.kind, problem.language) == (kind, language)
