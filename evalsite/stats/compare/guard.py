"""The comparability guard: in what two runs differ besides the model.

A comparison speaks of the models only where all else was equal. What was not is shown beside every figure.
"""

import hashlib
from dataclasses import dataclass

import msgspec

from evalsite.rundir.sandboxes import ISOLATING, Sandbox
from evalsite.rundir.schema import Context, Limits, Run
from evalsite.words.text import shorten

UNKNOWN = "not recorded"
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Reservation:
    """One condition that two runs do not share, or that nobody wrote down."""

    field: str
    """Such as ``settings.temperature``."""
    base: str
    candidate: str
    matters: str
    """In one clause, what the condition does to the result."""

    @property
    def sentence(self) -> str:
        """The reservation in plain words."""
        unknown = [self.base == UNKNOWN, self.candidate == UNKNOWN]
        if any(unknown):
            whose = "both runs" if all(unknown) else "the baseline" if unknown[0] else "the candidate"
            return f"Not recorded for {whose}: {self.field}, which {self.matters}."
        values = f"{self.base} against {self.candidate}"
        return f"Not the same in both runs: {self.field} ({values}), which {self.matters}."


_RANKS = {"baseline": 0, "": 1, "candidate": 2}


def role_rank(run: Run) -> int:
    """Sort what may be a baseline by its model card before what may not."""
    return _RANKS[run.model.card.role]


def swapped_roles(base: Run, candidate: Run) -> str:
    """Say in a sentence that the model cards contradict the order of two runs; empty where they do not."""
    ours, theirs = base.model.card.role, candidate.model.card.role
    if role_rank(base) <= role_rank(candidate):
        return ""
    if ours and theirs:
        told = f"{candidate.model.name} is the {theirs}, and {base.model.name} the {ours}"
        return f"By their model cards the roles are the other way round: {told}."
    stated, other, place = (base, candidate, "baseline") if ours else (candidate, base, "candidate")
    return (
        f"By its model card {stated.model.name} is a {ours or theirs}, and stands here as the {place}; "
        f"{other.model.name} has no role."
    )


def equal_roles(base: Run, candidate: Run) -> str:
    """Say in a sentence that by the model cards neither of two runs is the other's baseline."""
    role = base.model.card.role
    if not role or role != candidate.model.card.role or base.model.name == candidate.model.name:
        return ""
    return (
        f"By their model cards both are {role}s: {candidate.model.name} is held against {base.model.name} "
        "because they were named in this order."
    )


_ASKED = {
    "dataset.name": "decides which problems are asked",
    "dataset.sha256": "shows whether the problems themselves are the same",
    "num_problems": "decides which problems are averaged over",
}
_SETTINGS = {
    "api": "decides how the model sees the problem",
    "prompt": "changes what the model is asked",
    "system": "changes what the model is asked",
    "temperature": "changes how much the answers vary, and pass@k with it",
    "top_p": "changes how much the answers vary, and pass@k with it",
    "max_tokens": "cuts off longer answers",
    "stop": "decides where answers end",
    "stop_loops": "ends answers that repeat themselves, which else may come to an end of their own",
    **dict.fromkeys(("top_k", "min_p"), "changes how much the answers vary, and pass@k with it"),
    **dict.fromkeys(("template", "few_shot", "context"), "changes what the model is asked"),
    "prefill": "decides how answers begin",
    "reasoning_effort": "decides how long the model thinks",
    "tool_choice": "decides whether a call has to be made",
    "extra": "may change anything about the answers",
}
_GRADING = {
    "extraction": "decides which part of an answer is executed",
    "sandbox": "decides what programs may do",
    "layers": "decides what programs may do",
    "python": "decides what programs can run",
    "packages": "decides what programs can import",
    "excluded": "decides which problems count",
}
_GROUPS = {
    "settings": "decide how the model was asked",
    "grading": "decides how programs were executed",
    "limits": "decide which programs are stopped",
}
_LIMITS = dict.fromkeys(Limits.__struct_fields__, "decides which programs are stopped")


def reservations(base: Run, candidate: Run) -> tuple[Reservation, ...]:
    """Return all conditions, the model aside, in which two runs differ or which were not recorded.

    An empty result means that the runs can be compared without reservation. Two sandboxes that keep programs
    in are no condition of their own where programs that try what may differ had the same verdicts in both.
    """
    unlike = _in_another_sandbox(base, candidate)
    found = [
        *_differing("", _ASKED, _asked(base), _asked(candidate)),
        *_drawn_otherwise(base, candidate),
        *_read_otherwise(base, candidate),
        *_differing("settings", _SETTINGS, _settings(base), _settings(candidate)),
        *_differing("grading", _GRADING, _grading(base), _grading(candidate)),
        *_differing("limits", _LIMITS, _limits(base), _limits(candidate)),
    ]
    known = frozenset() if unlike is None else _OF_SANDBOXES
    if candidate.looks is not None:  # its part is drawn at random, and compared problem by problem
        known |= {"num_problems"}
    return tuple(each for each in [*found, *(unlike or ())] if each.field not in known)


