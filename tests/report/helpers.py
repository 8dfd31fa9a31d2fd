"""A failed sample, and runs by their verdicts."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.tally import summarize
from evalsite.languages.python import PYTHON
from evalsite.report.sample import Pasted
from evalsite.rundir.schema import Model, Problem, Verdict
from evalsite.rundir.store import RunDir
from evalsite.rundir.taxonomy import VerdictClass
from tests.make import make_problem, make_record

URL = "https://me.github.io/results/runs/a/HumanEval-3/#s2"


def sample(**changes):
    """A failed sample with code and error."""
    fields = {
        "problem": "HumanEval/3",
        "sample": 2,
        "verdict": VerdictClass.RUNTIME_ERROR,
        "exception": "NameError",
        "message": "name 'y' is not defined",
        "traceback": 'File "<program>", line 2\nNameError: y',
        "program": "def f(x):\n    return y\n",
    }
    return Pasted(Verdict(**{**fields, **changes}), make_record(model=Model(name="org/m")), PYTHON, URL)


def fields(address):
    """The fields of an issue's address, as GitHub reads them back."""
    parts = urlsplit(address)
    assert parts.path == "/me/results/issues/new"
    return {name: value for name, (value,) in parse_qs(parts.query, keep_blank_values=True).items()}


def loaded(verdicts, run_id="run", **changes):
    """A run on as many problems; ``verdicts``: problem -> verdict classes of its samples."""
    problems: list[Problem] = [make_problem(f"Demo/{number}") for number in range(len(verdicts))]
    rows = [
        Verdict(problem=f"Demo/{number}", sample=sample, verdict=kind, wall_s=0.010)
        for number, kinds in enumerate(verdicts)
        for sample, kind in enumerate(kinds)
    ]
    run = make_record(run_id, num_problems=len(verdicts), num_samples=max(map(len, verdicts)), **changes)
    return LoadedRun(RunDir(Path("nowhere")), run, summarize(run, problems, [], rows))
