"""Generations of bigcode-evaluation-harness."""

import pytest

from evalsite.datasets import load_dataset
from evalsite.errors import DatasetError
from evalsite.formats.reading import read_file
from tests.formats.helpers import TWO, dataset


@pytest.mark.parametrize(
    ("name", "data", "problems"),
    [
        ("bigcode-llama-3-8b-instruct_generations_humaneval.json.gz", "humaneval", 164),
        ("humaneval_gen_gens.json", "humaneval", 2),
        ("mbpp_gen_gens.json", "mbpp-test", 2),
    ],
)
def test_bigcode_generations_are_read(shared, name, data, problems):
    """Three real ones: list 1 is the data set's first problem."""
    path = shared / "datasets" / "mbpp.jsonl" if data == "mbpp-test" else None
    found = read_file(shared / "formats" / name, load_dataset(data, path))
    assert found.form == "bigcode"
    assert len({sample.completion.problem for sample in found.samples}) == problems
    assert {sample.completion.form for sample in found.samples} == {"solution"}


def test_bigcode_generations_of_another_data_set_are_refused(shared):
    """Too many lists, or programs with other names in them."""
    path = shared / "formats" / "bigcode-llama-3-8b-instruct_generations_humaneval.json.gz"
    with pytest.raises(DatasetError, match="generations for 164 problems, but the data set has 2"):
        read_file(path, dataset(*TWO))
    mbpp = load_dataset("mbpp-test", shared / "datasets" / "mbpp.jsonl")
    with pytest.raises(DatasetError, match=r"do not name their problem's function(.|\n)*mbpp-test"):
        read_file(path, mbpp)
