"""``evalsite distance``: how far a model is from its baseline, token by token."""

import asyncio
import os
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, get_args

import click
from msgspec.structs import replace

from evalsite.cli.connecting import ConnectionOptions
from evalsite.cli.console import as_typed, printable, say
from evalsite.cli.options import dataset_options, find_run, format_option, read_dataset, runs_dir_option
from evalsite.cli.parameters import FILE, NAME, PATH, option
from evalsite.cli.progress import progress, progress_option
from evalsite.client.endpoints import names_api, parse_endpoint
from evalsite.client.inquiry import Finding
from evalsite.datasets import LoadedDataset
from evalsite.distance.identity import refuse_changed
from evalsite.distance.positions import BEHIND_WORDS, RULE
from evalsite.distance.schema import Api, Over, Way
from evalsite.distance.store import DistanceDir
from evalsite.errors import (
    EXIT_OK,
    EndpointError,
    EvalsiteError,
    IdentityError,
    IncompleteError,
    RunError,
    UsageError,
)
from evalsite.forcing.beginning import Wish, begin
from evalsite.forcing.measuring import Party, lacking_places, measure
from evalsite.forcing.texts import over_answers, over_references, with_positions
from evalsite.report.distance import as_json, as_text
from evalsite.rundir.draws import Draw, part_of
from evalsite.rundir.modelcard import read_model_card
from evalsite.rundir.schema import Model, ModelCard
from evalsite.rundir.store import RunDir
from evalsite.runner.recording import describe_dataset, this_environment
from evalsite.stats.distance import Found, load_distance
from evalsite.stats.distance.found import FEWEST_FOR_SAME
from evalsite.words.sentences import count


@click.command("distance")
@click.argument("folder", required=False, type=PATH)
@click.option(
    "--base-endpoint",
    metavar="URL",
    help="The baseline's server: a base (http://host:8081) or an API's path.",
)
@click.option("--base-name", type=NAME, metavar="NAME", help="The baseline, as its server knows it.")
@click.option(
    "--base",
    type=PATH,
    metavar="RUN",
    help="A run of the baseline: its server and name are asked again, where they are not given.",
)
@click.option("--base-card", type=FILE, help="The baseline's model card (TOML).")
@click.option(
    "--base-api-key-env",
    metavar="NAME",
    help="Environment variable with the key for the baseline's server.  [default: that of --api-key-env]",
)
@click.option("--model-endpoint", metavar="URL", help="The candidate's server.")
@click.option("--model-name", type=NAME, metavar="NAME", help="The candidate, as its server knows it.")
@click.option("--model-card", type=FILE, help="The candidate's model card (TOML).")
@dataset_options
@option(
    "--over",
    type=click.Choice(get_args(Over)),
    default="reference",
    help="What stands behind each prompt: the reference solution, or the answers of --base.",
)
@option(
    "--positions",
    type=click.IntRange(min=1),
    default=2000,
    help="Places at which both are asked for the next token, spread over the problems and over each text.",
)
@click.option(
    "--max-problems", type=click.IntRange(min=1), metavar="N", help="Take N problems, drawn at random."
)
@option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    help="Which places, and which problems.",
)
@option(
    "--tokens",
    type=click.IntRange(min=2),
    default=1000,
    help="Tokens to have named at each place, where a server names as many.",
)
@click.option(
    "--way",
    type=click.Choice(get_args(Way)),
    help="How servers are asked.  [default: the best that they honour]",
)
@ConnectionOptions.options
@progress_option
@format_option(("text", "json"))
@runs_dir_option
def command(folder: Path | None, runs_dir: Path, **options: Any) -> int:
    """Say how far a model is from its baseline, token by token, along code that neither wrote.

    Both servers are asked for the next token's probabilities at the same places of the same
    texts, and the baseline a second time, to see what is noise. The directory's path is the last
    line but the report. With FOLDER go on with a distance that was interrupted, or report on it.

    \b
    Example:
      evalsite distance --base-endpoint http://localhost:8080 --base-name qwen3-coder-fp8 \\
          --model-endpoint http://localhost:8081 --model-name qwen3-coder-ternary
    """  # noqa: D301
    reached = ConnectionOptions.take(options)
    if reached.token_limit is not None:
        raise UsageError(
            "--token-limit is for answers: here each place costs one token", hint="Give --positions."
        )
    if folder is None:
        begun, parties = _begun(options, reached, runs_dir)
    else:
        begun, parties = _going_on(folder, runs_dir, options, reached)
    _measure(begun, parties, reached)
    found = load_distance(begun)
    if options["form"] == "json":
        say(f"wrote {begun.path}")
        click.echo(as_json(found))
    else:
        click.echo(printable(as_text(found)))
        click.echo(begun.path)
    return _told(found)


