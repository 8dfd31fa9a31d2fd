"""Every Eval Ever's schema 0.3.0: one JSON document for a run's metrics, one JSONL row for each sample."""

import hashlib
import importlib.metadata
import json

import pytest
from jsonschema import Draft7Validator

from evalsite.formats.exporting import WRITERS
from evalsite.stats.intervals import estimate_pass_at_k
from tests.formats.helpers import lines, loaded_run


def schema(name):
    """Return a schema of Every Eval Ever's own package."""
    try:
        files = importlib.metadata.files("every-eval-ever") or []
    except importlib.metadata.PackageNotFoundError:
        pytest.fail("every-eval-ever, whose schemas this needs, is not installed: scripts/make-venv does it")
    (found,) = [file for file in files if file.name == name]
    return json.loads(found.read_text("utf-8"))


def test_every_eval_ever_is_valid_by_its_own_schemas(tmp_path):
    """Document and rows; and they refer to each other rightly."""
    run = loaded_run(tmp_path)
    files = dict(WRITERS["every-eval-ever"](*run))
    (path,) = [name for name in files if name.endswith("_samples.jsonl")]
    document = json.loads(files[path.replace("_samples.jsonl", ".json")])
    aggregate = schema("eval.schema.json")
    assert document["schema_version"] == aggregate["version"]
    Draft7Validator(aggregate).validate(document)
    instance = Draft7Validator(schema("instance_level_eval.schema.json"))
    rows = lines(files[path])
    for row in rows:
        instance.validate(row)
        assert row["evaluation_id"] == document["evaluation_id"]
    assert [row["evaluation"]["is_correct"] for row in rows] == [True, False, False]
    assert [row.get("performance") for row in rows] == [
        {"latency_ms": 500, "time_to_first_token_ms": 100}, None, None,
    ]  # fmt: skip
    assert [row.get("token_usage") for row in rows] == [
        {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}, None, None,
    ], "no shares"  # fmt: skip
    assert [row["output"].get("reasoning_trace") for row in rows] == [None, ["Hm."], None]
    assert [row["answer_attribution"][0]["extraction_method"] for row in rows] == ["x", "unknown", "unknown"]
    assert [row["metadata"].get("finish_reason") for row in rows] == ["stop", None, "length"]
    problem = run[1][0].problem
    hashed = hashlib.sha256((problem.prompt + problem.reference).encode()).hexdigest()
    assert rows[0]["sample_hash"] == hashed, "what is asked and what solves it"
    assert path.startswith("data/demo-plain/org/model/")
    told = document["detailed_evaluation_results"]
    assert (told["file_path"], told["total_rows"]) == (path, 3)
    assert told["checksum"] == hashlib.sha256(files[path]).hexdigest()
    (score,) = document["evaluation_results"]
    estimate = estimate_pass_at_k(run[0].n, run[0].c, 1)
    assert score["score_details"]["score"] == 0.25
    assert score["score_details"]["uncertainty"]["num_samples"] == 3
    assert score["score_details"]["uncertainty"]["confidence_interval"] == {
        "lower": estimate.interval.low, "upper": estimate.interval.high, "confidence_level": 0.95,
        "method": estimate.interval.method,
    }  # fmt: skip
    assert {key: score["metric_config"][key] for key in ("lower_is_better", "min_score", "max_score")} == {
        "lower_is_better": False, "min_score": 0, "max_score": 1,
    }  # fmt: skip
    assert rows[0]["evaluation_result_id"] == score["evaluation_result_id"]
    model = document["model_info"]
    assert (model["id"], model["inference_engine"]) == ("org/model", {"name": "vLLM"})
    assert model["additional_details"]["quantization"] == "ternary"
    assert "server" not in model["additional_details"], "it is the engine"
    assert dict(WRITERS["every-eval-ever"](*run)) == files, "a second export gives the same bytes"


def test_every_eval_ever_refuses_what_is_wrong(tmp_path):
    """The schemas bite: a document without its model is not valid."""
    files = dict(WRITERS["every-eval-ever"](*loaded_run(tmp_path)))
    (name,) = [name for name in files if name.endswith(".json")]
    document = json.loads(files[name])
    del document["model_info"]
    assert not Draft7Validator(schema("eval.schema.json")).is_valid(document)
