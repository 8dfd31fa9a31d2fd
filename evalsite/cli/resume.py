"""``evalsite resume``: ask for what a run still lacks."""

import contextlib
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from evalsite.cli.campaign import carry_out
from evalsite.cli.connecting import ConnectionOptions
from evalsite.cli.console import say
from evalsite.cli.looking import goes_on_deciding
from evalsite.cli.options import GradingOptions, find_run, grade_option, runs_dir_option
from evalsite.cli.parameters import FILE, PATH, run_argument
from evalsite.cli.producing import produce_run
from evalsite.cli.progress import progress_option
from evalsite.cli.repeating import Repeat
from evalsite.client.endpoints import parse_endpoint
from evalsite.datasets import LoadedDataset, load_dataset
from evalsite.errors import RunError, UsageError
from evalsite.rundir.beside import data_path_in, read_repeat
from evalsite.rundir.draws import Draw, part_of
from evalsite.rundir.finding import find_campaign
from evalsite.rundir.levels import Wanted
from evalsite.rundir.modelcard import read_model_card
from evalsite.rundir.schema import Grading, Model, Problem, Run
from evalsite.rundir.shards import Shard
from evalsite.rundir.store import RunDir
from evalsite.runner.ask import Connection, new_run
from evalsite.runner.grade import check_like_before, drift_from_before
from evalsite.runner.plan import Plan, extend, lacks_something, refuse_another, replaced_by
from evalsite.stats.steadiness import changes_told
from evalsite.words.commands import command as as_command


@click.command("resume")
@run_argument
@click.option(
    "-n", "--num-samples", type=click.IntRange(min=1), help="Raise the samples of each problem to N."
)
@click.option("--max-problems", type=click.IntRange(min=1), help="Raise the number of problems to N.")
@click.option("--all-problems", is_flag=True, help="Ask every problem of the data set.")
@click.option(
    "--data-path", type=PATH, help="The data set's file or folder, where the run was made with one."
)
@click.option(
    "--model-endpoint",
    multiple=True,
    metavar="URL",
    help="Where the server is now, if it has moved; or the same URL again, if it holds a secret.",
)
@click.option("--model-card", type=FILE, help="A mended model card, in place of the run's own.")
@ConnectionOptions.options
@progress_option
@grade_option
@runs_dir_option
@GradingOptions.options
def command(run: Path, runs_dir: Path, *, grade: bool, **options: Any) -> int:
    """Ask for the samples that a run still lacks, and grade them.

    Model, prompt, settings and data set are the run's own; anything different is refused. A
    server that has moved and a mended model card are taken over, and recorded. Samples and
    problems may be raised: what was answered is not asked again. Limits, deduplication,
    concurrency, timeouts, patience, workers and the data set's file are those of the command
    before, unless given anew; headers, keys and proxies are not written down.
    """
    run_dir = find_run(run, runs_dir)
    record = run_dir.read_run()
    taken = _Taken(GradingOptions.take(options), ConnectionOptions.take(options), options, grade)
    if not record.campaign:
        return _go_on(run_dir, taken)
    beside = run_dir.path.parent
    there = {each.read_run().dataset.name: each for each in find_campaign(record.campaign, beside)}
    asking = (
        partial(_go_on, there[name], taken) if name in there else partial(_begin, run_dir, name, taken)
        for name in record.campaign.levels
    )
    return carry_out(record.campaign, asking, beside)


@dataclass(frozen=True)
class _Taken:
    """What the command was given, which holds for every run that it goes on with."""

    grading: GradingOptions
    reached: ConnectionOptions
    options: dict[str, Any]
    grade: bool


def _planned(run_dir: RunDir, taken: _Taken) -> tuple[Plan, GradingOptions, Connection, Repeat]:
    """What a run asks by now, how its answers are graded, where it asks, and what the next command keeps."""
    record, earlier, options = run_dir.read_run(), read_repeat(run_dir), taken.options
    grading = taken.grading.following(record.grading).working_as(earlier)
    reached = taken.reached.following(earlier)
    data_path = options["data_path"] or data_path_in(earlier)
    if record.kind == "imported" or record.settings is None:
        raise RunError(
            f"{run_dir.path}: these samples were made elsewhere; there is no model to ask",
            hint=f"Grade what has no verdict yet with: {as_command('grade', run_dir.path)}",
        )
    urls = options["model_endpoint"] or record.model.endpoints
    endpoints = tuple(parse_endpoint(url, record.settings.api) for url in urls)
    card = read_model_card(options["model_card"]) if options["model_card"] else record.model.card
    model = replace(record.model, endpoints=tuple(endpoint.url for endpoint in endpoints), card=card)
    plan = _plan(run_dir, load_dataset(record.dataset.name, data_path), model, grading.grading(), options)
    deciding = goes_on_deciding(run_dir, record, plan.num_samples, earlier)
    repeat = Repeat.of(reached, grading, data_path, deciding.base.dir.path if deciding else None)
    return dataclasses.replace(plan, deciding=deciding), grading, reached.connection(endpoints), repeat


