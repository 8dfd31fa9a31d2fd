"""A run's failures as plain JSON."""

import gzip
import json

from tests.site.helpers import RUN


def test_each_failed_sample_is_there_with_its_message_and_program(site):
    """What another sample of the row has alike is said once."""
    told = json.loads((site / RUN / "failures.json").read_bytes())
    assert told["format"] == 1
    assert told["run"] == RUN.split("/")[1]
    records = {(one["problem"], one["verdict"]): one for one in told["failures"]}
    wrong = records["HumanEval/2", "wrong_answer"]["samples"]
    assert [one["sample"] for one in wrong] == [4, 5, 7, 8]
    assert wrong[0]["message"] == "assert candidate(1, 2) == 3: the last call returned -1"
    assert "the sign is wrong in attempt 4" in wrong[0]["code"]
    crashed = records["HumanEval/3", "runtime_error"]
    assert crashed["exception"] == "NameError"
    assert crashed["samples"][1] == {"sample": 3, "same": 0}
    assert sum(len(one["samples"]) for one in told["failures"]) == 35


def test_it_is_small(site):
    """Compressed, as it is served: 35 failed samples in less than 2 KB, most of which are alike."""
    assert len(gzip.compress((site / RUN / "failures.json").read_bytes())) < 2000
