"""human-eval-infilling's records: HumanEval's, with a gap."""

import pytest
from msgspec import structs

from evalsite.datasets import load_dataset
from evalsite.datasets.reading import hash_problems
from evalsite.errors import DatasetError
from tests.datasets.helpers import HUMANEVAL, without, write

RECORD = HUMANEVAL | {
    "task_id": "SingleLineInfilling/HumanEval/0/L0",
    "prompt": "def f(x):\n    y = x\n",
    "canonical_solution": "    y += 0\n",
    "suffix": "    return y\n",
}


def test_prompt_and_suffix_stand_on_both_sides_of_the_solution(tmp_path) -> None:
    """And the reference is all three."""
    (problem,) = load_dataset("mine", write(tmp_path / "gaps.jsonl", RECORD)).problems
    assert (problem.kind, problem.prompt, problem.suffix) == ("infill", RECORD["prompt"], "    return y\n")
    assert problem.reference == "def f(x):\n    y = x\n    y += 0\n    return y\n"
    assert problem.tests.endswith("check(f)\n")


def test_the_suffix_is_a_part_of_what_is_asked(tmp_path) -> None:
    """Other code behind the gap is another data set; without any, hashes are what they were."""
    problems = load_dataset("mine", write(tmp_path / "gaps.jsonl", RECORD)).problems
    others = [structs.replace(problems[0], suffix="    return x\n")]
    assert hash_problems(problems) != hash_problems(others)


def test_a_gap_at_the_end_is_one(tmp_path) -> None:
    """Nothing stands behind it; an empty field of another record says nothing."""
    last = RECORD | {"prompt": "def f(x):\n", "canonical_solution": "    return x\n", "suffix": ""}
    plain = HUMANEVAL | {"suffix": ""}
    problems = load_dataset("mine", write(tmp_path / "gaps.jsonl", last, plain)).problems
    assert [problem.kind for problem in problems] == ["infill", "code"]


def test_a_function_that_only_the_suffix_completes_is_no_fault(tmp_path) -> None:
    """But one that nobody defines is, and so is a record without tests."""
    cut = RECORD | {"prompt": "def f(", "canonical_solution": "x):\n    y = x\n"}
    assert load_dataset("mine", write(tmp_path / "cut.jsonl", cut)).problems
    with pytest.raises(DatasetError, match="`entry_point`"):
        load_dataset("mine", write(tmp_path / "none.jsonl", RECORD | {"entry_point": "g"}))
    with pytest.raises(DatasetError, match="`suffix`"):
        load_dataset("mine", write(tmp_path / "bare.jsonl", without(RECORD, "test")))
