"""What a sweep costs, and how far it is: a table of model x data set."""

from collections.abc import Sequence

from evalsite import api
from evalsite.counts.loaded import LoadedRun
from evalsite.errors import EvalsiteError
from evalsite.report.tables import text_table
from evalsite.rundir.store import RunDir
from evalsite.sweep.cells import Cell
from evalsite.sweep.plan import SweepPlan
from evalsite.words.sentences import count

Found = Sequence[tuple[Cell, RunDir | None]]
Loaded = dict[str, LoadedRun | None]

CHARACTERS_A_TOKEN = 4
"""Of English and code, about: no tokenizer is at hand."""
DEFAULT_CONCURRENCY = 8
DEFAULT_MAX_TOKENS = 1024


def status(plan: SweepPlan, found: Found) -> str:
    """A row for each model and data set: done, missing, decided, time left."""
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
    return text_table(("model", "data set", "done", "missing", "decided", "time left"), rows, texts=2)


def estimate(plan: SweepPlan, found: Found) -> str:
    """What is still to be asked: samples, tokens and time, by cell and in all."""
    loaded = {cell.key: _loaded(run_dir) for cell, run_dir in found}
    rows, total, left = [], [0, 0, 0], 0.0
    for cell, _ in found:
        wanted = cell.num_problems * cell.dataset.num_samples
        missing = wanted - min(_done(loaded[cell.key]), wanted)
        prompts = sum(len(problem.prompt) for problem in cell.loaded.problems) / CHARACTERS_A_TOKEN
        prompt_tokens = round(prompts / len(cell.loaded.problems) * missing)
        most = missing * int(str(_option(cell, "max-tokens", DEFAULT_MAX_TOKENS)))
        seconds = _seconds(cell, found, loaded, missing)
        left += seconds or 0.0
        total = [total[0] + missing, total[1] + prompt_tokens, total[2] + most]
        figures = (f"{missing:,}", f"{prompt_tokens:,}", f"{most:,}", _duration(seconds))
        rows.append((cell.model.name, cell.dataset.name, *figures))
    unknown = any(row[-1] == "unknown" for row in rows)
    whole = "not known before something was asked" if unknown else _duration(left)
    head = ("model", "data set", "requests", "prompt tokens", "answer tokens at most", "time")
    return (
        f"{text_table(head, rows, texts=2)}\n"
        f"{count(total[0], 'request')} at most, about {total[1]:,} tokens of prompts, at most "
        f"{total[2]:,} of answers, in {plan.passes} pass{'' if plan.passes == 1 else 'es'}; time: {whole}"
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


def _decided(plan: SweepPlan, cell: Cell, found: Found, loaded: Loaded) -> str:
    """What is concluded of a candidate, as far as it was asked."""
    carded = (run.model for run in loaded.values() if run and run.run.model.card.role == "baseline")
    baseline = plan.baseline or next(carded, "")
    if not baseline or cell.model.name == baseline:
        return "baseline" if baseline else "no baseline"
    held = (loaded[other.key] for other, _ in found if other.dataset is cell.dataset)
    base = next((run for run in held if run and run.model == baseline), None)
    run = loaded[cell.key]
    if base is None or run is None:
        return "pending"
    try:
        return str(api.compare(base, run, margin=plan.margin / 100, force=True).decision)
    except EvalsiteError:
        return "pending"


def _seconds(cell: Cell, found: Found, loaded: Loaded, missing: int) -> float | None:
    """How long the missing samples take, if as long as the model's others; None where it has none."""
    if not missing:
        return 0.0
    own = [cell.key, *(other.key for other, _ in found if other.model is cell.model)]
    runs = [run for key in own if (run := loaded[key]) is not None and run.summary.latency_s is not None]
    if not runs or runs[0].summary.latency_s is None:
        return None
    concurrency = str(_option(cell, "concurrency", DEFAULT_CONCURRENCY))
    at_once = int(concurrency) if concurrency.isdigit() else DEFAULT_CONCURRENCY
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