def _begun(
    options: dict[str, Any], reached: ConnectionOptions, runs_dir: Path
) -> tuple[DistanceDir, tuple[Party, Party]]:
    """Begin a distance as the options say."""
    base_run = find_run(options["base"], runs_dir) if options["base"] else None
    settings = base_run.read_run().settings if base_run and options["over"] == "answers" else None
    parties = _parties(options, reached, base_run, settings.api if settings else "completions")
    wish = _wish(options, base_run)
    with progress() as listener:
        return asyncio.run(begin(wish, parties, runs_dir, this_environment(), listener)), parties


def _parties(
    options: dict[str, Any], reached: ConnectionOptions, base_run: RunDir | None, api: Api
) -> tuple[Party, Party]:
    """Both models, by the options and the baseline's run."""
    given = dict(options)
    card = ModelCard()
    if base_run is not None:
        model = base_run.read_run().model
        card = model.card
        known_at = next(iter(model.endpoints), None)
        given["base_endpoint"] = given["base_endpoint"] or (known_at and parse_endpoint(known_at).base)
        given["base_name"] = given["base_name"] or model.name
    for name in ("base_endpoint", "base_name", "model_endpoint", "model_name"):
        if not given[name]:
            also = ", or a run of the baseline: --base RUN" if name.startswith("base") else ""
            raise UsageError(
                f"a distance is between two models, and --{name.replace('_', '-')} is missing",
                hint=f"Give both models' servers and names{also}.",
            )
    cards = [options["base_card"], options["model_card"]]
    base, candidate = (
        Model(name=given[f"{who}_name"], card=read_model_card(file) if file else known)
        for who, file, known in (("base", cards[0], card), ("model", cards[1], ModelCard()))
    )
    urls = given["base_endpoint"], given["model_endpoint"]
    keys = options["base_api_key_env"], None
    ours, theirs = (
        _party(model, url, reached, key, api)
        for model, url, key in zip((base, candidate), urls, keys, strict=True)
    )
    return ours, theirs


def _party(
    model: Model, url: str, reached: ConnectionOptions, key_env: str | None = None, api: Api = "completions"
) -> Party:
    """A model behind a server; the key is that of its own variable, where one is named."""
    endpoint = parse_endpoint(url, None if names_api(url) else api)
    if endpoint.api != api and api == "completions":
        raise UsageError(
            f"{endpoint.url} puts a template around what it is sent, and a distance is along plain text",
            hint="Give the completions API of the server: its base, or .../v1/completions. By the chat API "
            "both can be led along the answers of a run of the baseline: --base RUN --over answers",
        )
    if endpoint.api != api:
        raise UsageError(
            f"{endpoint.url} is no chat, and the baseline's answers were given to one",
            hint="Give the server's base, or .../v1/chat/completions.",
        )
    connection = reached.connection((endpoint,))
    return Party(
        model=replace(model, endpoints=(endpoint.url,)),
        endpoint=connection.endpoints[0],
        timeouts=connection.timeouts,
        concurrency=connection.concurrency,
        headers=connection.headers,
        api_key=os.environ.get(key_env, "") if key_env else connection.api_key,
    )


def _wish(options: dict[str, Any], base_run: RunDir | None) -> Wish:
    """What is to be measured: the texts, and where they are asked."""
    draw, size = Draw(seed=options["seed"]), options["max_problems"]
    run_id, rule = "", RULE
    if options["over"] == "answers":
        if base_run is None:
            raise UsageError("--over answers are those of the baseline's run", hint="Name it: --base RUN")
        run = base_run.read_run()
        run_id, dataset = run.id, run.dataset
        if run.settings is None:
            raise UsageError(
                f"{run.id}: its answers were made elsewhere, and nobody knows what was asked",
                hint="Take a run that evalsite made, or leave --over answers out.",
            )
        rule = BEHIND_WORDS if run.settings.api == "chat" else RULE
        problems = part_of(base_run.problems(), size, draw)
        found = over_answers(problems, base_run.completions(), run.settings)
    else:
        name = options["dataset"]
        loaded = read_dataset(name, options["data_path"])
        dataset = describe_dataset(loaded)
        found = over_references(part_of(loaded.problems, size, draw))
    return Wish(
        dataset=dataset,
        texts=with_positions(found, options["positions"], options["seed"], rule),
        over=options["over"],
        run=run_id,
        seed=options["seed"],
        rule=rule,
        most=options["tokens"],
        way=options["way"],
    )


