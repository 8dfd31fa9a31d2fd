"""``evalsite run``: ask a model, grade its answers, write a run directory."""

from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from evalsite.cli.asking import AskingOptions, api_option
from evalsite.cli.campaign import campaign_of, carry_out, hardest_context, levels_of, levels_options
from evalsite.cli.connecting import ConnectionOptions
from evalsite.cli.looking import LookingOptions
from evalsite.cli.options import (
    GradingOptions,
    dataset_options,
    grade_option,
    read_dataset,
    runs_dir_option,
)
from evalsite.cli.parameters import FILE, NAME, option
from evalsite.cli.producing import produce_run
from evalsite.cli.profiles import profile_argument
from evalsite.cli.progress import progress, progress_option, tell
from evalsite.cli.rehearsing import rehearse, rehearse_levels
from evalsite.cli.repeating import Repeat
from evalsite.cli.sampling import SamplingOptions
from evalsite.client.endpoints import Endpoint, names_api, parse_endpoint
from evalsite.datasets import LoadedDataset
from evalsite.errors import UsageError
from evalsite.kinds import kind_of
from evalsite.kinds.prompts import prompt_for
from evalsite.rundir.draws import Draw
from evalsite.rundir.levels import Wanted
from evalsite.rundir.modelcard import read_model_card
from evalsite.rundir.schema import Api, Context, Model, ModelCard, Settings
from evalsite.rundir.shards import Shard
from evalsite.runner.ask import new_run, settle_api
from evalsite.runner.plan import Plan


@dataclass(frozen=True)
class RunOptions:
    """What ``evalsite run`` was asked, apart from data set and grading. Fields are named like the options."""

    model_endpoint: tuple[str, ...]
    model_name: str
    api: Api | None
    model_card: Path | None
    num_samples: int
    max_problems: int | None
    draw_seed: int
    shard: str | None
    runs_dir: Path
    sampling: SamplingOptions

    def endpoints(self, api: Api | None = None) -> tuple[Endpoint, ...]:
        """Return where to ask; all endpoints have to speak the same API: ``api``, where nobody names one."""
        named = (parse_endpoint(url).api for url in self.model_endpoint if names_api(url))
        chosen = self.api or api or next(named, None)
        endpoints = tuple(parse_endpoint(url, chosen) for url in self.model_endpoint)
        if len({endpoint.api for endpoint in endpoints}) > 1:
            raise UsageError("the endpoints speak different APIs", hint="Name one API with --api.")
        return endpoints

    @cached_property
    def card(self) -> ModelCard:
        """What the model's card says; nothing where there is none."""
        return read_model_card(self.model_card) if self.model_card else ModelCard()

    @property
    def leaves_api_open(self) -> bool:
        """Whether neither an option nor an address says which API to ask by."""
        return self.api is None and not any(map(names_api, self.model_endpoint))

    def settings(self, api: Api, asking: AskingOptions, dataset: LoadedDataset) -> Settings:
        """Return what counts towards the run's identity."""
        sampled = self.sampling.of_samples(self.num_samples)
        return asking.settings(api, dataset, self.card.family, **sampled)


