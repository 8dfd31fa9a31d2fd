"""What a sweep costs, and how far it is: a table of model x data set."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from msgspec import structs

from evalsite import api
from evalsite.cli.connecting import CONCURRENCY
from evalsite.cli.sampling import MAX_TOKENS
from evalsite.counts.loaded import LoadedRun
from evalsite.errors import EvalsiteError
from evalsite.kinds.conversation import CHARACTERS_A_TOKEN
from evalsite.report.tables import text_table
from evalsite.rundir.store import RunDir
from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.compare.suites import SuiteComparison, compare_suites
from evalsite.sweep.cells import Cell, rounds, starts
from evalsite.sweep.plan import SweepPlan
from evalsite.words.sentences import count, names

Found = Sequence[tuple[Cell, RunDir | None]]
Loaded = dict[str, LoadedRun | None]


def status(plan: SweepPlan, found: Found) -> str:
    """A row for each model and data set; then a line for each candidate over all data sets."""
    loaded = {cell.key: _loaded(run_dir) for cell, run_dir in found}
    rows = []
    for cell, _ in found:
        run = loaded[cell.key]
        wanted = cell.num_problems * cell.dataset.num_samples
        done = min(_done(run), wanted)
        rows.append(
            (
                cell.model.name,
                cell.dataset.name,
                f"{done:,} of {wanted:,}",
                f"{wanted - done:,}",
                _decided(plan, cell, found, loaded),
                _duration(_seconds(cell, found, loaded, wanted - done)),
            )
        )
    table = text_table(("model", "data set", "done", "missing", "decided", "time left"), rows, texts=2)
    return "\n".join([table, *_together(plan, found, loaded), *_parts(found)])


def estimate(plan: SweepPlan, found: Found, loads: Mapping[str, float]) -> str:
    """What is still to be asked: samples, tokens and time, by cell and in all.

    ``loads``: model -> seconds that its server took to load, as far as that is known.
    """
    loaded = {cell.key: _loaded(run_dir) for cell, run_dir in found}
    rows, total, left = [], [0, 0, 0], 0.0
    for cell, _ in found:
        wanted = cell.num_problems * cell.dataset.num_samples
        missing = wanted - min(_done(loaded[cell.key]), wanted)
        prompts = sum(len(problem.prompt) for problem in cell.loaded.problems) / CHARACTERS_A_TOKEN
        prompt_tokens = round(prompts / len(cell.loaded.problems) * missing)
        most = missing * int(str(_option(cell, "max-tokens", MAX_TOKENS)))
        seconds = _seconds(cell, found, loaded, missing)
        left += seconds or 0.0
        total = [total[0] + missing, total[1] + prompt_tokens, total[2] + most]
        figures = (f"{missing:,}", f"{prompt_tokens:,}", f"{most:,}", _duration(seconds))
        rows.append((cell.model.name, cell.dataset.name, *figures))
    unknown = any(row[-1] == "unknown" for row in rows)
    loading, told = _loading(plan, found, loaded, loads)
    whole = "not known before something was asked" if unknown else _duration(left + loading)
    head = ("model", "data set", "requests", "prompt tokens", "answer tokens at most", "time")
    return (
        f"{text_table(head, rows, texts=2)}\n"
        f"{count(total[0], 'request')} at most, about {total[1]:,} tokens of prompts, at most "
        f"{total[2]:,} of answers, in {plan.passes} pass{'' if plan.passes == 1 else 'es'}; "
        f"time: {whole}{told}"
    )


def _loaded(run_dir: RunDir | None) -> LoadedRun | None:
    if run_dir is None or not run_dir.exists():
        return None
    try:
        return api.open_run(run_dir.path)
    except EvalsiteError:  # begun, and nothing of it was graded yet
        return None


def _done(run: LoadedRun | None) -> int:
    return 0 if run is None else int(run.n.sum())


def _loading(plan: SweepPlan, found: Found, loaded: Loaded, loads: Mapping[str, float]) -> tuple[float, str]:
    """Seconds that servers take to load until all is asked, and how that is told."""
    turns = rounds([cell for cell, _ in found], plan)
    work = (each for turn in turns for each in turn.work)
    begun = starts((cell, part) for cell, part in work if _asks(cell, part, loaded[cell.key]))
    if not begun:
        return 0.0, ""
    strange = [name for name in begun if name not in loads]
    times = count(begun.total(), "start")
    if strange:
        return 0.0, f", and {times} of servers; how long {names(strange)} load is not known yet"
    seconds = sum(loads[name] * number for name, number in begun.items())
    return seconds, f" ({times} of servers: {_duration(seconds)})"


def _asks(cell: Cell, part: int, run: LoadedRun | None) -> bool:
    """Whether something of a part is not there yet."""
    return _done(run) < part * cell.dataset.num_samples


def _baseline(plan: SweepPlan, loaded: Loaded) -> str:
    carded = (run.model for run in loaded.values() if run and run.run.model.card.role == "baseline")
    return plan.baseline or next(carded, "")


def _decided(plan: SweepPlan, cell: Cell, found: Found, loaded: Loaded) -> str:
    """What is concluded of a candidate, as far as it was asked."""
    baseline = _baseline(plan, loaded)
    if not baseline or cell.model.name == baseline:
        return "baseline" if baseline else "no baseline"
    pair = _pair(baseline, cell, found, loaded)
    return compare_runs(*pair, margin=plan.margin / 100).decision if pair else "pending"


def _pair(baseline: str, cell: Cell, found: Found, loaded: Loaded) -> tuple[LoadedRun, LoadedRun] | None:
    """A candidate's run beside the baseline's, as of a data set that has the plan's part and no more."""
    beside = (other for other, _ in found if (other.dataset, other.model.name) == (cell.dataset, baseline))
    runs = [loaded[each.key] for each in (*beside, cell)]
    pair = [_as_planned(run, cell) for run in runs if run is not None]
    return (pair[0], pair[1]) if len(pair) == 2 else None


