"""Every Eval Ever's schema 0.3.0: one JSON document for a run's metrics, one JSONL row for each sample.

The names of the files follow its datastore: ``data/<data set>/<developer>/<model>/<uuid>.json`` and
``<uuid>_samples.jsonl`` beside it. The UUID is made from the run's id, so that a second export gives the same
files. What the schema wants and evalsite does not know is ``unknown``, never guessed.
"""

import hashlib
import re
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.samples import Sample
from evalsite.errors import RunFormatError
from evalsite.formats.writing import File, json_lines, safe_name, without_none
from evalsite.rundir.schema import Model, Run, Settings
from evalsite.stats.intervals import estimate_pass_at_k
from evalsite.words.text import sha256_of

SCHEMA_VERSION = "0.3.0"


def write_every_eval_ever(loaded: LoadedRun, samples: Sequence[Sample]) -> Iterator[File]:
    """Write the samples first, then the document that names their checksum."""
    run = loaded.run
    ids = _Ids.of(run)
    rows = json_lines(_sample_row(each, ids) for each in samples)
    yield f"{ids.stem}_samples.jsonl", rows
    document = _document(loaded, ids, len(samples)) | {
        "detailed_evaluation_results": {
            "format": "jsonl",
            "file_path": f"{ids.stem}_samples.jsonl",
            "hash_algorithm": "sha256",
            "checksum": hashlib.sha256(rows).hexdigest(),
            "total_rows": len(samples),
        }
    }
    yield f"{ids.stem}.json", msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _seconds(moment: str) -> int:
    """A run's time of day as the form wants it: in seconds since 1970."""
    try:
        return int(datetime.fromisoformat(moment).timestamp())
    except (ValueError, OverflowError, OSError) as exc:
        raise RunFormatError(
            f"run.json: {moment[:40]!r} is no time such as 2026-11-22T16:54:00Z",
            hint="Mend `created_at` and `finished_at` in the run's run.json.",
        ) from exc


class _Ids(msgspec.Struct, frozen=True):
    """The names that documents and rows refer to each other by."""

    evaluation: str
    model: str
    dataset: str
    stem: str
    retrieved: str

    @classmethod
    def of(cls, run: Run) -> "_Ids":
        name = run.model.name
        model = name if re.fullmatch(r"[^/]+/[^/]+", name) else f"unknown/{name.replace('/', '-')}"
        retrieved = str(_seconds(run.finished_at or run.created_at))
        folder = "/".join(safe_name(part) for part in (run.dataset.name, *model.split("/")))
        unique = uuid.UUID(bytes=hashlib.sha256(run.id.encode()).digest()[:16], version=4)
        return cls(
            evaluation=f"{run.dataset.name}/{model.replace('/', '_')}/{retrieved}",
            model=model,
            dataset=run.dataset.name,
            stem=f"data/{folder}/{unique}",
            retrieved=retrieved,
        )

    def result(self, k: int) -> str:
        return f"{self.evaluation}#pass@{k}"


def _document(loaded: LoadedRun, ids: _Ids, total: int) -> dict[str, Any]:
    run = loaded.run
    return {
        "schema_version": SCHEMA_VERSION,
        "evaluation_id": ids.evaluation,
        "evaluation_timestamp": run.created_at,
        "retrieved_timestamp": ids.retrieved,
        "source_metadata": {
            "source_name": "evalsite",
            "source_type": "evaluation_run",
            "source_organization_name": "unknown",
            "evaluator_relationship": "other",
        },
        "eval_library": {"name": "evalsite", "version": run.environment.evalsite},
        "model_info": _model_info(run.model, ids.model),
        "evaluation_results": [_result(loaded, ids, int(k), total) for k in loaded.summary.pass_at],
    }


def _model_info(model: Model, name: str) -> dict[str, Any]:
    card = msgspec.to_builtins(model.card)
    details = {
        field: str(value) for field, value in card.items() if field not in ("server", "server_version")
    }
    engine = without_none({"name": model.card.server or None, "version": model.card.server_version or None})
    return without_none(
        {
            "name": model.name,
            "id": name,
            "inference_engine": engine or None,
            "additional_details": {
                **details,
                "deployment_type": "unknown",
                "model_availability": "unknown",
            },
        }
    )


