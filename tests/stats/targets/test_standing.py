"""Results counted: the worst of them is what they say together."""

from evalsite.stats.decision import Decision, worst
from evalsite.stats.targets import Result, judge
from tests.make import loaded_run
from tests.stats.targets.helpers import BORN_WITH, only


def overall(results: tuple[Result, ...]) -> Decision:
    return worst(result.decision for result in results)


def test_the_worst_verdict_is_the_overall_one() -> None:
    """Missed before inconclusive before pending before met; nothing at all is pending."""
    good, bad = loaded_run([1] * 99, 1), loaded_run([0] * 99, 1, model="bad")
    assert overall(judge(only("HumanEval pass@1"), [good])) == "met"
    assert overall(judge(only("HumanEval pass@1"), [good, bad])) == "missed"
    assert overall(judge(BORN_WITH, [good])) == "pending"
    unclear = loaded_run([1] * 72 + [0] * 27, 1, model="unclear")
    assert overall(judge(only("HumanEval pass@1"), [good, unclear])) == "inconclusive"
    assert overall(judge(only("HumanEval pass@1"), [good, unclear, bad])) == "missed"
    assert overall(()) == "pending"
