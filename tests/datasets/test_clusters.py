"""One source problem in several data sets and languages is one cluster."""

import json

import pytest

from evalsite.datasets import load_dataset
from evalsite.datasets.base import Shape
from evalsite.datasets.clusters import humaneval_cluster, mbpp_cluster
from evalsite.datasets.humaneval import SHAPE
from evalsite.datasets.reading import hash_problems, read_problems
from evalsite.errors import DatasetError
from tests.datasets.helpers import HUMANEVAL, MBPP, write


@pytest.mark.parametrize(
    ("task_id", "humaneval", "mbpp"),
    [
        ("HumanEval/0", "HumanEval/0", ""),
        ("Python/0", "HumanEval/0", ""),
        ("CPP/163", "HumanEval/163", ""),
        ("HumanEval_0_has_close_elements", "HumanEval/0", ""),
        ("SingleLineInfilling/HumanEval/7/L3", "HumanEval/7", ""),
        ("RandomSpanInfillingLight/HumanEval/7/1", "HumanEval/7", ""),
        ("Mbpp/17", "", "MBPP/17"),
        ("MBJSP/17", "", "MBPP/17"),
        ("MBCPP/974", "", "MBPP/974"),
        ("mbpp_17_square_perimeter", "", "MBPP/17"),
        ("Mine/0", "", ""),
        ("HumanEval/x", "", ""),
        ("MyMBPP/1", "", ""),
        ("sample_0", "", ""),
    ],
)
def test_a_cluster_goes_by_the_source_problem(task_id, humaneval, mbpp):
    """Whatever the form calls it."""
    assert (humaneval_cluster(task_id), mbpp_cluster(task_id)) == (humaneval, mbpp)


def test_a_record_may_name_its_cluster(tmp_path):
    """In either shape; its own id is none worth telling, and the hash is over what is asked."""
    records = [
        HUMANEVAL | {"task_id": "Mine/0/js", "cluster": " Mine/0 "},
        HUMANEVAL | {"task_id": "Mine/1", "cluster": "Mine/1"},
        MBPP | {"task_id": "Other/7", "cluster": 7},
        HUMANEVAL | {"task_id": "Mine/3", "cluster": None},
    ]
    problems = load_dataset("mine", write(tmp_path / "x.jsonl", *records)).problems
    assert [problem.cluster for problem in problems] == ["Mine/0", "", "7", ""]
    assert [problem.source_problem for problem in problems] == ["Mine/0", "Mine/1", "7", "Mine/3"]
    bare = write(tmp_path / "y.jsonl", *({**record, "cluster": None} for record in records))
    assert hash_problems(problems) == hash_problems(read_problems(bare))


def test_a_cluster_is_a_name(tmp_path):
    """Anything else is told with its place."""
    with pytest.raises(DatasetError, match=r"x\.jsonl:1: field `cluster`"):
        load_dataset("mine", write(tmp_path / "x.jsonl", HUMANEVAL | {"cluster": ["Mine/0"]}))


def test_a_shape_may_know_the_cluster(tmp_path):
    """By the problem's id; what the record says comes first."""
    shape = Shape(SHAPE.fits, SHAPE.record, SHAPE.to_problem, cluster=humaneval_cluster)
    path = tmp_path / "x.jsonl"
    own = HUMANEVAL | {"task_id": "CPP/1", "cluster": "Mine/1"}
    path.write_text("".join(json.dumps(each) + "\n" for each in (HUMANEVAL | {"task_id": "CPP/0"}, own)))
    assert [each.cluster for each in read_problems(path, shape=shape)] == ["HumanEval/0", "Mine/1"]
