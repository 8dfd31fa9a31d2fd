"""References that are published wrong: they fail their own tests, whoever runs them."""

from evalsite.datasets.published import WRONG, is_published_wrong
from evalsite.datasets.source import load_dataset
from tests.make import make_problem


def test_a_reference_that_is_published_wrong_counts_as_its_authors_count_it(shared):
    """HumanEval+ 32 is known to fail, by its text: another problem of that name is not."""
    problems = load_dataset("plus", shared / "datasets" / "HumanEvalPlus-OriginFmt.jsonl.gz").problems
    assert [problem.task_id for problem in problems if is_published_wrong(problem)] == list(WRONG)
    assert not is_published_wrong(make_problem("HumanEval/32"))
