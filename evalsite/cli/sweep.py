"""``evalsite sweep``: one file, one command, all models, all data sets, to the site."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from evalsite import api
from evalsite.cli import build, resume, run
from evalsite.cli.console import as_typed, say, show_error
from evalsite.cli.parameters import FILE, options_by_word
from evalsite.cli.profiles import SECRET
from evalsite.cli.sweeping import estimate, status
from evalsite.counts.loaded import LoadedRun
from evalsite.datasets import load_dataset
from evalsite.errors import EXIT_INTERRUPTED, EXIT_OK, EvalsiteError, IncompleteError, UsageError
from evalsite.publish.config import NAME, find_config
from evalsite.rundir.schema import Run
from evalsite.rundir.store import RunDir
from evalsite.runner.deciding import one_look
from evalsite.runner.together import last_outcome, look_together, plan_looks, told
from evalsite.sweep.cells import Cell, Ledger, Round, looks_at, rounds, sources_of
from evalsite.sweep.plan import SweepPlan, mistake_in_options, read_plan
from evalsite.sweep.servers import Slots
from evalsite.words.sentences import count

OWN = frozenset(
    {
        "model-endpoint", "model-name", "model-card", "dataset", "data-path", "num-samples", "max-problems",
        "draw-seed", "runs-dir", "problems", "shard", "dry-run", "grade", "no-grade", "distractors",
        "context-tokens", "until-decided", "looks", "margin", "thrifty", "help",
    }
)  # fmt: skip
"""Options of ``run`` that the plan says by keys of its own, or that would make other runs than a cell's."""


