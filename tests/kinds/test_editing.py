"""What a model is told of its edit before its second turn."""

import pytest

from evalsite.edits.asking import ToEdit
from evalsite.kinds.editing import MOST_SAID, joined, say_what_came, told_of_tests
from evalsite.rundir.schema import Verdict
from evalsite.rundir.taxonomy import VerdictClass

FILES = {"add.py": "x\n"}
SHOWN = ToEdit(task="Do it.", files=FILES, language="python")


def verdict(rule="udiff", **told):
    return Verdict(problem="p", sample=0, verdict=VerdictClass.WRONG_ANSWER, rule=rule, **told)


@pytest.mark.parametrize(("told", "fence"), [("a", "```"), ("a\n```\nb", "````"), ("`````", "``````")])
def test_what_the_tests_said_stands_in_a_fence_that_it_does_not_close(told, fence):
    """Longer than any of its own."""
    said = say_what_came(verdict(message=told), SHOWN)
    assert said == (
        f"The files are now as you changed them, and the tests fail ({VerdictClass.WRONG_ANSWER.words}):\n\n"
        f"{fence}\n{told}\n{fence}\n\nFix the code. Edits apply to the files as they are now. "
        "Answer with an edit in the same format as before."
    )


def test_what_changed_nothing_is_told():
    assert say_what_came(verdict("no-edit", message="the answer holds no edit"), SHOWN) == (
        "That changed nothing: the answer holds no edit. The files are as they were. "
        "Answer with an edit in the same format as before."
    )


def test_of_much_that_was_said_the_middle_is_left_out():
    whole = "a" * (MOST_SAID // 2) + "b" * (MOST_SAID // 2)
    assert told_of_tests(verdict(message=whole), FILES) == whole
    cut = told_of_tests(verdict(message=f"{whole}b"), FILES)
    assert cut == f"{'a' * 3000}\n[left out]\n{'b' * 3000}"


def test_output_is_told_once_and_nothing_is_told_by_its_class():
    """A traceback goes before a message."""
    assert (
        told_of_tests(verdict(traceback="boom", message="m", output=" hi\n"), FILES) == "boom\n\nOutput:\nhi"
    )
    assert told_of_tests(verdict(message="it said hi", output="hi"), FILES) == "it said hi"
    assert told_of_tests(verdict(), FILES) == VerdictClass.WRONG_ANSWER.words


def test_several_files_stand_below_their_names():
    assert joined(FILES, "#") == "x\n"
    assert joined({**FILES, "b.py": "y\n"}, "#") == "# add.py\nx\n\n# b.py\ny\n"
