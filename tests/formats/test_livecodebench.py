"""LiveCodeBench's outputs, without and with results, and what its own evaluation of others' code takes."""

import json

import pytest

from evalsite.errors import DatasetError
from evalsite.formats.reading import read_file
from tests.formats.helpers import CHAT, PASSING, dataset, rows
from tests.make import make_problem

CONTEST = dataset(make_problem("abc301_a"), make_problem("2808", "twofold"))
ROW = {
    "question_title": "a",
    "question_id": "abc301_a",
    "contest_date": "2024-01-01T00:00:00",
    "starter_code": "",
}
ANSWERS = {"output_list": [f"```python\n{PASSING}```", None, CHAT], "code_list": [PASSING, "", CHAT]}


def found(tmp_path, *records, **options):
    (tmp_path / "Scenario.codegeneration_3_0.2.json").write_text(json.dumps(records, indent=4))
    return read_file(tmp_path / "Scenario.codegeneration_3_0.2.json", CONTEST, **options)


def test_answers_are_read_with_their_results(tmp_path):
    """A null is a missing sample; results claim where there is one for each answer."""
    file = found(
        tmp_path, ROW | ANSWERS | {"graded_list": [True, False, False], "pass@1": 1 / 3, "metadata": []}
    )
    assert file.form == "livecodebench"
    assert rows(file) == [("abc301_a", 0, "response", True), ("abc301_a", 1, "response", False)]
    assert file.told.missing == {"abc301_a": 1}
    assert found(tmp_path, ROW | ANSWERS).claims == {}


def test_code_is_read_where_it_is_all_there_is_or_wanted(tmp_path):
    custom = {"question_id": "2808", "code_list": [PASSING]}
    assert rows(found(tmp_path, custom)) == [("2808", 0, "solution", None)]
    file = found(tmp_path, ROW | ANSWERS, read_as="solution")
    assert [each.completion.text for each in file.samples] == [PASSING, "", CHAT]


@pytest.mark.parametrize("name", ["abc301_b", "ABC301_a", "1", "Demo/0"])
def test_questions_are_called_as_the_data_set_calls_them(tmp_path, name):
    """A number is a question's own; it is no place in another data set."""
    with pytest.raises(DatasetError, match=rf"field `question_id`: '{name}' is no problem"):
        found(tmp_path, ROW | ANSWERS | {"question_id": name})
