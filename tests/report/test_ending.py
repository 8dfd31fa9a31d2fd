"""How a command ends: with what the run came to."""

from evalsite.report.ending import ending
from evalsite.rundir.schema import Dataset
from tests.make import loaded_run


def test_scores_have_intervals_and_every_verdict_is_counted():
    """pass@10 only where there are ten samples; passes first, then what failed the most often."""
    failures = [{}, {"wrong_answer": 4, "timeout": 6}]
    first, second, samples = ending(loaded_run([10, 0], 10, failures=failures))
    assert first.startswith("pass@1 on all 2 problems: 50.0 %, 95 % interval ")
    assert second.startswith("pass@10 on all 2 problems: 50.0 %, 95 % interval ")
    assert samples == "20 samples: 10 passed, 6 timeout and 4 wrong answer"
    assert len(list(ending(loaded_run([1, 0], 9)))) == 2


def test_what_is_missing_is_said():
    """Problems that were not asked, samples that could not be had, and a problem without any."""
    asked = Dataset(name="demo", sha256="0" * 64, num_problems=164)
    lines = list(ending(loaded_run([1, 0], 1, missing=2, dataset=asked)))
    assert lines[0].startswith("pass@1 on 2 of 164 problems: 50.0 %")
    assert lines[-1] == "2 samples missing, which count neither for nor against the model"
    assert next(ending(loaded_run([1, 0], [1, 0]))).startswith("pass@1: blank, since a problem has no graded")
