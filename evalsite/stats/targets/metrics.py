"""What a target can be about: the metrics by name, with their units and usual direction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evalsite.rundir.symptoms import ANY, Symptom
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.stats.decision import Direction

Kind = Literal[
    "pass",
    "degradation",
    "recovery",
    "slowdown",
    "errors",
    "symptoms",
    "time",
    "speed",
    "agreement",
    "distance",
]

TIMES = {
    "token_time": ("token_s", "mean time per output token"),
    "first_token_time": ("first_token_s", "time to the first token"),
    "request_time": ("latency_s", "time of a whole request"),
    "execution_time": ("execution_s", "time of a program's execution"),
}
"""Metric name -> field of the summary, and the metric in words."""

CALLS = {
    "accuracy": "accuracy of calls",
    "schema": "share of calls that fit their schema",
    "trigger_f1": "F1 of whether a call is made, against the baseline",
}
"""Figures of calls of tools -> in words."""

EDITS = {
    "well_formed": "share of edits that can be read",
    "applied": "share of edits that apply",
    "first": "share of samples that pass at the first turn",
}
"""Figures of edits -> in words."""

OWN: Mapping[str, Mapping[str, str]] = {"call": CALLS, "edit": EDITS}
"""What has figures of its own -> those."""

LEVEL = "level"
"""A figure of levels of difficulty: what a candidate lost since the easiest beyond what its baseline did."""
DISTANCES: Mapping[str, tuple[str, str, Direction]] = {
    "same_top_token": ("%", "share of places with the baseline's likeliest token", "above"),
    "kl.mean": ("nats", "mean KL divergence from the baseline, token by token", "below"),
    "kl.p99": ("nats", "99th percentile of the KL divergence from the baseline, token by token", "below"),
    "code_perplexity_ratio": ("times", "perplexity of code against the baseline's", "below"),
}
"""Figures of ``evalsite distance`` -> unit, words, and where good values lie."""

STATISTICS = {"mean": "mean", "p50": "median", "p95": "95th percentile"}


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric, parsed from its name in a targets file."""

    name: str
    """As written: ``pass@10``, ``degradation``, ``token_time.p95``, ``error_share.timeout``."""
    kind: Kind
    unit: str
    """``%``, ``points``, ``ms``, ``nats``, ``times`` or ``tokens/s``: of thresholds and results."""
    label: str
    """In words, for sentences."""
    direction: Direction
    """Where good values lie."""
    k: int = 1
    """For pass@k and degradation."""
    field: str = ""
    """For times the field of the summary, for errors the verdict class (empty: all failures), for symptoms
    the symptom."""
    statistic: str = "mean"
    """For times: ``mean``, ``p50`` or ``p95``."""
    of: str = ""
    """For figures of calls or edits: a name of :data:`OWN`."""
    figure: str = ""
    """For those: a name of that; for a loss on a level :data:`LEVEL`."""

    @property
    def is_relative(self) -> bool:
        """Whether it holds a run against its baseline: then the threshold is a margin."""
        return self.is_change or self.kind == "recovery"

    @property
    def is_change(self) -> bool:
        """Whether it is itself a change: a loss of points, or time won."""
        return self.kind in ("degradation", "slowdown")

    @property
    def is_loss_of_passes(self) -> bool:
        """Whether it is a loss of pass@k on one data set, which can be asked for in other ways and pooled."""
        return self.kind == "degradation" and not self.figure

    @property
    def score(self) -> str:
        """What a loss is a loss of, in words: ``pass@1``, ``share of calls that fit their schema``."""
        return OWN[self.of][self.figure] if self.of else f"pass@{self.k}"

    @property
    def lost(self) -> str:
        """For degradation and slowdowns the name of the metric that is held against the baseline's."""
        if self.kind == "slowdown":
            return self.time
        return f"{self.of}.{self.figure}" if self.of else f"pass@{self.k}"

    @property
    def time(self) -> str:
        """For times and slowdowns the name of the time: ``token_time``."""
        return next((stem for stem, (field, _) in TIMES.items() if field == self.field), "")

    @property
    def baseline_unit(self) -> str:
        """The unit of the baseline's figure: points are lost from a score in percent, and times are in ms."""
        return {"degradation": "%", "slowdown": "ms"}.get(self.kind, self.unit)