_OF_SANDBOXES = frozenset({"grading.sandbox", "grading.layers"})
_LIKENESS = "shows what programs may do in one sandbox alone"


def _in_another_sandbox(base: Run, candidate: Run) -> list[Reservation] | None:
    """In what two sandboxes that keep programs in were seen to differ; None where nobody knows, or where it
    is no question.
    """
    if base.grading is None or candidate.grading is None:
        return None
    ours, theirs = base.grading, candidate.grading
    both = {ours.sandbox, theirs.sandbox}
    if Sandbox.NONE in both:  # what is asked there is not run
        return []
    if len(both) == 1 or not both.issubset(ISOLATING) or not ours.likeness or not theirs.likeness:
        return None
    return [
        Reservation(f"grading.likeness.{name}", verdict, theirs.likeness.get(name, UNKNOWN), _LIKENESS)
        for name, verdict in ours.likeness.items()
        if theirs.likeness.get(name) != verdict
    ]


def _differing(
    group: str, matters: dict[str, str], ours: dict[str, str], theirs: dict[str, str]
) -> list[Reservation]:
    """The conditions of one group that differ; the whole group as one where a run did not record it."""
    if not ours or not theirs:
        base, candidate = ("recorded" if known else UNKNOWN for known in (ours, theirs))
        return [Reservation(group, base, candidate, _GROUPS[group])]
    dot = "." if group else ""
    return [
        Reservation(f"{group}{dot}{name}", ours[name], theirs[name], why)
        for name, why in matters.items()
        if ours[name] != theirs[name] or ours[name] == UNKNOWN
    ]


def _drawn_otherwise(base: Run, candidate: Run) -> list[Reservation]:
    """Two parts of one size that were drawn in different ways, or one of which was not drawn."""
    if base.num_problems != candidate.num_problems or base.num_problems >= base.dataset.num_problems:
        return []
    ours, theirs = (run.draw.in_words() if run.draw else "not drawn" for run in (base, candidate))
    same = ours == theirs
    return [] if same else [Reservation("draw", ours, theirs, "decides which problems are averaged over")]


def _read_otherwise(base: Run, candidate: Run) -> list[Reservation]:
    """Two imports whose answers were read in other ways, if both recorded it."""
    ours, theirs = (", ".join(sorted(run.read_as)) for run in (base, candidate))
    if not ours or not theirs or ours == theirs:
        return []
    return [Reservation("read_as", ours, theirs, "decides what of an answer is executed")]


def _asked(run: Run) -> dict[str, str]:
    return {
        "dataset.name": run.dataset.name,
        "dataset.sha256": run.dataset.sha256,
        "num_problems": str(run.num_problems),
    }


def _settings(run: Run) -> dict[str, str]:
    if run.settings is None:
        declared = run.model.declared
        return {name: declared.get(name, UNKNOWN) for name in _SETTINGS} if declared else {}
    return {name: _text(getattr(run.settings, name)) for name in _SETTINGS}


def _grading(run: Run) -> dict[str, str]:
    if run.grading is None:
        return {}
    conditions = {name: _text(getattr(run.grading, name)) for name in _GRADING}
    packages = run.grading.packages
    conditions["packages"] = (
        f"{len(packages)} of the hash {run.grading.packages_sha256[:12]}" if packages else "none"
    )
    conditions["excluded"] = ", ".join(run.grading.excluded) or "none"
    # A new patch release of Python runs the same programs.
    conditions["python"] = ".".join(run.grading.python.split(".")[:2])
    return conditions


def _limits(run: Run) -> dict[str, str]:
    if run.grading is None:
        return {}
    return {name: _text(getattr(run.grading.limits, name)) for name in _LIMITS}


def _text(value: object) -> str:
    """A setting as one line of text; stop sequences keep their line breaks visible."""
    if isinstance(value, tuple):
        return ", ".join(repr(item) if "\n" in item else str(item) for item in value) or "none"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Context):
        digest = hashlib.sha256(msgspec.json.encode(value)).hexdigest()
        return f"about {value.tokens:,} tokens, {digest[:8]}"
    if value is None or value == {}:
        return "none"
    return shorten(str(value), MOST_SHOWN) or "none"
