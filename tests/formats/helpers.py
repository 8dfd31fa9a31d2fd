"""Problems that files of other tools answer, and a look at what was read."""

import json
import subprocess
import sys
from pathlib import Path

from msgspec import structs

from evalsite.counts.loaded import load_run
from evalsite.datasets import LoadedDataset
from evalsite.extraction import extract
from evalsite.formats.exporting import WRITERS
from evalsite.formats.reading import read_file
from evalsite.formats.writing import exported_samples
from evalsite.rundir.schema import Completion, Dataset, Model, ModelCard, Settings, Verdict
from evalsite.rundir.store import RunDir
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.runner.grade import finish
from tests.make import make_problem, make_record

DATA = Path(__file__).parent / "data"

TWO = (make_problem(), make_problem("Demo/1", "twofold"))

SEVENTEEN = make_problem("MBPP/17", "triple")


PROMPT = make_problem().prompt

CODE = "    return 2 * x\n"

PASSING = PROMPT + CODE

ROWS = [{"task_id": problem.task_id, "completion": CODE} for problem in TWO]

LINES = "".join(json.dumps(row) + "\n" for row in ROWS)

BOTH = [("Demo/0", 0, "completion", CODE), ("Demo/1", 0, "completion", CODE)]
"""What is read of them."""

LOOP = "while 1:\n    0"

CHAT = "def double(x):\n    return x\n"


def dataset(*problems, name="demo"):
    return LoadedDataset(name=name, problems=problems, sha256="0" * 64, source="test")


def rows(found):
    """(problem, sample, form, claimed) of each sample."""
    return [
        (each.completion.problem, each.completion.sample, each.completion.form, each.claimed)
        for each in found.samples
    ]


def runs(sample, problem):
    """Whether the program that is extracted from a sample passes; only for these harmless ones."""
    source = extract(problem, sample.completion).source
    done = subprocess.run([sys.executable, "-I", "-c", source + "\n" + problem.tests], capture_output=True)
    return done.returncode == 0


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


def lines(data):
    return [json.loads(line) for line in data.splitlines()]


def written(form, run):
    """File name (without the run's folder) -> content."""
    return {Path(name).name: data for name, data in WRITERS[form](*run)}


def demo(*problems):
    return LoadedDataset("demo", problems or TWO, "0" * 64, "test")


def read(path, data, **options):
    """(problem, sample, form, text) of each sample of a file, and what was told of it."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    found = read_file(path, demo(), **options)
    answers = [each.completion for each in found.samples]
    return [(each.problem, each.sample, each.form, each.text) for each in answers], found
