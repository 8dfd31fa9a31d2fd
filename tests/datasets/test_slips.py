"""JSON as people type it: what is wrong with it, in the words of somebody who has it before them."""

import json

import pytest

from evalsite.datasets import load_dataset
from evalsite.errors import DatasetError
from tests.datasets.helpers import HUMANEVAL


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "{'task_id': 'Mine/1'}",
            "column 2: names and texts stand in double quotes (\"), not in single ones (')",
        ),
        ("{\"task_id\": 'Mine/1'}", "column 13: names and texts stand in double quotes"),
        ('{"task_id": r"x", "prompt": f\'x\'}', "column 13: names and texts"),
        ('{"prompt": """x"""}', "not as Python has them"),
        ("{“task_id”: 1}", "column 2: names and texts stand in straight double quotes"),
        ('{"prompt": “x”}', "not in curly ones (“)"),
        ('{"é": 1, task_id: 2}', "column 10: names stand in double quotes"),
        ('{"a": None}', "None is no JSON, which writes null, true and false"),
        ('{"a": True}', "True is no JSON"),
        ('{"a": 1,}', "a comma stands behind the last value"),
        ('{"a": 1 "b": 2}', "a comma lacks, or a double quote within a text"),
        ('{"a" = 1}', "a colon lacks behind the name"),
        ('{"a": "\\d"}', "a backslash within a text is written twice"),
        ('{"a": "x\ty"}', "a tab or line end within a text"),
        ('{"a": 1} {"b": 2}', "something stands behind the end of the record"),
        ('{"a": 1, # note\n}', "a comment, which JSON has not"),
    ],
)
def test_slips_of_who_types_are_told_in_words_with_line_and_column(tmp_path, typed, said):
    """Not in the parser's; whether the file is one of lines or an array."""
    lines = tmp_path / "lines.jsonl"
    lines.write_text(f"{json.dumps(HUMANEVAL)}\n{typed}\n", "utf-8")
    with pytest.raises(DatasetError) as told:
        load_dataset("mine", lines)
    assert told.value.message.startswith(f"{lines}:2: not valid JSON (")
    assert said in told.value.message
    assert "byte" not in told.value.message
    array = tmp_path / "array.json"
    array.write_text(f"[\n{json.dumps(HUMANEVAL)},\n{typed}]\n", "utf-8")
    with pytest.raises(DatasetError) as told:
        load_dataset("mine", array)
    assert "(line 3, column " in told.value.message
