"""The state that every process begins with, and where in memory a sample's own things lie."""

import subprocess
import sys

import pytest

from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from tests.grading.helpers import IN_EACH_SANDBOX, QUICK, RIGHT, verdict_of

SCATTERED = """
from evalsite.grading.inside.warming import fill_holes
kept = [bytes({bytes}) for _ in range(20_000)]
del kept[::{holes}]
{fill}
made = [bytes({bytes}) for _ in range(30)]
print(len({{id(each) >> 12 for each in made}}))
"""
COPIED = """
import resource
assert resource.getrusage(resource.RUSAGE_SELF).ru_minflt < {most}
"""
MOST_COPIED = 340


def pages(size, fill):
    """On how many pages thirty objects lie that are made where many have left holes."""
    code = SCATTERED.format(bytes=size, holes=50, fill=fill)
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return int(told)


@pytest.mark.linux
@pytest.mark.parametrize("size", [30, 100, 700])
def test_where_holes_were_filled_what_is_made_lies_together(size):
    """Small objects, which Python places, and larger ones, which the C library does."""
    assert pages(size, "pass") > 20
    assert pages(size, "fill_holes()") <= 10


@pytest.mark.sandbox
@IN_EACH_SANDBOX
def test_a_sample_has_touched_few_pages_when_its_program_begins(sandbox):
    """Each is copied or mapped for it, which takes more time than all else that is done for a sample."""
    with Grader(LocalExecutor(QUICK, sandbox=sandbox, workers=1)) as grader:
        verdicts = [verdict_of(grader, COPIED.format(most=most) + RIGHT) for most in (MOST_COPIED, 50)]
    assert [verdict.verdict for verdict in verdicts] == ["passed", "runtime_error"]
