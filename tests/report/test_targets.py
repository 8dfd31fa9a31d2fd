"""Targets in Markdown: whatever a change brings, a comment can hold it."""

import json
import re

from evalsite.report.targets import OTHERS, as_json, as_junit, as_markdown, as_text
from evalsite.stats.targets import DEFAULT_TARGETS, Standing, judge
from tests.make import loaded_run

SITE = "https://me.github.io/results/"


def page_of(run):
    return f"{SITE}runs/{run.id}/"


def test_a_comment_has_room_for_what_decides():
    """A hundred models: cut to a comment's length, with a link for each, and what is left out counted."""
    base = loaded_run([9] * 20, 10, model="fp8")
    runs = [loaded_run([8] * 20, 10, model=f"candidate-{number}-of-a-long-name") for number in range(100)]
    results = judge(DEFAULT_TARGETS, [base, *runs], {run.id: base for run in [base, *runs]})
    standing = Standing.of(list(results))
    told = as_markdown(standing, "targets.toml", page_of)
    assert len(told) < 65_536
    assert f"]({page_of(runs[0])})" in told
    (left,) = re.findall(r"- and (\d+) more, for which", told)
    assert int(left) + told.count("\n- **") == len(standing.deciding)


def test_little_is_shown_whole():
    """Nothing is cut, and without a site nothing is linked; JSON names each page."""
    base, run = loaded_run([9] * 20, 10, model="fp8"), loaded_run([8] * 20, 10)
    standing = Standing.of(list(judge(DEFAULT_TARGETS, [base, run], {run.id: base, base.id: base})))
    told = as_markdown(standing, "targets.toml", lambda _run: "")
    assert "more, for which" not in told
    assert "](" not in told
    first, second = json.loads(as_json(standing, "targets.toml", page_of))["targets"]
    figures = ("run", "baseline_run", "page", "model", "dataset", "dataset_sha256", "unit", "threshold")
    assert [first[name] for name in figures] == [
        run.id, base.id, page_of(run), "candidate", "humaneval", "0" * 64, "points", 10.0,
    ]  # fmt: skip
    assert [round(first[name], 6) for name in ("baseline", "actual", "delta")] == [90.0, 10.0, -10.0]
    judged = standing.deciding[0].interval
    assert (first["interval"]["low"], first["interval"]["high"]) == (judged.low, judged.high)
    assert (first["group"], first["direction"], second["actual"]) == ("decides", "below", 0.0)


def test_where_no_run_is_there_yet_is_nothing_but_the_target():
    """In JSON as null, in a table as dashes; the gate is pending."""
    standing = Standing.of(list(judge(DEFAULT_TARGETS, [], {})))
    document = json.loads(as_json(standing, "targets.toml", page_of))
    (row,) = document["targets"]
    assert (document["decision"], document["source"], row["threshold"]) == ("pending", "targets.toml", 10.0)
    empty = ("run", "page", "model", "baseline", "baseline_run", "actual", "interval", "delta", "pool")
    assert [row[name] for name in empty] == [None] * len(empty)
    text = as_text(standing, "targets.toml", page_of)
    assert text.startswith("Judged by targets.toml.\nTargets: ")
    assert "none on any" in text
    assert as_junit(standing, "", page_of).count("<skipped") == 1


def test_several_models_are_answered_one_by_one_and_together():
    """First what decides, then what this change did not bring, folded where there is a way to fold."""
    base = loaded_run([9] * 60, 10, model="fp8")
    runs = [loaded_run([lost] * 60, 10, model=f"cand-{lost}") for lost in (9, 2)]
    results = list(judge(DEFAULT_TARGETS, [base, *runs], {run.id: base for run in [base, *runs]}))
    text = as_text(Standing.of(results), "targets.toml", page_of)
    assert all(f"\n- cand-{lost}: " in text for lost in (9, 2))
    brought = Standing.of(results, runs[:1])
    text, told = as_text(brought, "t", page_of), as_markdown(brought, "t", page_of)
    assert text.index("- pass@1 against the baseline: pass@1 of cand-9") < text.index(f"\n{OTHERS}:\n")
    assert f"<details><summary>{OTHERS}: {len(brought.others)}</summary>" in told
    assert OTHERS not in as_markdown(Standing.of(results), "t", page_of)
    nothing = as_text(Standing.of(results, []), "t", page_of)
    assert "Targets: nothing to judge in this change" in nothing
    assert json.loads(as_json(Standing.of(results, []), "t", page_of))["decision"] is None


def test_links_of_a_change_say_when_they_lead_somewhere():
    """After the merge; what is published already, and what has no address, needs no such word."""
    base, run = loaded_run([9] * 20, 10, model="fp8"), loaded_run([8] * 20, 10)
    results = list(judge(DEFAULT_TARGETS, [base, run], {run.id: base, base.id: base}))
    words = "once it is merged and published"
    assert words in as_markdown(Standing.of(results, [run]), "targets.toml", page_of)
    assert words not in as_markdown(Standing.of(results, [run]), "targets.toml", lambda _run: "")
    assert words not in as_markdown(Standing.of(results), "targets.toml", page_of)
