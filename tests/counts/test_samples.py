"""Samples: verdicts joined with completions."""

from evalsite.counts.samples import read_samples
from evalsite.rundir.schema import Completion, Verdict
from evalsite.rundir.store import RunDir
from evalsite.rundir.taxonomy import VerdictClass
from tests.make import make_problem, make_record


def test_samples_are_joined_and_in_order(tmp_path):
    """Problems as asked for, samples by number; a row of no known problem is nobody's sample."""
    problems = {name: make_problem(name) for name in ("Demo/1", "Demo/0", "Demo/2")}
    run_dir = RunDir.create(tmp_path, make_record(num_samples=2), problems.values())
    with run_dir.append_completions() as rows:
        rows.append(Completion(problem="Demo/0", sample=1, text="x", form="solution", finish_reason="stop"))
    run_dir.write_verdicts(
        Verdict(problem=name, sample=sample, verdict=kind)
        for name, sample, kind in (
            ("Demo/0", 1, VerdictClass.PASSED),
            ("Demo/1", 0, VerdictClass.TIMEOUT),
            ("Demo/0", 0, VerdictClass.TIMEOUT),
            ("Stray/7", 0, VerdictClass.PASSED),
        )
    )
    found = read_samples(run_dir, problems)
    assert {name: [sample.number for sample in samples] for name, samples in found.items()} == {
        "Demo/1": [0],
        "Demo/0": [0, 1],
    }
    first, second = found["Demo/0"]
    assert (first.passed, first.completion, first.finish_reason) == (False, None, None)
    assert (second.passed, second.finish_reason) == (True, "stop")
    assert second.problem is problems["Demo/0"]
