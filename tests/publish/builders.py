"""A results repository for tests: two small runs, and the workflow's jobs as GitHub reads and runs them."""

import json
import os
import subprocess
from importlib.metadata import files

from ruamel.yaml import YAML

from evalsite.rundir.schema import Dataset, Model, ModelCard, Verdict
from evalsite.rundir.store import RunDir
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.runner.grade import finish
from tests import preloaded
from tests.conftest import ROOT
from tests.make import make_problem, make_record, write_answers

SITE = "https://me.github.io/results/"
BASELINE = "2026-01-01T00-00-00Z--fp8--humaneval"
CANDIDATE = "2026-01-01T00-00-00Z--ternary--humaneval"


def write_run(runs_dir, model, passes, role=""):
    """A run of four problems with three samples each, of which the first ``passes`` pass."""
    problems = [make_problem(f"HumanEval/{number}", f"f{number}") for number in range(4)]
    run_dir = RunDir.create(
        runs_dir,
        make_record(
            f"2026-01-01T00-00-00Z--{model}--humaneval",
            model=Model(name=model, card=ModelCard(role=role)),
            dataset=Dataset(name="humaneval", sha256="ab" * 32, num_problems=4),
            num_problems=4,
            num_samples=3,
        ),
        problems,
    )
    rows = [
        Verdict(
            problem=problem.task_id, sample=sample, verdict=VerdictClass.PASSED, program=problem.reference
        )
        if sample < passes
        else Verdict(
            problem=problem.task_id,
            sample=sample,
            verdict=VerdictClass.RUNTIME_ERROR,
            exception="NameError",
            message="name 'y' is not defined",
            traceback='Traceback (most recent call last):\n  File "<program>", line 2, in f\nNameError: y',
            program=f"def {problem.entry_point}(x):\n    return y  # ``` {sample}\n",
        )
        for problem in problems
        for sample in range(3)
    ]
    write_answers(run_dir, rows)
    run_dir.write_verdicts(rows)
    finish(run_dir, "complete")
    return run_dir


def workflow(path):
    """A workflow, as GitHub reads it."""
    return YAML(typ="safe").load(path.read_text("utf-8"))


def schema(name):
    """A schema of GitHub's that check-jsonschema carries."""
    (found,) = [file for file in files("check-jsonschema") if file.name == f"{name}.json"]
    return json.loads(found.read_text("utf-8"))


def run_steps(job, folder, **environment):
    """Run a job's own commands as GitHub does, but for the installation and what speaks to GitHub."""
    bin_dir = folder / "bin"
    bin_dir.mkdir(exist_ok=True)
    preloaded.write_program(bin_dir / "evalsite")
    said = []
    for step in job["steps"]:
        if "run" not in step or step.get("name") == "Install" or "GH_TOKEN" in step.get("env", {}):
            continue
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]], cwd=folder, capture_output=True, text=True, check=False,
            env={"PATH": f"{bin_dir}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "HOME": str(folder),
                 "GITHUB_STEP_SUMMARY": str(folder / "summary.md"), **environment},
        )  # fmt: skip
        said.append(done)
    return said
