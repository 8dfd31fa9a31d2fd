"""Runs as a model repository on the Hugging Face Hub takes them: results, ``model-index``, words for a card.

The forms are those of https://huggingface.co/docs/hub/eval-results and of ``EvalResult`` in the library
``huggingface_hub``; scores are shares in [0, 1]. What is written is the unbiased pass@k over all problems of
a data set: trials and runs that lack samples have none.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from evalsite import __version__
from evalsite.datasets.catalogue import KNOWN
from evalsite.report.scorecards import markdown_rows
from evalsite.report.scores import Reported
from evalsite.report.tables import escape_markdown, markdown_table
from evalsite.rundir.schema import Run
from evalsite.stats.compare import explain
from evalsite.stats.intervals import estimate_pass_at_k
from evalsite.stats.scorecards import scorecard
from evalsite.words.cells import percent, percent_limits
from evalsite.words.sentences import count
from evalsite.words.text import one_line

Address = Callable[[Run], str]
"""A run -> the address of its published page, or an empty string."""


def why_unfit(reported: Reported) -> str:
    """Why a run has no score to publish, as the end of a sentence; empty where it has one."""
    loaded = reported.loaded
    if loaded.is_ungraded:
        return "it is not graded"
    if not loaded.asks_all:
        asked, there = count(loaded.run.num_problems, "problem"), loaded.run.dataset.num_problems
        return f"it is a trial, {asked} of {there}"
    if loaded.num_missing or not loaded.max_k:
        return f"it lacks {count(loaded.num_missing, 'sample')}"
    return ""


def files(
    reports: Sequence[Reported], folder: Callable[[str], str], address: Address
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of what each model's repository takes, one folder a model.

    ``folder`` makes a safe name; every run has a score (:func:`why_unfit`).
    """
    by_model: dict[str, list[Reported]] = defaultdict(list)
    for reported in reports:
        by_model[reported.run.model.name].append(reported)
    for model, own in by_model.items():
        by_task: dict[str, list[Reported]] = defaultdict(list)
        for reported in own:
            by_task[reported.run.dataset.name].append(reported)
        for dataset, runs in by_task.items():
            if entries := [_entry(run, address) for run in runs if on_hub(dataset)]:
                yield f"{folder(model)}/.eval_results/{folder(dataset)}.yaml", _yaml(entries)
        index = {
            "model-index": [{"name": one_line(model), "results": [_result(run, address) for run in own]}]
        }
        yield f"{folder(model)}/model-index.yaml", _yaml(index)
        yield f"{folder(model)}/card.md", _card(own, address).encode()


def on_hub(dataset: str) -> tuple[str, str] | None:
    """The name of a data set on the Hub and its task there; None where we know of none."""
    return KNOWN[dataset].hub if dataset in KNOWN else None


def _entry(reported: Reported, address: Address) -> dict[str, Any]:
    """An entry of ``.eval_results/*.yaml``."""
    name, task = on_hub(reported.run.dataset.name) or ("", "")
    entry: dict[str, Any] = {
        "dataset": {"id": name, "task_id": task},
        "value": round(reported.loaded.pass_at_1 or 0.0, 4),
        "date": reported.run.created_at,
    }
    if where := address(reported.run):
        entry["source"] = {"url": where, "name": "evalsite: every sample, with its error"}
    return entry | {"notes": _how(reported)}


def _result(reported: Reported, address: Address) -> dict[str, Any]:
    """A result of ``model-index``."""
    run = reported.run
    name, task = on_hub(run.dataset.name) or (run.dataset.name, "")
    result: dict[str, Any] = {
        "task": {"type": "text-generation"},
        "dataset": {
            "name": one_line(run.dataset.name),
            "type": one_line(name),
            **({"config": task} if task else {}),
        },
        "metrics": [
            {"type": f"pass@{k}", "value": round(score, 4), "name": f"pass@{k}", "verified": False}
            for k, score in _scores(reported)
        ],
    }
    if where := address(run):
        result["source"] = {"name": "evalsite", "url": where}
    return result


def _scores(reported: Reported) -> Iterator[tuple[int, float]]:
    for k, score in reported.summary.pass_at.items():
        if score is not None:
            yield int(k), score


def _how(reported: Reported) -> str:
    """How the samples were made, in the words of a note."""
    run = reported.run
    made = f"pass@1, {run.num_problems} problems x {count(run.num_samples, 'sample')}"
    if run.settings:
        made += f", temperature {run.settings.temperature:g}, prompt {run.settings.prompt}"
    return f"{made}, problems {run.dataset.sha256[:16]} (sha256), evalsite {__version__}"


def _card(reports: Sequence[Reported], address: Address) -> str:
    """What a model card says of the runs, as Markdown."""
    rows = []
    for reported in reports:
        for k, _ in _scores(reported):
            found = estimate_pass_at_k(reported.loaded.n, reported.loaded.c, k)
            limits = percent_limits(found.interval.low, found.interval.high)
            samples = f"{reported.run.num_problems} x {reported.run.num_samples}"
            name = reported.run.dataset.name
            rows.append((name, f"pass@{k}", percent(found.value), " to ".join(limits), samples))
    head = ("data set", "metric", "score, %", "95 % interval", "problems x samples")
    parts = ["## Evaluation", markdown_table(head, rows, texts=2)]
    parts += [told for reported in reports if (told := _against(reported))]
    parts += [part for base in _bases(reports) for part in _beside(reports, base)]
    links = [
        f"[{escape_markdown(each.run.dataset.name)}]({where})"
        for each in reports
        if (where := address(each.run))
    ]
    told = f"Every sample with its error: {', '.join(links)}. " if links else ""
    parts.append(f"{told}Measured with evalsite {__version__}.")
    return "\n\n".join(parts) + "\n"


def _against(reported: Reported) -> str:
    """What became of the baseline's score, as a paragraph; empty where there is none."""
    found = reported.against
    if found is None:
        return ""
    kept = f" {explain.recovery(found.recovery)}" if found.recovery and not found.pending else ""
    samples = f"n = {reported.run.num_problems} x {reported.run.num_samples}"
    name = f"{reported.run.dataset.name}, {samples}, against {found.base.model}"
    return f"**{escape_markdown(name)}**: {escape_markdown(found.headline + kept)}"


def _bases(reports: Sequence[Reported]) -> list[str]:
    """Names of the models that some runs are held against."""
    return list(dict.fromkeys(each.against.base.model for each in reports if each.against))


def _beside(reports: Sequence[Reported], base: str) -> Iterator[str]:
    """A model beside one of its baselines, over all that both were asked: the card that its page has, too."""
    found = [each.against for each in reports if each.against and each.against.base.model == base]
    model = found[0].candidate.model
    if base == model:
        return
    known = {(one.base.id, one.candidate.id): one for one in found}
    pairs = [run for one in found for run in (one.base, one.candidate)]
    alone = [each.loaded for each in reports if each.loaded.model == model and each.loaded not in pairs]
    card = scorecard([*pairs, *alone], base, model, known=known)
    yield f"### Against {escape_markdown(base)}: {card.decision}"
    yield from markdown_rows(card)


def _yaml(value: Any) -> bytes:
    """Write maps and lists in YAML's block style, each scalar as JSON, which YAML reads as it is."""
    return ("\n".join(_lines(value)) + "\n").encode()


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, dict | list):
                yield f"{name}:"
                yield from (f"  {line}" for line in _lines(inner))
            else:
                yield f"{name}: {json.dumps(inner, ensure_ascii=False)}"
    else:
        for item in value:
            first, *rest = _lines(item)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
