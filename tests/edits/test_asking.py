"""How an edit is asked for: the task, the files, and the format, in words that hold the files as they are."""

import pytest

from evalsite.edits.asking import ToEdit, ask_for_edit
from evalsite.edits.formats import FORMATS

SHOWN = ToEdit(
    task="Write it.\n", files={"a.py": "x = 1\n", "b.py": ""}, language="python", shown={"c.py": "```\n"}
)


@pytest.mark.parametrize("name", FORMATS)
def test_a_prompt_holds_task_files_and_format(name):
    """With the paths on lines of their own, and a fence that no file closes."""
    text = ask_for_edit(SHOWN, name)
    assert text.startswith(
        "Write it.\n\nThese files are to be changed, and no others:\n\na.py\n```python\nx = 1\n```"
    )
    assert "\n\nc.py\n````python\n```\n````\n\n" in text
    assert "{" not in text
    assert text.endswith(FORMATS[name].asked.replace("{path}", "a.py").replace("{language}", "python"))
