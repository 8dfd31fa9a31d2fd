"""Samples of lm-evaluation-harness."""

import json

import pytest

from evalsite.errors import DatasetError
from evalsite.extraction import extract
from evalsite.formats.reading import read_file
from tests.formats.helpers import DATA, SEVENTEEN, TWO, dataset, rows, runs


def test_lm_evals_own_samples_are_read():
    """Written by lm-evaluation-harness 0.4.13, two answers a problem."""
    found = read_file(DATA / "lm-eval-0.4.13_samples_humaneval.jsonl", dataset(*TWO))
    assert found.form == "lm-eval"
    samples = list(found.samples)
    assert len(samples) == 4
    assert rows(found) == [
        ("Demo/0", 0, "solution", True),
        ("Demo/0", 1, "solution", True),
        ("Demo/1", 0, "solution", False),
        ("Demo/1", 1, "solution", False),
    ]
    problems = {problem.task_id: problem for problem in TWO}
    for sample in samples:
        assert runs(sample, problems[sample.completion.problem]) == sample.claimed


def test_lm_evals_filter_that_loses_code_is_bypassed():
    """mbpp_instruct's filter took ``def`` away; the raw answer passes."""
    path = DATA / "lm-eval-0.4.13_samples_mbpp_instruct.jsonl"
    assert json.loads(path.read_text())["filtered_resps"][0][0].startswith(" triple")
    (sample,) = read_file(path, dataset(SEVENTEEN)).samples
    assert sample.claimed is False
    assert extract(SEVENTEEN, sample.completion).source == "def triple(x):\n    return 3 * x\n"


def test_lm_evals_second_filter_is_not_read_twice(tmp_path):
    """Each filter repeats all answers."""
    row = json.loads((DATA / "lm-eval-0.4.13_samples_humaneval.jsonl").read_text().splitlines()[0])
    path = tmp_path / "samples.jsonl"
    path.write_text(json.dumps(row) + "\n" + json.dumps({**row, "filter": "other"}) + "\n")
    assert read_file(path, dataset(*TWO)).num_samples == 2


@pytest.mark.parametrize(
    ("name", "prompt", "form", "text"),
    [
        ("none", "def double(x):\n", "completion", "    return x\n"),
        ("none", "Do it.\n```python\n", "response", "```python\n    return x\n"),
        ("extract_code", "Do it.\n", "response", "    return x\n"),
        ("extract_code", "Do it.\n```\n", "response", "```\n    return x\n"),
        ("none", ["Do it.\n```\n"], "completion", "    return x\n"),
    ],
)
def test_an_answer_goes_on_with_its_prompt_where_no_filter_and_no_fence_tell_otherwise(
    tmp_path, name, prompt, form, text
):
    """The fence that the prompt had opened is put back; of several claims only a plain one counts."""
    row = {
        "doc": {"task_id": "Demo/0"}, "resps": [["    return x\n"]], "filtered_resps": [["lost"]],
        "filter": name, "arguments": {"gen_args_0": {"arg_0": prompt}},
    }  # fmt: skip
    for more, claimed in (
        ({}, None),
        ({"metrics": ["pass@1", "x"], "pass@1": 1.0, "x": 0}, True),
        ({"metrics": ["pass@1"], "pass@1": 0.5}, None),
    ):
        path = tmp_path / "samples.jsonl"
        path.write_text(json.dumps(row | more) + "\n")
        found = read_file(path, dataset(*TWO))
        assert [each.completion.text for each in found.samples] == [text]
        assert rows(found) == [("Demo/0", 0, form, claimed)]


def test_lm_evals_samples_of_another_task_are_refused(tmp_path):
    """GSM8K has no task_id."""
    path = tmp_path / "samples_gsm8k.jsonl"
    path.write_text(json.dumps({"doc": {"question": "?"}, "resps": [["4"]]}) + "\n")
    with pytest.raises(DatasetError, match=r"samples_gsm8k.jsonl:1: field `doc.task_id`"):
        read_file(path, dataset(*TWO))
