"""A metric is added in two places: a toy is read from a targets file, measured, judged and shown."""

import json

from tests.copied import with_lines
from tests.make import write_run

READ = '    if name == "toys":\n        return Metric(name, "toys", "%", "share of toys", "above")\n'
MEASURED = '    if metric.kind == "toys":\n        return Measured(62.0, None, num_problems=run.n.size)\n'
TARGETS = '[[target]]\nname = "Enough toys"\nmetric = "toys"\nabove = 60\n'


def test_a_metric_is_added_in_two_places(tmp_path):
    """Where its name is read and where it is measured; all else asks it for its words and its unit."""
    toy = with_lines(
        tmp_path,
        ("stats/targets/metrics.py", '    raise ValueError(f"no such metric;', READ),
        ("stats/targets/measure.py", "    speed = run.summary.tokens_per_s", MEASURED),
    )
    (tmp_path / "targets.toml").write_text(TARGETS, "utf-8")
    write_run(tmp_path / "runs", "m", [1, 0], n=2)
    (row,) = json.loads(toy("check", "--format", "json"))["targets"]
    assert (row["metric"], row["unit"], row["actual"], row["decision"]) == ("toys", "%", 62.0, "met")
    assert "The share of toys of m on humaneval is 62.0 %" in row["sentence"]
    toy("build", "--runs", "runs", "--targets", "targets.toml", "--output", "site")
    assert "62.0 %" in (tmp_path / "site" / "targets.html").read_text("utf-8")
