"""``evalsite demo``: the main job from end to end, without a model and without a network."""

import json
from pathlib import Path

import click

from evalsite import api
from evalsite.cli.console import as_typed, say
from evalsite.cli.options import GradingOptions, sandbox_option
from evalsite.cli.parameters import FOLDER, option
from evalsite.cli.producing import produce_run
from evalsite.cli.whats_next import DEMO
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.transport import Timeouts
from evalsite.datasets import LoadedDataset, load_dataset
from evalsite.errors import EXIT_INTERRUPTED, EXIT_OK
from evalsite.forcing.texts import over_references, with_positions
from evalsite.replay.client import SPEED, ReplayClient
from evalsite.replay.recordings import (
    FIRST_CALLS,
    FIRST_EXERCISE,
    FIRST_STEPS,
    RECORDINGS,
    RecordedModel,
    load_own,
    load_recorded_distance,
    load_recording,
)
from evalsite.replay.server import Replay, serving
from evalsite.report.distance import shown
from evalsite.rundir.finding import find_records
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Model
from evalsite.runner.ask import Connection, new_run
from evalsite.runner.plan import Plan
from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.stats.compare.clusters import Weights
from evalsite.stats.distance import distances_between
from evalsite.stats.targets import DEFAULT_TARGETS, Targets, parse_targets

CONCURRENCY = 64
"""The replay keeps the recorded pace, if faster, so many answers have to be under way at once."""

REPLAYED = "evalsite replay"
"""How the replay server's version begins, by which a demo's runs are known."""
POOL = ("humaneval", FIRST_STEPS)
"""What the verdict over several data sets is about: functions alone."""
WEIGHTS: Weights = "dataset"
MARGIN = 5
"""Points that may be lost over both data sets together; chosen when the recordings were known, to decide."""
_TOGETHER = parse_targets(
    f"""[[target]]
name = "Both data sets against the baseline"
metric = "degradation"
pool = {json.dumps(POOL)}
weights = "{WEIGHTS}"
margin = {MARGIN}
""",
    "the demo's own",
)
TARGETS = Targets((*DEFAULT_TARGETS.rows, *_TOGETHER.rows), DEFAULT_TARGETS.source)


@click.command("demo")
@option(
    "--runs-dir",
    type=FOLDER,
    default=DEMO,
    help="folder for the runs; those of an earlier demo are replaced.",
)
@option("--output", type=FOLDER, default=Path("demo/site"), help="Folder for the site.")
@sandbox_option("As in 'evalsite run'")
def command(runs_dir: Path, output: Path, sandbox: Sandbox | None) -> int:
    """Replay two recorded models through client, sandbox and site: no model, no network.

    An embedded server answers with what SmolLM2-135M really said to all of HumanEval, to a few easy
    problems, and to eight conversations with tools to call, as it ships and in ternary weights, and
    what it did as an agent; ten times as fast, times are scaled back. How far both are apart token by
    token was recorded, too. Ends with a verdict over both data sets of functions, and a site. Takes
    about a minute.
    """
    _remove_earlier(runs_dir)
    options = GradingOptions(sandbox=sandbox)
    asked = (
        (load_dataset("humaneval"), RECORDINGS),
        *(
            (load_own(own), tuple(f"{name}-{own}" for name in RECORDINGS))
            for own in (FIRST_STEPS, FIRST_CALLS)
        ),
        (load_own(FIRST_EXERCISE), (f"{RECORDINGS[0]}-{FIRST_EXERCISE}",)),
    )
    for dataset, recordings in asked:
        models = [load_recording(name) for name in recordings]
        with serving(Replay(models, dataset.problems, speed=SPEED)) as url:
            for model in models:
                code = _replay(model, dataset, url, options, runs_dir)
                if code == EXIT_INTERRUPTED:
                    return code
    _put_distance(runs_dir)
    build_site(runs_dir, output, options=SiteOptions(title="evalsite demo", targets=TARGETS))
    _tell(runs_dir)
    say(f"The site is {output / 'index.html'}. To look at it: {as_typed('serve', output)}")
    return EXIT_OK


def _put_distance(runs_dir: Path) -> None:
    """What both models said token by token is a directory as it was recorded: it takes no grading."""
    recorded = load_recorded_distance()
    problems = [each for each in load_dataset("humaneval").problems if each.task_id in recorded.problems]
    record = recorded.record
    recorded.put(runs_dir, with_positions(over_references(problems), record.num_positions, record.seed))


def _tell(runs_dir: Path) -> None:
    """Say the verdict over both data sets, how far both are apart, and how that is had again."""
    for apart in distances_between(runs_dir, *RECORDINGS):
        top, kl = (shown(each.value, unit) for each, unit in (
            (apart.figures.same_top, "%"), (apart.figures.kl, "nats")))  # fmt: skip
        click.echo(f"Token by token: {top} the same top token, a mean KL of {kl} or more.")
        say(f"Place by place: {as_typed('distance', apart.dir.path)}")
    runs = api.open_runs(runs_dir)
    replayed = [run for run in runs if run.run.model.server.get("version", "").startswith(REPLAYED)]
    found = api.compare_pool(replayed, *RECORDINGS, POOL, weights=WEIGHTS, margin=MARGIN / 100)
    click.echo(f"Over both data sets: {found.decision}. {found.headline} {found.spread}")
    asked = ("--pool", ",".join(POOL), "--weights", WEIGHTS, "--margin", MARGIN, "--runs-dir", runs_dir)
    say(f"The same in full: {as_typed('compare', *RECORDINGS, *asked)}")
    say(f"Calls of tools, too: {as_typed('compare', *RECORDINGS, '--card', '--runs-dir', runs_dir)}")


def _replay(
    model: RecordedModel, dataset: LoadedDataset, url: str, options: GradingOptions, runs_dir: Path
) -> int:
    about = model.about
    endpoint = parse_endpoint(url, about.settings.api)
    plan = Plan(
        dataset=dataset,
        model=Model(name=about.model, endpoints=(endpoint.url,), card=about.card),
        settings=about.settings,
        grading=options.grading(),
        num_samples=about.num_samples,
    )
    connection = Connection((endpoint,), CONCURRENCY, Timeouts(request_s=600.0), client_class=ReplayClient)
    return produce_run(plan, connection, options, new_run(runs_dir))


def _remove_earlier(runs_dir: Path) -> None:
    """Take away the runs of an earlier demo, and nothing else."""
    for run_dir, run in find_records(runs_dir):
        if run.model.server.get("version", "").startswith(REPLAYED):
            run_dir.remove()