def _result(loaded: LoadedRun, ids: _Ids, k: int, total: int) -> dict[str, Any]:
    run = loaded.run
    estimate = estimate_pass_at_k(loaded.n, loaded.c, k)
    return without_none(
        {
            "evaluation_result_id": ids.result(k),
            "evaluation_name": ids.dataset,
            "evaluation_timestamp": run.created_at,
            "source_data": {
                "dataset_name": ids.dataset,
                "source_type": "other",
                "additional_details": {"sha256": run.dataset.sha256, "source": run.dataset.source},
            },
            "metric_config": {
                "evaluation_description": f"Unbiased pass@{k} (arXiv 2107.03374), the mean over all problems",
                "metric_id": "pass_at_k",
                "metric_name": f"pass@{k}",
                "metric_kind": "pass_rate",
                "metric_unit": "proportion",
                "metric_parameters": {"k": k},
                "lower_is_better": False,
                "score_type": "continuous",
                "min_score": 0.0,
                "max_score": 1.0,
            },
            "score_details": {
                "score": estimate.value,
                "details": {
                    "num_problems": str(run.num_problems),
                    "num_missing": str(loaded.num_missing),
                    "status": run.status,
                },
                "uncertainty": {
                    "confidence_interval": {
                        "lower": estimate.interval.low,
                        "upper": estimate.interval.high,
                        "confidence_level": estimate.interval.confidence,
                        "method": estimate.interval.method,
                    },
                    "num_samples": total,
                },
            },
            "generation_config": _generation(run.settings) if run.settings else None,
        }
    )


def _generation(settings: Settings) -> dict[str, Any]:
    return {
        "generation_args": {
            "temperature": settings.temperature,
            "top_p": settings.top_p,
            "max_tokens": settings.max_tokens,
        },
        "additional_details": {
            "api": settings.api,
            "prompt": settings.prompt,
            "seed": str(settings.seed),
            "system": settings.system,
        },
    }


def _sample_row(each: Sample, ids: _Ids) -> dict[str, Any]:
    problem, verdict, completion = each.problem, each.verdict, each.completion
    output: dict[str, Any] = {"raw": [completion.text if completion else ""]}
    if completion and completion.reasoning:
        output["reasoning_trace"] = [completion.reasoning]
    return without_none(
        {
            "schema_version": SCHEMA_VERSION,
            "evaluation_id": ids.evaluation,
            "model_id": ids.model,
            "evaluation_name": ids.dataset,
            "evaluation_result_id": ids.result(1),
            "sample_id": problem.task_id,
            "sample_hash": sha256_of(problem.prompt + problem.reference),
            "interaction_type": "single_turn",
            "input": {
                "raw": problem.prompt,
                "formatted": problem.asked or None,
                "reference": [problem.reference],
            },
            "output": output,
            "answer_attribution": [
                {
                    "turn_idx": 0,
                    "source": "output.raw",
                    "extracted_value": verdict.program,
                    "extraction_method": verdict.rule or "unknown",
                    "is_terminal": True,
                }
            ],
            "evaluation": {"score": float(each.passed), "is_correct": each.passed},
            "token_usage": _tokens(each),
            "performance": _performance(each),
            "metadata": without_none(
                {
                    "sample": str(verdict.sample),
                    "verdict": str(verdict.verdict),
                    "exception": verdict.exception or None,
                    "finish_reason": each.finish_reason,
                }
            ),
        }
    )


def _tokens(each: Sample) -> dict[str, int] | None:
    answer = each.completion
    if answer is None or answer.prompt_tokens is None or answer.completion_tokens is None:
        return None
    if (
        answer.tokens_from == "shared"
    ):  # a share of what several answers had together is no count of this one's
        return None
    return {
        "input_tokens": answer.prompt_tokens,
        "output_tokens": answer.completion_tokens,
        "total_tokens": answer.prompt_tokens + answer.completion_tokens,
    }


def _performance(each: Sample) -> dict[str, float] | None:
    answer = each.completion
    if answer is None or answer.latency_s is None:
        return None
    first = None if answer.first_token_s is None else 1000 * answer.first_token_s
    return without_none({"latency_ms": 1000 * answer.latency_s, "time_to_first_token_ms": first})
