"""Targets in Markdown: whatever a change brings, a comment can hold it."""

import re

from evalsite.report.targets import as_json, as_markdown
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
    assert f'"page": "{page_of(run)}"' in as_json(standing, "targets.toml", page_of)


def test_links_of_a_change_say_when_they_lead_somewhere():
    """After the merge; what is published already, and what has no address, needs no such word."""
    base, run = loaded_run([9] * 20, 10, model="fp8"), loaded_run([8] * 20, 10)
    results = list(judge(DEFAULT_TARGETS, [base, run], {run.id: base, base.id: base}))
    words = "once it is merged and published"
    assert words in as_markdown(Standing.of(results, [run]), "targets.toml", page_of)
    assert words not in as_markdown(Standing.of(results, [run]), "targets.toml", lambda _run: "")
    assert words not in as_markdown(Standing.of(results), "targets.toml", page_of)