@click.command("sweep")
@click.argument("plan", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would be asked, and what it costs; ask nothing.")
@click.option("--status", "shows", is_flag=True, help="Show what is done, missing and decided; ask nothing.")
def command(plan: Path, *, dry_run: bool, shows: bool) -> int:
    """Ask every model of PLAN every data set, and build the site.

    PLAN is a TOML file (docs/sweep.md): models, each with a server's address, a profile of
    evalsite.toml or the command that starts its server; and data sets, each with how much of it
    is asked. What a sweep that was interrupted or killed has asked is not asked again: the same
    command goes on. No server that it started outlives it.
    """
    wanted = read_plan(plan)
    _check_options(plan, wanted)
    sweep = _Sweep(plan, wanted)
    if shows:
        click.echo(status(wanted, sweep.found()))
        return EXIT_OK
    if told := sweep.saves_nothing:
        say(f"note: {told} Allow a larger margin, or leave out until_decided.")
    if dry_run:
        click.echo(estimate(wanted, sweep.found(), sweep.ledger.loads))
        return EXIT_OK
    with sweep.ledger.held():
        say(estimate(wanted, sweep.found(), sweep.ledger.loads))
        return sweep.carry_out()


class _Sweep:
    """A plan under way."""

    def __init__(self, path: Path, plan: SweepPlan) -> None:
        self._path, self._plan = path, plan
        self._folder = path.parent
        self._beside = path.with_suffix(".sweep")
        self._runs_dir = self._folder / plan.runs
        self.ledger = Ledger(self._beside, path, self._runs_dir)
        loaded = {
            entry.name: load_dataset(entry.name, self._folder / entry.data_path if entry.data_path else None)
            for entry in plan.datasets
        }
        self.cells = [
            Cell(
                model,
                entry,
                loaded[entry.name],
                plan.options | model.options | entry.options,
                plan.looks if plan.until_decided and model.name != plan.baseline else 0,
                thrifty=plan.thrifty and model.name != plan.baseline,
            )
            for model in plan.models
            for entry in plan.datasets
        ]

    def found(self) -> list[tuple[Cell, RunDir | None]]:
        """Every cell with its run, as far as there is one."""
        return [(cell, self.ledger.run_of(cell)) for cell in self.cells]

    def carry_out(self) -> int:
        """Ask for all that is missing, then build the site; return the exit code."""
        failed: dict[str, EvalsiteError] = {}
        self.found()  # a plan that was changed is told before a server is started
        with Slots(self._folder, self._beside) as slots:
            for each in rounds(self.cells, self._plan):
                if self._is_decided(each):
                    continue
                if (code := self._ask_for(each, slots, failed)) == EXIT_INTERRUPTED:
                    return code
                if each.look:
                    self._look(each)
        self._build()
        if failed:
            raise IncompleteError(
                f"{len(failed)} of {len(self.cells)} runs lack samples, as told above",
                hint=f"All else is done. Go on with: {as_typed('sweep', self._path)}",
            )
        return EXIT_OK

    def _ask_for(self, one: Round, slots: Slots, failed: dict[str, EvalsiteError]) -> int:
        """Ask for what is missing of one round; what cannot be had is told, and noted in ``failed``."""
        for cell, part in one.work:
            if _has(self.ledger.run_of(cell), cell, part):
                continue
            say(f"sweep: {cell.model.name} on {cell.dataset.name}, {count(part, 'problem')}")
            try:
                code = self._ask(cell, part, slots)
            except EvalsiteError as error:
                show_error(error)
                failed[cell.key] = error
                continue
            if code == EXIT_INTERRUPTED:
                return code
            failed.pop(cell.key, None)
        return EXIT_OK

    @property
    def saves_nothing(self) -> str:
        """That there is a single look where several were wanted, as a sentence."""
        plan = self._plan
        if not plan.until_decided or plan.looks == 1 or len(looks_at(self.cells, plan)) > 1:
            return ""
        return one_look(len(sources_of(self.cells)), plan.margin / 100)

    def _is_decided(self, one: Round) -> bool:
        """Whether a look ended a candidate's runs already."""
        runs = [self.ledger.run_of(cell) for cell, _ in one.work] if one.look else []
        there = [run for run in runs if run is not None]
        return len(there) == len(one.work) and last_outcome(there) is not None

    def _look(self, one: Round) -> None:
        """Look at a candidate over all data sets, once all of a round is there and no more."""
        pairs: list[tuple[LoadedRun, RunDir]] = []
        for cell, part in one.work:
            base, run_dir = self.ledger.run_of(self._beside_of(cell)), self.ledger.run_of(cell)
            if base is None or run_dir is None or not _has(run_dir, cell, part):
                return
            if run_dir.read_run().num_problems > part:  # an earlier round of what goes on
                return
            pairs.append((api.open_run(base.path), run_dir))
        fractions, margin = looks_at(self.cells, self._plan), self._plan.margin / 100
        pool = tuple(entry.name for entry in self._plan.datasets)
        for (cell, _), (base_run, run_dir) in zip(one.work, pairs, strict=True):
            at = [cell.part(each) for each in fractions]
            plan_looks(run_dir, base_run.id, margin, at, pool, self._plan.rule)
        outcome = look_together(pairs, margin, fractions[one.look - 1], self._plan.rule.give_up)
        if outcome is not None:
            samples = [(part, cell.num_problems, cell.dataset.num_samples) for cell, part in one.work]
            here, total = (sum(each[side] * each[2] for each in samples) for side in (0, 1))
            name = one.work[0][0].model.name
            say(f"{name}: {told(outcome, (one.look, len(fractions)), (here, total))}")

    def _beside_of(self, cell: Cell) -> Cell:
        """The baseline's cell on the same data set."""
        beside = (each for each in self.cells if each.dataset is cell.dataset)
        return next(each for each in beside if each.model.name == self._plan.baseline)

    def _ask(self, cell: Cell, part: int, slots: Slots) -> int:
        run_dir = self.ledger.run_of(cell)
        record = run_dir.read_run() if run_dir else None
        reached = self._reached(cell, record, slots)
        if run_dir is None:
            self.ledger.begin(cell)
            words = [*reached, *self._words(cell), "--max-problems", str(part)]
            code = run.command.main(args=words, prog_name="evalsite run", standalone_mode=False)
        else:
            words = [str(run_dir.path), *([] if cell.model.profile else reached)]
            words += ["--max-problems", str(part), "-n", str(cell.dataset.num_samples)]
            code = resume.command.main(args=words, prog_name="evalsite resume", standalone_mode=False)
        self.ledger.run_of(cell)
        self.ledger.loads.update(slots.loads)
        self.ledger.keep()
        return int(code)

    def _reached(self, cell: Cell, record: Run | None, slots: Slots) -> list[str]:
        """The words that say where a model is asked; its server is up when they are returned."""
        model = cell.model
        if model.profile:
            return [model.profile]
        address = model.endpoint
        if model.command:
            port = urlsplit(record.model.endpoints[0]).port if record else None
            address = slots.base(model, port) + model.path
        return ["--model-endpoint", address]

    def _words(self, cell: Cell) -> Iterator[str]:
        """The options of a cell's first run, apart from where it is asked and how many problems."""
        yield from ("--model-name", cell.model.name, "--dataset", cell.dataset.name)
        yield from ("--num-samples", str(cell.dataset.num_samples))
        yield from ("--draw-seed", str(cell.dataset.draw_seed), "--runs-dir", str(self._runs_dir))
        if cell.dataset.data_path:
            yield from ("--data-path", str(self._folder / cell.dataset.data_path))
        if cell.model.card:
            yield from ("--model-card", str(self._folder / cell.model.card))
        yield from _typed(cell.options)

    def _build(self) -> None:
        words = ["--runs", str(self._runs_dir), "--output", str(self._folder / self._plan.site)]
        if self._plan.baseline:
            words += ["--baseline", self._plan.baseline]
        if self._plan.targets:
            words += ["--targets", str(self._folder / self._plan.targets)]
        build.command.main(args=words, prog_name="evalsite build", standalone_mode=False)


def _has(run_dir: RunDir | None, cell: Cell, part: int) -> bool:
    """Whether nothing of a part is missing."""
    if run_dir is None:
        return False
    record = run_dir.read_run()
    enough = record.num_problems >= part and record.num_samples >= cell.dataset.num_samples
    return enough and record.status == "complete" and record.grading is not None


def _check_options(path: Path, plan: SweepPlan) -> None:
    """Refuse what is no option of ``run``, or is none that a plan may give."""
    known, profiles = options_by_word(run.command), find_config(None).run or {}
    for model in plan.models:
        if model.profile and model.profile not in profiles:
            raise UsageError(
                f"{path}: {model.name}: {NAME} in this folder has no profile called {model.profile!r}",
                hint=f"Write a table [run.{model.profile}] into {NAME}.",
            )
    tables = [
        plan.options,
        *(each.options for each in plan.models),
        *(each.options for each in plan.datasets),
    ]
    for table in tables:
        for key in table:
            name = key.replace("_", "-")
            if name in SECRET:
                raise mistake_in_options(
                    path, key, "may hold a secret; name an environment variable (header-env)"
                )
            if name in OWN:
                raise mistake_in_options(path, key, "a plan says that by keys of its own")
            if name not in known:
                raise mistake_in_options(path, key, "'evalsite run' has no such option")
            if wrong := _wrong_value(known[name], table[key]):
                raise mistake_in_options(path, key, wrong)


def _wrong_value(option: click.Option, value: Any) -> str:
    """What ``run`` would say of a value; empty where it takes it."""
    if option.is_flag or isinstance(value, bool):
        return "" if option.is_flag and isinstance(value, bool) else f"{value!r} is not what it takes"
    if isinstance(value, list) and not option.multiple:
        return "takes one value, not a list"
    with click.Context(run.command) as context:
        for each in value if isinstance(value, list) else [value]:
            try:
                option.type.convert(str(each), option, context)
            except (click.BadParameter, UsageError) as exc:
                return exc.format_message() if isinstance(exc, click.BadParameter) else str(exc)
    return ""


def _typed(options: dict[str, Any]) -> Iterator[str]:
    """Options as they are typed."""
    for key, value in options.items():
        name = key.replace("_", "-")
        if value is True:
            yield f"--{name}"
        elif value is False:
            yield f"--no-{name}"
        else:
            for each in value if isinstance(value, list) else [value]:
                yield from (f"--{name}", str(each))
