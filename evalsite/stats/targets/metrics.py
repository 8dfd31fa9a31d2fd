"""What a target can be about: the metrics by name, with their units and usual direction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evalsite.rundir.symptoms import ANY, Symptom
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.stats.decision import Direction
from evalsite.stats.targets.kinds import KINDS, MetricKind

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
    kind: str
    """A name of :data:`.kinds.KINDS`."""
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
    def means(self) -> MetricKind:
        """What figures of its kind mean."""
        return KINDS[self.kind]

    @property
    def is_loss_of_passes(self) -> bool:
        """Whether it is a loss of pass@k on one data set, which can be asked for in other ways and pooled."""
        return self.means.is_loss and not self.figure

    @property
    def score(self) -> str:
        """What a loss is a loss of, in words: ``pass@1``, ``share of calls that fit their schema``."""
        return OWN[self.of][self.figure] if self.of else f"pass@{self.k}"

    @property
    def lost(self) -> str:
        """For what is held against the baseline's, the name of that metric."""
        return self.time or (f"{self.of}.{self.figure}" if self.of else f"pass@{self.k}")

    @property
    def time(self) -> str:
        """For times and slowdowns the name of the time: ``token_time``."""
        return next((stem for stem, (field, _) in TIMES.items() if field == self.field), "")

    @property
    def baseline_unit(self) -> str:
        """The unit of the baseline's figure: points are lost from a score in percent, and times are in ms."""
        return self.means.baseline_unit or self.unit


def parse_metric(name: str) -> Metric:
    """Return the metric that a name stands for; ValueError says what is wrong, and what is possible."""
    if "@" in name and name.partition("@")[0] not in ("pass", "degradation"):
        raise ValueError("only pass and degradation take a k")
    for forms in FORMS:
        if found := forms.read(name):
            return found
    raise ValueError(f"no such metric; there are {', '.join(metric_names())}")


def metric_names() -> tuple[str, ...]:
    """The forms that a metric's name can take, for messages and documentation."""
    return tuple(name for forms in FORMS for name in forms.names)


def _k_of(name: str, stem: str) -> int | None:
    """The k behind a stem; None where the name is another one."""
    found, at, k_text = name.partition("@")
    if found != stem or not at:
        return None
    if not k_text.isascii() or not k_text.isdigit() or int(k_text) < 1:
        raise ValueError("the k behind @ must be a whole number from 1 on")
    return int(k_text)


def _pass(name: str) -> Metric | None:
    k = _k_of(name, "pass")
    return None if k is None else Metric(name, "pass", "%", f"pass@{k}", "above", k=k)


def _degradation(name: str) -> Metric | None:
    k = 1 if name == "degradation" else _k_of(name, "degradation")
    label = f"loss of pass@{k} against the baseline"
    return None if k is None else Metric(name, "degradation", "points", label, "below", k=k)


def _of_level(name: str) -> Metric | None:
    if name != f"degradation.{LEVEL}":
        return None
    label = "loss of pass@1 since the easiest level beyond the baseline's loss"
    return Metric(name, "degradation", "points", label, "below", figure=LEVEL)


def share_kept(metric: Metric) -> Metric:
    """What of the baseline's score is kept, in place of the points that were lost of it."""
    k = metric.k
    name = "recovery" if k == 1 else f"recovery@{k}"
    return Metric(name, "recovery", "%", f"recovery of pass@{k}", "above", k=k)


def _own(name: str) -> Metric | None:
    lost = name.startswith("degradation.")
    of, _, figure = name.removeprefix("degradation.").partition(".")
    if of not in OWN:
        return None
    if not figure and not lost:
        figure = next(iter(OWN[of]))
    if figure not in OWN[of]:
        raise ValueError(f"of {of}s there are {', '.join(f'{of}.{each}' for each in OWN[of])}")
    label = OWN[of][figure]
    if lost:
        label = f"loss of the {label.removesuffix(', against the baseline')} against the baseline"
        return Metric(name, "degradation", "points", label, "below", of=of, figure=figure)
    kind = "agreement" if figure == "trigger_f1" else "pass"
    return Metric(name, kind, "%", label, "above", of=of, figure=figure)


def _slowdown(name: str) -> Metric | None:
    stem, _, time = name.partition(".")
    if stem != "slowdown":
        return None
    time = time or "token_time"
    if time not in TIMES:
        raise ValueError(f"a slowdown is of {', '.join(f'.{key}' for key in TIMES)}, not .{time}")
    field, label = TIMES[time]
    return Metric(name, "slowdown", "%", label, "below", field=field)


def _time(name: str) -> Metric | None:
    stem, _, statistic = name.partition(".")
    if stem not in TIMES:
        return None
    statistic = statistic or "mean"
    if statistic not in STATISTICS:
        raise ValueError(f"a time is taken as {', '.join(f'.{key}' for key in STATISTICS)}, not .{statistic}")
    field, label = TIMES[stem]
    if statistic != "mean":
        label = f"{STATISTICS[statistic]} of the {label}"
    return Metric(name, "time", "ms", label, "below", field=field, statistic=statistic)


def _errors(name: str) -> Metric | None:
    stem, _, kind = name.partition(".")
    if stem != "error_share":
        return None
    failing = [str(one) for one in VerdictClass if one is not VerdictClass.PASSED]
    if kind and kind not in failing:
        raise ValueError(f"no such verdict class; there are {', '.join(failing)}")
    label = f"share of samples that end in {kind}" if kind else "share of samples that fail"
    return Metric(name, "errors", "%", label, "below", field=kind)


def _symptoms(name: str) -> Metric | None:
    stem, _, symptom = name.partition(".")
    if stem != "symptom_share":
        return None
    known = tuple(map(str, Symptom))
    if symptom and symptom not in known:
        raise ValueError(f"no such symptom; there are {', '.join(known)}")
    which = f"the symptom {Symptom(symptom).words}" if symptom else "a symptom"
    return Metric(name, "symptoms", "%", f"share of answers with {which}", "below", field=symptom or ANY)


def _distance(name: str) -> Metric | None:
    if name not in DISTANCES:
        return None
    unit, label, good = DISTANCES[name]
    return Metric(name, "distance", unit, label, good)


def _speed(name: str) -> Metric | None:
    if name != "tokens_per_s":
        return None
    return Metric(name, "speed", "tokens/s", "output tokens a second", "above")


@dataclass(frozen=True)
class Forms:
    """Names of metrics that are read alike."""

    names: tuple[str, ...]
    """As messages and documentation write them."""
    read: Callable[[str], Metric | None]
    """The metric that a name stands for; None where it is none of these. ValueError says what is wrong."""


FORMS = (
    Forms(("pass@K",), _pass),
    Forms(("degradation", "degradation@K"), _degradation),
    Forms((f"degradation.{LEVEL}",), _of_level),
    Forms(("slowdown[.TIME]",), _slowdown),
    Forms(tuple(f"{stem}[.p50|.p95]" for stem in TIMES), _time),
    Forms(("error_share[.CLASS]",), _errors),
    Forms(("symptom_share[.SYMPTOM]",), _symptoms),
    Forms(
        tuple(f"{lost}{of}.{each}" for of in OWN for lost in ("", "degradation.") for each in OWN[of]), _own
    ),
    Forms(tuple(DISTANCES), _distance),
    Forms(("tokens_per_s",), _speed),
)
"""All that can be asked for."""
