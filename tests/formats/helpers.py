"""Problems that files of other tools answer, and a look at what was read."""

import subprocess
import sys
from pathlib import Path

from evalsite.datasets import LoadedDataset
from evalsite.extraction import extract
from tests.make import make_problem

DATA = Path(__file__).parent / "data"

TWO = (make_problem(), make_problem("Demo/1", "twofold"))

SEVENTEEN = make_problem("MBPP/17", "triple")


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
