"""How a model was asked, for reports and pages. Pure."""

import json

from evalsite.report.scores import Reported, as_json, as_text
from evalsite.rundir.schema import Settings
from evalsite.stats.intervals import estimate_pass_at_k
from evalsite.words.cells import percent_limits
from tests.report.helpers import loaded


def test_a_report_says_how_sure_its_scores_are_and_how_they_were_asked_for():
    """Interval, temperature, prompt and n, in text and in JSON; of samples made elsewhere, what is known."""
    run = loaded([["passed"]] * 3 + [["wrong_answer"]])
    interval = estimate_pass_at_k(run.n, run.c, 1).interval
    low, high = percent_limits(interval.low, interval.high)
    text = as_text([Reported(run)])
    assert f"75.0 %  (3/4 solved at least once)  95 % interval {low} to {high}" in text
    assert "1 sample of each problem at most, made elsewhere: temperature and prompt are not" in text
    settings = Settings(api="chat", prompt="chat-v1", temperature=0.2, top_p=1.0, max_tokens=99)
    told = loaded([["passed"] * 3] * 2, settings=settings)
    assert "3 samples of each problem, temperature 0.2, prompt chat-v1" in as_text([Reported(told)])
    (entry,) = json.loads(as_json([Reported(told)]))["reports"]
    assert (entry["temperature"], entry["prompt"], entry["num_samples"]) == (0.2, "chat-v1", 3)
    assert entry["intervals"]["pass_at_3"]["high"] == 1.0
