"""What failed in a run, by class, as text and as Markdown that can be pasted into an issue."""

from evalsite.report.failures import as_markdown, as_text, group_failures
from evalsite.rundir.schema import Verdict
from evalsite.rundir.taxonomy import VerdictClass
from tests.make import make_record


def test_failures_are_grouped_by_class_the_largest_first():
    """Within a class in the data set's order; those left out are counted."""
    kinds = [VerdictClass.TIMEOUT, VerdictClass.WRONG_ANSWER, VerdictClass.WRONG_ANSWER, VerdictClass.PASSED]
    verdicts = [
        Verdict(problem=f"A/{9 - number}", sample=0, verdict=kind, message="it | broke")
        for number, kind in enumerate(kinds)
    ]
    order = {f"A/{number}": number for number in range(10)}
    groups = group_failures(verdicts, order)
    listed = [(str(kind), [row.problem for row in members]) for kind, members in groups]
    assert listed == [("wrong_answer", ["A/7", "A/8"]), ("timeout", ["A/9"])]
    run = make_record()

    def address(verdict):
        return f"https://x/{verdict.problem}"

    text = as_text(run, groups, 4, address, 1)
    assert text.splitlines()[0] == "3 of 4 samples failed on demo"
    assert "wrong answer: 2\n  A/7 sample 0  it | broke  https://x/A/7\n  and 1 more" in text
    markdown = as_markdown(run, groups, 4, address, 20)
    assert "<summary>wrong answer: 2</summary>" in markdown
    assert "- [A/7, sample 0](https://x/A/7): `it | broke`" in markdown
    assert "- A/9, sample 0: `it | broke`" in as_markdown(run, groups, 4, lambda _: "", 20)
