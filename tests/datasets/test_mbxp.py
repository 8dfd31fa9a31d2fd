"""MBXP: MBPP in other languages, some of its problems without a solution."""

from pathlib import Path

from evalsite.datasets import load_dataset
from tests.datasets.test_unread import written

RECORD = {
    "task_id": "MBRBP/3",
    "language": "ruby",
    "description": "Add one.",
    "prompt": "# Add one.\ndef f(x)",
    "canonical_solution": "  return x + 1\nend\n",
    "test": "raise StandardError if f(1) != 2\n",
    "entry_point": "f",
}


def test_solutions_begin_on_a_line_of_their_own(tmp_path):
    """Prompts do not end with one; and a problem may have none."""
    without = {**RECORD, "task_id": "MBRBP/4", "canonical_solution": None}
    first, second = load_dataset("mbxp", written(tmp_path, RECORD, without)).problems
    assert (first.language, first.kind, first.cluster) == ("ruby", "code", "MBPP/3")
    assert first.reference == "# Add one.\ndef f(x)\n  return x + 1\nend\n"
    assert second.reference == ""


def test_all_files_are_read(shared):
    """In each of their languages."""
    found = {}
    for language in ("js", "ts", "java", "go", "cpp", "php", "ruby", "perl"):
        dataset = load_dataset("mbxp", shared / "datasets" / f"mbxp-{language}.jsonl.gz")
        found[language] = {problem.language for problem in dataset.problems}
        assert len(dataset.problems) > 800
    assert found["js"] == {"javascript"}
    assert found["ts"] == {"typescript"}
    assert found["perl"] == {"perl"}


def test_one_file_may_hold_several_languages():
    """As the suite of ``make test-local`` does, where the same problem in each is one cluster."""
    problems = load_dataset("suite", Path(__file__).parents[2] / "scripts" / "suite.jsonl").problems
    asked = {(problem.source_problem, problem.language) for problem in problems}
    languages = ("python", "javascript", "cpp", "go")
    assert asked == {(name, language) for name in ("double", "largest", "evens") for language in languages}
    assert [problem.task_id for problem in problems if not problem.reference] == []