def _go_on(run_dir: RunDir, taken: _Taken) -> int:
    """Ask for what one run lacks."""
    plan, grading, connection, repeat = _planned(run_dir, taken)
    for warning in _fewer(run_dir.read_run(), taken.options):
        say(warning)

    @contextlib.contextmanager
    def reopened(described: Plan) -> Iterator[RunDir]:
        if described.grading and (note := drift_from_before(run_dir, described.grading)):
            say(f"note: {note}")
        before = run_dir.read_run()
        for change in replaced_by(before, described):
            say(f"note: replaced on purpose, and recorded: {change}")
        known = changes_told(before)
        for change in changes_told(extend(run_dir, described)):
            if change not in known:
                say(f"warning: {change}")
        yield run_dir

    with run_dir.lock():  # before anything is asked: neither another's run nor another run is worth a request
        refuse_another(run_dir, plan)
        if taken.grade:
            check_like_before(run_dir, grading.grading())
        asks = lacks_something(run_dir, plan)
        return produce_run(plan, connection, grading, reopened, repeat, grade=taken.grade, asks=asks)


def _begin(sibling: RunDir, name: str, taken: _Taken) -> int:
    """Begin a run of a campaign that is not there yet, as one that is there was begun."""
    plan, grading, connection, repeat = _planned(sibling, taken)
    of, wanted = Wanted.parse(name)
    data_path = data_path_in(repeat.written)
    plan = dataclasses.replace(plan, dataset=load_dataset(of, data_path)).on(wanted)
    opened = new_run(sibling.path.parent)
    return produce_run(plan, connection, grading, opened, repeat, grade=taken.grade)


def _plan(
    run_dir: RunDir, dataset: LoadedDataset, model: Model, grading: Grading, options: dict[str, Any]
) -> Plan:
    """The run's own plan, with as many more samples and problems as the options want."""
    record = run_dir.read_run()
    assert record.settings is not None
    shard = Shard.parse(record.shard) if record.shard else None
    draw = record.draw or (Draw() if record.chosen else None)
    problems = dataset.problems if shard is None else shard.choose(dataset.problems)
    return Plan(
        dataset=dataset,
        model=model,
        settings=record.settings,
        grading=grading,
        num_samples=options["num_samples"] or record.num_samples,
        max_problems=_max_problems(record, options),
        draw=draw,
        only=_only(run_dir, problems, draw, options),
        shard=shard,
        campaign=record.campaign or None,
    )


def _only(
    run_dir: RunDir, problems: tuple[Problem, ...], draw: Draw | None, options: dict[str, Any]
) -> tuple[str, ...]:
    """The ids of a run's problems where they were named, unless it is to ask more of ``problems`` now."""
    asked = _ids(run_dir.problems())
    if options["all_problems"] or asked == _ids(part_of(problems, len(asked), draw)):
        return ()
    if (most := options["max_problems"]) and not set(asked) <= set(_ids(part_of(problems, most, draw))):
        raise UsageError(
            f"--max-problems {most} would leave out problems that this run has asked: they were chosen",
            hint="--all-problems asks all; for other problems make another run.",
        )
    return () if most else asked


def _ids(problems: tuple[Problem, ...]) -> tuple[str, ...]:
    return tuple(problem.task_id for problem in problems)


def _fewer(record: Run, options: dict[str, Any]) -> Iterator[str]:
    """Say which numbers change nothing, since a run asks no fewer than it did."""
    for option, word, has in (
        ("num_samples", "samples of each problem", record.num_samples),
        ("max_problems", "problems", record.num_problems),
    ):
        if options[option] and options[option] < has:
            given = f"--{option.replace('_', '-')} {options[option]}"
            yield f"warning: this run asks {has} {word} and cannot ask fewer: {given} changes nothing"


def _max_problems(record: Run, options: dict[str, Any]) -> int | None:
    if options["all_problems"]:
        return None
    return max(record.num_problems, options["max_problems"] or 0)
