"""A metric is three records: a toy is read from a targets file, measured, judged and shown."""

import json

from tests.copied import with_lines
from tests.make import write_run

SAID = 'limit="more toys than {threshold:g} %", told=lambda value, _: f"{value} toys"'
KIND = f'        MetricKind(name="toys", {SAID}),\n'
READ = """def _toys(name: str) -> Metric | None:
    return Metric(name, "toys", "%", "share of toys", "above") if name == "toys" else None


"""
MEASURED = '    "toys": lambda target, run, base: Measured(62.0, Interval(61, 63, 0.95, "toy")),\n'
TARGETS = '[[target]]\nname = "Enough toys"\nmetric = "toys"\nabove = 60\n'


def test_a_metric_is_three_records(tmp_path):
    """What its kind means, how its name is read and how it is measured; all else asks it for its words."""
    toy = with_lines(
        tmp_path,
        ("stats/targets/kinds.py", '        MetricKind(name="time"),', KIND),
        ("stats/targets/metrics.py", "@dataclass(frozen=True)\nclass Forms:", READ),
        ("stats/targets/metrics.py", '    Forms(("tokens_per_s",)', '    Forms(("toys",), _toys),\n'),
        ("stats/targets/measure.py", '    "distance": measure_distance', MEASURED),
    )
    (tmp_path / "targets.toml").write_text(TARGETS, "utf-8")
    write_run(tmp_path / "runs", "m", [1, 0], n=2)
    (row,) = json.loads(toy("check", "--format", "json"))["targets"]
    assert (row["metric"], row["unit"], row["actual"], row["decision"]) == ("toys", "%", 62.0, "met")
    assert "The share of toys of m on humaneval is 62.0 %" in row["sentence"]
    assert "the truth lies between 61.0 toys and 63.0 toys" in row["sentence"]
    assert "(more toys than 60 %)" in row["sentence"]
    toy("build", "--runs", "runs", "--targets", "targets.toml", "--output", "site")
    assert "62.0 %" in (tmp_path / "site" / "targets.html").read_text("utf-8")