@click.command("run")
@profile_argument
@click.option(
    "--model-endpoint",
    required=True,
    multiple=True,
    metavar="URL",
    help="The server: a base (http://host:8081, .../v1) or a full path (.../v1/chat/completions). "
    "Repeat it to share the load between servers of the same model.",
)
@click.option(
    "--model-name", type=NAME, required=True, metavar="NAME", help="The model, as the server knows it."
)
@api_option
@click.option(
    "--model-card",
    type=FILE,
    help='TOML: family, quantization, bits_per_weight, role = "baseline", ...',
)
@dataset_options
@levels_options
@option(
    "-n",
    "--num-samples",
    type=click.IntRange(min=1),
    default=1,
    help="Samples of each problem; pass@k needs at least k.",
)
@click.option(
    "--max-problems",
    type=click.IntRange(min=1),
    metavar="N",
    help="Ask only N problems, drawn at random; 'resume' asks more, or all.",
)
@option(
    "--draw-seed",
    type=click.IntRange(min=0),
    default=0,
    help="Which N are drawn: the same of a data set for every model.",
)
@click.option("--problems", default="", metavar="ID,...", help="Ask these problems only.")
@LookingOptions.options
@click.option(
    "--dry-run", is_flag=True, help="Say what would be asked, show the first prompt, and ask nothing."
)
@click.option(
    "--shard",
    metavar="PART/OF",
    help="Ask one part of the problems, such as 3/16, here, and the others elsewhere; 'evalsite merge' puts "
    "them together.",
)
@SamplingOptions.options
@AskingOptions.options
@ConnectionOptions.options
@progress_option
@grade_option
@runs_dir_option
@GradingOptions.options
def command(dataset: str, data_path: Path | None, *, grade: bool, **options: Any) -> int:
    """Ask a model, grade its answers in a sandbox, and write a run directory.

    The run's path is the last line on standard output. A run that was interrupted, or that
    lost samples to the network, goes on with 'evalsite resume'. PROFILE is a table of
    evalsite.toml, such as [run.candidate], that holds any of these options.

    \b
    Example:
      evalsite run --model-endpoint http://localhost:8081 --model-name qwen3-coder-ternary \\
          --dataset humaneval --num-samples 10
    """  # noqa: D301
    grading = GradingOptions.take(options)
    looking = LookingOptions.take(options)
    only, dry = tuple(filter(None, options.pop("problems").split(","))), options.pop("dry_run")
    of, named = Wanted.parse(dataset)
    levels = levels_of(named, options)
    asking = AskingOptions.take(options)
    reached = ConnectionOptions.take(options)
    wanted = RunOptions(sampling=SamplingOptions.take(options), **options)
    shard = None if wanted.shard is None else Shard.parse(wanted.shard)
    loaded = read_dataset(of, data_path)
    if grade and not dry and any(kind_of(problem).runs for problem in loaded.problems):
        grading.require_system()
    if not grade:
        asking.refuse_ungraded(loaded)
    context = hardest_context(loaded, levels)
    endpoints, settings = _settled(wanted, asking, reached, loaded, asks=not dry, context=context)
    plan = Plan(
        dataset=loaded,
        model=Model(
            name=wanted.model_name, endpoints=tuple(endpoint.url for endpoint in endpoints), card=wanted.card
        ),
        settings=settings,
        grading=grading.grading(),
        num_samples=wanted.num_samples,
        max_problems=wanted.max_problems,
        draw=Draw(seed=wanted.draw_seed),
        only=tuple(name.strip() for name in only),
        shard=shard,
        campaign=campaign_of(levels, loaded.name, wanted.model_name),
    )
    plans = [looking.stopping(plan.on(level), wanted.runs_dir, grade=grade) for level in levels]
    if dry:
        return rehearse_levels(plans) if plan.campaign else rehearse(plans[0], wanted.runs_dir)
    connection, deciding = reached.connection(endpoints), plans[0].deciding
    repeat = Repeat.of(reached, grading, data_path, deciding.base.dir.path if deciding else None)

    def ask(planned: Plan) -> int:
        return produce_run(planned, connection, grading, new_run(wanted.runs_dir), repeat, grade=grade)

    if plan.campaign is None:
        return ask(plans[0])
    return carry_out(plan.campaign, [partial(ask, planned) for planned in plans], wanted.runs_dir)


def _settled(
    wanted: RunOptions,
    asking: AskingOptions,
    reached: ConnectionOptions,
    loaded: LoadedDataset,
    *,
    asks: bool,
    context: Context | None,
) -> tuple[tuple[Endpoint, ...], Settings]:
    """Return where and how to ask. Where nobody says by which API, the server is asked, if anything may be.

    A mistake in the words of a prompt is told before. ``context``: a conversation that will
    stand before questions, for which only the chat API will do.
    """
    problem = loaded.problems[0]
    suited = "chat" if context else asking.suited_api(problem, wanted.card.family)
    likely: Api | None = "chat" if wanted.leaves_api_open and not asks else None
    endpoints = wanted.endpoints(suited or likely)
    settings = wanted.settings(endpoints[0].api, asking, loaded)
    prompt_for(problem, replace(settings, context=context))
    connection = reached.connection(endpoints)
    if not wanted.leaves_api_open or suited is not None or not asks:
        return endpoints, settings
    with progress() as listener:
        chosen, why = settle_api(connection, problem, wanted.model_name, listener)
    tell(f"note: {endpoints[0].base}: {why}")
    return wanted.endpoints(chosen), wanted.settings(chosen, asking, loaded)