def _as_planned(run: LoadedRun, cell: Cell) -> LoadedRun:
    """Take what the plan asks for all that there is: it is drawn at random, and fixed beforehand."""
    if cell.num_problems >= run.run.dataset.num_problems:
        return run
    part = structs.replace(run.run.dataset, num_problems=cell.num_problems)
    return dataclasses.replace(run, run=structs.replace(run.run, dataset=part))


def _together(plan: SweepPlan, found: Found, loaded: Loaded) -> Iterator[str]:
    """The verdict over all data sets, a line for each candidate; nothing where there is one data set."""
    baseline = _baseline(plan, loaded)
    if not baseline or len(plan.datasets) < 2:
        return
    yield ""
    for model in plan.models:
        if model.name == baseline:
            continue
        own = [cell for cell, _ in found if cell.model is model]
        pairs = [pair for cell in own if (pair := _pair(baseline, cell, found, loaded))]
        lacking = len(own) - len(pairs)
        compared = None if lacking else compare_suites(pairs, margin=plan.margin / 100)
        yield f"{model.name}, all together: {_overall(compared, lacking)}"


def _overall(compared: SuiteComparison | None, lacking: int) -> str:
    if compared is None:
        told = f"{count(lacking, 'data set')} not asked of both" if lacking else "no problem in common"
        return f"pending: {told}"
    return f"{compared.decision}. {compared.headline}"


def _parts(found: Found) -> Iterator[str]:
    """Say where verdicts are about a part of a data set."""
    parts = {
        cell.dataset.name: f"{cell.num_problems:,} of {len(cell.loaded.problems):,} of {cell.dataset.name}"
        for cell, _ in found
        if cell.num_problems < len(cell.loaded.problems)
    }
    if parts:
        told = names(list(parts.values()), len(parts))
        yield (
            f"Verdicts are about the parts that the plan asks ({told}). On the site a part decides nothing; "
            "whoever asks more because of such a verdict looks a second time."
        )


def _seconds(cell: Cell, found: Found, loaded: Loaded, missing: int) -> float | None:
    """How long the missing samples take, if as long as the model's others; None where it has none."""
    if not missing:
        return 0.0
    own = [cell.key, *(other.key for other, _ in found if other.model is cell.model)]
    runs = [run for key in own if (run := loaded[key]) is not None and run.summary.latency_s is not None]
    if not runs or runs[0].summary.latency_s is None:
        return None
    concurrency = str(_option(cell, "concurrency", CONCURRENCY))
    at_once = int(concurrency) if concurrency.isdigit() else CONCURRENCY
    return missing * runs[0].summary.latency_s.mean / max(1, min(at_once, missing))


def _option(cell: Cell, name: str, default: object) -> object:
    return cell.options.get(name, cell.options.get(name.replace("-", "_"), default))


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "unknown"
    if seconds < 60:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