def parse_metric(name: str) -> Metric:
    """Return the metric that a name stands for; ValueError says what is wrong, and what is possible."""
    if name in DISTANCES:
        unit, label, good = DISTANCES[name]
        return Metric(name, "distance", unit, label, good)
    stem, at, k_text = name.partition("@")
    if at:
        return _with_k(name, stem, k_text)
    stem, _, detail = name.partition(".")
    if name == "degradation":
        return _degradation(name, 1)
    if stem in OWN:
        return _own(name, stem, detail or next(iter(OWN[stem])))
    if name == f"degradation.{LEVEL}":
        label = "loss of pass@1 since the easiest level beyond the baseline's loss"
        return Metric(name, "degradation", "points", label, "below", figure=LEVEL)
    of, _, figure = detail.partition(".")
    if stem == "degradation" and of in OWN:
        return _own_degradation(name, of, figure)
    if stem == "slowdown":
        return _slowdown(name, detail or "token_time")
    if stem in TIMES:
        return _time(name, stem, detail or "mean")
    if stem == "error_share":
        return _errors(name, detail)
    if stem == "symptom_share":
        return _symptoms(name, detail)
    if name == "tokens_per_s":
        return Metric(name, "speed", "tokens/s", "output tokens a second", "above")
    raise ValueError(f"no such metric; there are {', '.join(metric_names())}")


def metric_names() -> tuple[str, ...]:
    """The forms that a metric's name can take, for messages and documentation."""
    return (
        "pass@K",
        "degradation",
        "degradation@K",
        f"degradation.{LEVEL}",
        "slowdown[.TIME]",
        *(f"{stem}[.p50|.p95]" for stem in TIMES),
        "error_share[.CLASS]",
        "symptom_share[.SYMPTOM]",
        *(f"{lost}{of}.{each}" for of in OWN for lost in ("", "degradation.") for each in OWN[of]),
        *DISTANCES,
        "tokens_per_s",
    )


def _with_k(name: str, stem: str, k_text: str) -> Metric:
    if not k_text.isascii() or not k_text.isdigit() or int(k_text) < 1:
        raise ValueError("the k behind @ must be a whole number from 1 on")
    k = int(k_text)
    if stem == "pass":
        return Metric(name, "pass", "%", f"pass@{k}", "above", k=k)
    if stem == "degradation":
        return _degradation(name, k)
    raise ValueError("only pass and degradation take a k")


def _degradation(name: str, k: int) -> Metric:
    return Metric(name, "degradation", "points", f"loss of pass@{k} against the baseline", "below", k=k)


def share_kept(metric: Metric) -> Metric:
    """What of the baseline's score is kept, in place of the points that were lost of it."""
    k = metric.k
    name = "recovery" if k == 1 else f"recovery@{k}"
    return Metric(name, "recovery", "%", f"recovery of pass@{k}", "above", k=k)


def _own(name: str, of: str, figure: str) -> Metric:
    _check_own(of, figure)
    kind: Kind = "agreement" if figure == "trigger_f1" else "pass"
    return Metric(name, kind, "%", OWN[of][figure], "above", of=of, figure=figure)


def _own_degradation(name: str, of: str, figure: str) -> Metric:
    _check_own(of, figure)
    label = f"loss of the {OWN[of][figure].removesuffix(', against the baseline')} against the baseline"
    return Metric(name, "degradation", "points", label, "below", of=of, figure=figure)


def _check_own(of: str, figure: str) -> None:
    if figure not in OWN[of]:
        raise ValueError(f"of {of}s there are {', '.join(f'{of}.{each}' for each in OWN[of])}")


def _slowdown(name: str, stem: str) -> Metric:
    if stem not in TIMES:
        raise ValueError(f"a slowdown is of {', '.join(f'.{key}' for key in TIMES)}, not .{stem}")
    field, label = TIMES[stem]
    return Metric(name, "slowdown", "%", label, "below", field=field)


def _time(name: str, stem: str, statistic: str) -> Metric:
    if statistic not in STATISTICS:
        raise ValueError(f"a time is taken as {', '.join(f'.{key}' for key in STATISTICS)}, not .{statistic}")
    field, label = TIMES[stem]
    if statistic != "mean":
        label = f"{STATISTICS[statistic]} of the {label}"
    return Metric(name, "time", "ms", label, "below", field=field, statistic=statistic)


def _errors(name: str, kind: str) -> Metric:
    failing = [str(one) for one in VerdictClass if one is not VerdictClass.PASSED]
    if kind and kind not in failing:
        raise ValueError(f"no such verdict class; there are {', '.join(failing)}")
    label = f"share of samples that end in {kind}" if kind else "share of samples that fail"
    return Metric(name, "errors", "%", label, "below", field=kind)


def _symptoms(name: str, symptom: str) -> Metric:
    known = tuple(map(str, Symptom))
    if symptom and symptom not in known:
        raise ValueError(f"no such symptom; there are {', '.join(known)}")
    which = f"the symptom {Symptom(symptom).words}" if symptom else "a symptom"
    return Metric(name, "symptoms", "%", f"share of answers with {which}", "below", field=symptom or ANY)
