"""Every Eval Ever's schema 0.3.0: one JSON document for a run's metrics, one JSONL row for each sample."""

import importlib.metadata
import json

import pytest
from jsonschema import Draft7Validator

from evalsite.formats.exporting import WRITERS
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
    assert rows[0]["performance"]["latency_ms"] == 500
    assert [row.get("token_usage", {}).get("output_tokens") for row in rows] == [5, None, None], "no shares"
    assert path.startswith("data/demo-plain/org/model/")
    assert document["detailed_evaluation_results"]["file_path"] == path
    (score,) = document["evaluation_results"]
    assert score["score_details"]["score"] == 0.25
    assert rows[0]["evaluation_result_id"] == score["evaluation_result_id"]
    assert document["model_info"]["additional_details"]["quantization"] == "ternary"
    assert dict(WRITERS["every-eval-ever"](*run)) == files, "a second export gives the same bytes"


def test_every_eval_ever_refuses_what_is_wrong(tmp_path):
    """The schemas bite: a document without its model is not valid."""
    files = dict(WRITERS["every-eval-ever"](*loaded_run(tmp_path)))
    (name,) = [name for name in files if name.endswith(".json")]
    document = json.loads(files[name])
    del document["model_info"]
    assert not Draft7Validator(schema("eval.schema.json")).is_valid(document)