def _going_on(
    folder: Path, runs_dir: Path, options: dict[str, Any], reached: ConnectionOptions
) -> tuple[DistanceDir, tuple[Party, Party]]:
    """An earlier distance, and both its models where they are now."""
    found = next((each for path in (folder, runs_dir / folder) if (each := DistanceDir(path)).exists()), None)
    if found is None:
        raise RunError(
            f"{folder}: no distance here or below {runs_dir}/",
            hint="Name a folder that holds distance.json; 'evalsite distance --help' tells how to begin one.",
        )
    record = found.read()
    refuse_changed(found.path, record)
    urls = (options["base_endpoint"], options["model_endpoint"])
    models = record.base.model, record.candidate.model
    base, candidate = (
        _party(model, url or model.endpoints[0], reached, key, record.base.api)
        for model, url, key in zip(models, urls, (options["base_api_key_env"], None), strict=True)
    )
    for before, now in zip(models, (base, candidate), strict=True):
        if before.endpoints != now.model.endpoints:
            raise IdentityError(
                f"{found.path}: {before.name} was asked at {before.endpoints[0]}, "
                f"not at {now.model.endpoints[0]}",
                hint="Begin another distance, or have the same address lead to the server.",
            )
    return found, (base, candidate)


def _measure(folder: DistanceDir, parties: tuple[Party, Party], reached: ConnectionOptions) -> None:
    """Ask for what is lacking; what was not begun before leaves nothing where no answer came."""
    if not any(lacking_places(folder).values()):
        return
    try:
        with folder.lock(), progress() as listener:
            asyncio.run(_within(measure(folder, parties, listener), reached.time_limit))
    except KeyboardInterrupt:
        say(f"interrupted: everything so far is kept. Go on with: {as_typed('distance', folder.path)}")
        raise
    except TimeoutError as exc:
        raise IncompleteError(
            "stopped at --time-limit", hint=f"Go on with: {as_typed('distance', folder.path)}"
        ) from exc
    except EndpointError as exc:
        exc.hint = f"Everything that was answered is kept. Go on with: {as_typed('distance', folder.path)}"
        raise
    finally:
        if folder.exists() and folder.is_empty():
            folder.remove()


async def _within(work: Coroutine[Any, Any, None], time_s: float | None) -> None:
    async with asyncio.timeout(time_s):
        await work


def _told(found: Found) -> int:
    """What was lost is told, and is the exit code."""
    record = found.dir.read()
    if record.status == "complete":
        return EXIT_OK
    reasons = "; ".join(f"{number} x {printable(reason)}" for reason, number in list(record.lost.items())[:3])
    lost = sum(record.lost.values()) or found.lacking
    raise IncompleteError(
        f"{count(lost, 'position')} could not be had: {reasons or 'nobody was asked'}",
        hint=f"Ask again: {as_typed('distance', found.dir.path)}",
    )


SOME_PROBLEMS, SOME_POSITIONS = 8, 48
"""Enough to tell other weights from the same, within a minute or two."""


def same_weights(
    loaded: LoadedDataset, model: str, urls: tuple[str, str], reached: ConnectionOptions
) -> Finding:
    """Say whether two servers look like they have the same weights, by a small distance that is not kept."""
    problems = part_of(loaded.problems, SOME_PROBLEMS, Draw())
    try:
        base, candidate = (_party(Model(name=model), url, reached) for url in urls)
        texts = with_positions(over_references(problems), SOME_POSITIONS, 0)
        wish = Wish(dataset=describe_dataset(loaded), texts=texts, most=20)
        with tempfile.TemporaryDirectory() as folder, progress() as listener:
            begun = asyncio.run(begin(wish, (base, candidate), Path(folder), this_environment(), listener))
            asyncio.run(measure(begun, (base, candidate), listener))
            found = load_distance(begun)
            top = found.figures
    except EvalsiteError as error:
        return Finding("same weights", None, error.message)
    told = f"{100 * top.same_top.value:.1f} % the same top token, mean KL {top.kl.value:.3g} nats"
    if found.looks_the_same:
        return Finding("same weights", True, f"these look like the same weights: {told}")
    if len(found.pairs.problems) < FEWEST_FOR_SAME:
        return Finding("same weights", None, f"too few problems to tell: {told}")
    return Finding("same weights", False, f"these are other weights: {told}")
