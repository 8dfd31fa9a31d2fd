"""Results of EvalPlus."""

import gzip
import json
import sys

import pytest

from evalsite.datasets import LoadedDataset, load_dataset
from evalsite.errors import DatasetError
from evalsite.formats.reading import read_file
from tests.formats.helpers import TWO, dataset


def test_evalplus_results_are_read(shared):
    """A real one: every solution, with EvalPlus' status on the base tests, or on the plus tests."""
    path = shared / "formats" / "evalplus-0.3.1_eval_results.json.gz"
    humaneval = load_dataset("humaneval")
    found = read_file(path, humaneval)
    assert found.form == "evalplus"
    assert found.num_samples == 164
    results = json.loads(gzip.decompress(path.read_bytes()))["eval"]
    base = sum(entry["base_status"] == "pass" for entries in results.values() for entry in entries)
    plus = sum(entry["plus_status"] == "pass" for entries in results.values() for entry in entries)
    assert sum(sample.claimed for sample in found.samples) == base
    renamed = LoadedDataset("humaneval-plus", humaneval.problems, "", "")
    assert sum(sample.claimed for sample in read_file(path, renamed).samples) == plus != base


def test_evalplus_results_without_programs_are_refused(tmp_path):
    """The oldest form has none."""
    path = tmp_path / "eval_results.json"
    path.write_text(json.dumps({"date": "", "eval": {"Demo/0": {"nfiles": 1, "base": [["pass", []]]}}}))
    with pytest.raises(DatasetError, match=r"eval of Demo/0: not a list of solutions"):
        read_file(path, dataset(*TWO))


def test_evalplus_field_errors_name_task_and_field(tmp_path):
    """File, task, field."""
    path = tmp_path / "eval_results.json"
    path.write_text(json.dumps({"eval": {"Demo/0": [{"solution": 5}]}}, indent=1))
    with pytest.raises(DatasetError, match=r"eval of Demo/0: field `solution`: Expected `str \| null`"):
        read_file(path, dataset(*TWO))


@pytest.mark.long
@pytest.mark.sandbox
def test_import_reads_a_real_evalplus_file(shared, evalsite):
    """From end to end. In EvalPlus the number that is a key in HumanEval/95 is a string.

    HumanEval/88's program gives ``sorted`` a list for ``reverse``, which Python takes from 3.12 on.
    """
    path = shared / "formats" / "evalplus-0.3.1_eval_results.json.gz"
    process = evalsite("import", path, "--model-name", "m", "--no-preflight")
    assert process.returncode == 0, process.stderr
    assert "164 samples (evalplus)" in process.stderr
    said = " ".join(process.stderr.split())
    assert f"{163 if sys.version_info < (3, 12) else 162} of 164 agree" in said
    assert "HumanEval/95 sample 0: passed there, runtime_error here" in said
