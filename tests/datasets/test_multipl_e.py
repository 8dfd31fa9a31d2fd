"""MultiPL-E's rows: HumanEval in another language, without solutions."""

import pyarrow
import pytest
from pyarrow import parquet

from evalsite.datasets import load_dataset
from evalsite.errors import DatasetError
from tests.datasets.helpers import write

NAME = "HumanEval_7_is_nice"
JS = {
    "name": NAME,
    "language": "js",
    "prompt": "// Is x nice?\nfunction is_nice(x){\n",
    "doctests": "transform",
    "original": "/home/there/HumanEval_7.py",
    "prompt_terminology": "reworded",
    "tests": "const assert = require('node:assert');\n\n\nfunction test() {\n  let candidate = is_nice;\n"
    "  assert.deepEqual(candidate(1),true);\n}\n\ntest();",
    "stop_tokens": ["\nfunction ", "\n/*"],
}
RUST = {
    **JS,
    "language": "rs",
    "prompt": "/// Is x nice?\nfn is_nice(x: isize) -> bool {\n",
    "tests": "}\n\nfn main() {\n    let candidate = is_nice;\n    assert_eq!(candidate(1), true);\n}\n",
}
JAVA = {
    **JS,
    "language": "java",
    "prompt": "import java.util.*;\nclass Problem {\n    public static boolean isNice(long x) {\n",
    "tests": "    }\n    public static void main(String[] args) {\n"
    "    assert(isNice((1l)) == (true));\n    }\n\n}\n",
}


def read(tmp_path, *records):
    return load_dataset("rows", write(tmp_path / "rows.jsonl", *records)).problems


def test_a_row_is_a_problem_in_its_language(tmp_path):
    """Called by its name, with the source problem that it is; tests as they are."""
    (problem,) = read(tmp_path, JS)
    assert (problem.task_id, problem.cluster) == (NAME, "HumanEval/7")
    assert (problem.language, problem.kind, problem.entry_point) == ("javascript", "code", "is_nice")
    assert (problem.prompt, problem.tests, problem.reference) == (JS["prompt"], JS["tests"], "")


def test_the_brace_is_the_answers(tmp_path):
    """Tests that begin with the brace that closes the function begin behind it."""
    (problem,) = read(tmp_path, RUST)
    assert problem.tests == RUST["tests"].removeprefix("}")
    assert (problem.language, problem.entry_point) == ("rust", "is_nice")


def test_javas_main_is_a_class_of_its_own(tmp_path):
    """Which inherits the function; the answer closes its own class."""
    (problem,) = read(tmp_path, JAVA)
    assert problem.entry_point == "isNice"
    assert problem.tests == (
        "\npublic class Main extends Problem {\n    public static void main(String[] args) {\n"
        "    if (!(isNice((1l)) == (true))) throw new AssertionError();\n    }\n}\n"
    )
    with pytest.raises(DatasetError, match="asserts in a way that is not read"):
        read(tmp_path, {**JAVA, "tests": JAVA["tests"].replace("assert(", "assert true == (")})


def test_rubys_cases_are_run(tmp_path):
    """Before the process ends, and a failure is told."""
    cases = "require 'test/unit'\nclass TestHumanEval < Test::Unit::TestCase\nend\n"
    (problem,) = read(tmp_path, {**JS, "language": "rb", "tests": cases})
    assert problem.tests.startswith(cases)
    assert problem.tests.endswith('raise "a test failed" unless Test::Unit::AutoRunner.run\n')


def test_rows_of_mbpp_are_its_cluster(tmp_path):
    """Under their names there."""
    (problem,) = read(tmp_path, {**JS, "name": "mbpp_17_is_nice"})
    assert problem.cluster == "MBPP/17"


def test_a_language_without_a_place_here_is_named(tmp_path):
    """With those that have one."""
    with pytest.raises(DatasetError, match=r"rows\.jsonl:1.*`language` is 'lua', which is none of py, js"):
        read(tmp_path, {**JS, "language": "lua"})


def test_parquet_is_read_as_it_is_published(tmp_path):
    """Lists in rows, too."""
    path = tmp_path / "test-00000-of-00001.parquet"
    parquet.write_table(pyarrow.Table.from_pylist([JS]), path)
    assert load_dataset("rows", path).problems == read(tmp_path, JS)
