"""``evalsite demo``: the main job from end to end, without a model and without a network."""

from pathlib import Path

import click

from evalsite.cli.console import as_typed, say
from evalsite.cli.options import FOLDER, GradingOptions
from evalsite.cli.producing import produce_run
from evalsite.client import Timeouts, parse_endpoint
from evalsite.datasets import LoadedDataset, load_dataset
from evalsite.errors import EXIT_INTERRUPTED, EXIT_OK
from evalsite.grading.isolation import SANDBOXES, Sandbox
from evalsite.replay.client import SPEED, ReplayClient
from evalsite.replay.recordings import RECORDINGS, RecordedModel, load_recording
from evalsite.replay.server import Replay, serving
from evalsite.rundir.finding import find_runs
from evalsite.rundir.schema import Limits, Model
from evalsite.runner.ask import Connection, new_run
from evalsite.runner.plan import Plan
from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions

CONCURRENCY = 64
"""The replay keeps the recorded pace, if faster, so many answers have to be under way at once."""


@click.command("demo")
@click.option(
    "--runs-dir",
    type=FOLDER,
    default=Path("demo/runs"),
    show_default=True,
    help="Folder for the two runs; those of an earlier demo are replaced.",
)
@click.option(
    "--output", type=FOLDER, default=Path("demo/site"), show_default=True, help="Folder for the site."
)
@click.option(
    "--sandbox",
    type=click.Choice(SANDBOXES),
    help="As in 'evalsite run'.  [default: bubblewrap, or landlock where that does not start]",
)
def command(runs_dir: Path, output: Path, sandbox: Sandbox | None) -> int:
    """Replay two recorded models through client, sandbox and site: no model, no network.

    An embedded server answers with what SmolLM2-135M really said to all of HumanEval, as it
    ships and in ternary weights, ten times as fast; times are scaled back. Takes about a minute.
    """
    dataset = load_dataset("humaneval")
    models = [load_recording(name) for name in RECORDINGS]
    _remove_earlier(runs_dir)
    options = GradingOptions(
        sandbox=sandbox,
        cpu_limit=Limits().cpu_s,
        memory_limit=Limits().memory_mib,
        workers=None,
        dask=None,
        dedupe=True,
        preflight=True,
    )
    with serving(Replay(models, dataset.problems, speed=SPEED)) as url:
        for model in models:
            code = _replay(model, dataset, url, options, runs_dir)
            if code == EXIT_INTERRUPTED:
                return code
    build_site(runs_dir, output, options=SiteOptions(title="evalsite demo"))
    say(f"The site is {output / 'index.html'}. To look at it: {as_typed('serve', output)}")
    return EXIT_OK


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
    for run_dir in find_runs(runs_dir) if runs_dir.is_dir() else []:
        if run_dir.read_run().model.server.get("version", "").startswith("evalsite replay"):
            run_dir.remove()
