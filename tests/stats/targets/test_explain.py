"""The one sentence, or two, that explains a target's verdict wherever it is shown."""

import re

from evalsite.stats.targets import judge
from tests.make import loaded_run
from tests.stats.targets.helpers import against, one, only, target


def test_an_inconclusive_verdict_says_what_would_settle_it() -> None:
    """The number of problems it would take, since a single sample each tells nothing of luck."""
    run = loaded_run([1] * 124 + [0] * 40, 1)
    sentence = one(judge(only("HumanEval pass@1"), [run])).sentence
    assert "What would settle it: about " in sentence
    assert "problems of this kind (now 164) in half of such cases" in sentence


def test_an_open_degradation_says_what_would_settle_it() -> None:
    """6.1 points lost of 10 allowed, from 30 changed problems: more of them would tell."""
    base = loaded_run([1] * 100 + [0] * 64, 1, model="fp8")
    cand = loaded_run([0] * 20 + [1] * 80 + [0] * 54 + [1] * 10, 1)
    result = one(judge(only("Degradation"), [cand], against(base, cand)))
    assert result.decision == "inconclusive"
    found = re.search(
        r"about ([\d,]+) problems of this kind \(now 164\) in half of such cases", result.sentence
    )
    assert found is not None
    assert 164 < int(found[1].replace(",", "")) < 2000


def test_differing_conditions_are_told_with_a_degradation() -> None:
    """A loss measured with another extraction is not called the model's without a word."""
    base, cand = loaded_run([1] * 50, 1, model="fp8"), loaded_run([1] * 50, 1, settings=None)
    sentence = one(judge(only("Degradation"), [cand], against(base, cand))).sentence
    assert sentence.endswith("Not known to be the same in both runs: settings.")


WOULD_SETTLE = r"about ([\d,]+) (samples|problems)"


def test_an_open_target_never_asks_for_what_is_there() -> None:
    """20 problems of two samples with a single failure, above 90 %: two samples it has."""
    targets = target('metric = "pass@1"', "above = 90")
    result = one(judge(targets, [loaded_run([1] + [2] * 19, 2)]))
    assert result.decision == "inconclusive"
    assert "What would settle it: about " in result.sentence
    asked = {what: int(number.replace(",", "")) for number, what in re.findall(WOULD_SETTLE, result.sentence)}
    assert asked
    assert asked.get("samples", 3) > 2
    assert asked.get("problems", 21) > 20
