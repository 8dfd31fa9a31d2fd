"""``evalsite`` alone: what to do next in this folder."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import click

from evalsite.cli.console import as_typed, printable
from evalsite.cli.ending import unfinished
from evalsite.errors import RunError
from evalsite.publish.config import find_config
from evalsite.rundir.finding import find_runs, with_records
from evalsite.rundir.store import RunDir
from evalsite.stats.baseline import pair_to_compare
from evalsite.words.sentences import count

DEMO = Path("demo/runs")
"""Where ``evalsite demo`` leaves runs."""
_SITE = "index.html"
MOST = 4
"""So many unfinished runs are named."""
Step = tuple[tuple[object, ...], str]
"""The words behind ``evalsite``, and what they do."""

_FIRST: tuple[Step, ...] = (
    (("demo",), "the whole flow with two recorded models; needs no server"),
    (("doctor",), "what this machine can do, and with --model-endpoint what a server can"),
    (("run", "--model-endpoint", "http://localhost:8000"), "ask a model behind that address"),
    (("import", "samples.jsonl", "--model-name", "NAME"), "grade samples that were made elsewhere"),
)


def say_what_is_next() -> None:
    """Say what lies in this folder and which commands go on from it, each as it can be typed."""
    config = find_config(None)
    found, steps = _here(config.runs or Path("runs"), config.output or Path("site"))
    click.echo(printable(found))
    words = {as_typed(*step): what for step, what in steps}
    width = max(map(len, words))
    for typed, what in words.items():
        click.echo(printable(f"  {typed.ljust(width)}   {what}"))
    click.echo(f"All commands: {as_typed('--help')}")


def _here(runs_dir: Path, site: Path) -> tuple[str, list[Step]]:
    """What lies in the folder, as a sentence, and the steps from there, the most urgent first."""
    runs = find_runs(runs_dir) if runs_dir.is_dir() else []
    if not runs and DEMO.is_dir() and (shown := find_runs(DEMO)):
        return f"There are no runs in {runs_dir}/ yet; the demo's are in {DEMO}/.", _after_demo(shown)
    if not runs:
        return f"There are no runs in {runs_dir}/ yet. Begin with one of", list(_FIRST)
    steps: list[Step] = []
    for run_dir in runs:
        with suppress(RunError):
            if step := unfinished(run_dir):
                steps.append((step, "finish this run"))
    if len(list(with_records(runs))) < len(runs):
        steps.insert(0, (("validate", "--runs-dir", runs_dir), "a run cannot be read: see what is wrong"))
    del steps[MOST:]
    steps += _pair(runs)
    page, newest = site / _SITE, max(run_dir.path.stat().st_mtime for run_dir in runs)
    if not page.exists() or page.stat().st_mtime < newest:
        steps.append((("build",), f"render all runs into {site}/"))
    else:
        steps.append((("serve",), f"look at {site}/ in a browser"))
    return f"{count(len(runs), 'run')} in {runs_dir}/. What comes next:", steps


def _after_demo(shown: Sequence[RunDir]) -> list[Step]:
    """What can be looked at of a demo, and how one goes on with models of one's own."""
    page = DEMO.parent / "site"
    looking: list[Step] = [(("serve", page), "look at the demo's site in a browser")]
    return [*_pair(shown), *(looking if (page / _SITE).exists() else ()), *_FIRST[1:]]


def _pair(runs: Sequence[RunDir]) -> Iterator[Step]:
    """The comparison of the newest run that has somebody to be compared with."""
    found = list(with_records(runs))
    paths = {record.id: run_dir.path for run_dir, record in found}
    for _, record in reversed(found):
        others = (other for _, other in found if other.id != record.id)
        if record.status == "complete" and (pair := pair_to_compare(record, others)):
            words = ("compare", *(paths[each.id] for each in pair))
            yield words, "say whether the candidate lost more than is allowed"
            return
