"""What calls are worth: a verdict for one answer, by what its problem expects. Nothing is run.

An answer is judged in this order, and the first that holds is its verdict: its calls name tools that were
offered, those that are wanted, as many as are wanted, with arguments that can be read, that fit their schema,
and that are accepted (:mod:`.matching`). An answer whose calls are all accepted passes, even if the data set
accepts what its own schema does not allow.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from evalsite.calls.matching import mismatch
from evalsite.calls.reading import EMPTY, REPEATED, Call
from evalsite.calls.tools import Tool, own_names
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.words.text import shorten


class Expected(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a problem wants: certain calls, or one of the words."""

    calls: tuple[dict[str, dict[str, list[Any]]], ...] = ()
    """For each call ``{name: {argument: [accepted values]}}``, in any order."""
    word: str = ""
    """``none``: no call. ``some``: at least one, whatever it is. ``any``: calls or none, but what is called
    has to be offered, and to fit its schema."""
    among: tuple[str, ...] = ()
    """Of ``some``: names of the tools of which one is to be called; without any, every call will do."""


WORDS = ("none", "some", "any")


@dataclass(frozen=True)
class Judgement:
    """What one answer's calls are worth."""

    verdict: VerdictClass
    message: str = ""
    """Why it does not pass; empty where it does."""
    num_calls: int = 0
    num_fitting: int = 0
    """Calls of an offered tool whose arguments fit its schema."""
    symptoms: tuple[str, ...] = ()
    """Names of :data:`.reading.SYMPTOMS`, each once."""


def judge_calls(calls: Sequence[Call], expected: Expected, tools: Sequence[Tool]) -> Judgement:
    """Judge the calls of one answer. Names are taken as they are on the wire, or as the data set has them."""
    offered = {tool.name: tool for tool in reversed(tools)}
    own = own_names(tools)
    made = [replace(each, name=own.get(each.name, each.name)) for each in calls]
    broken = [_breach(call, offered.get(call.name)) for call in made]
    verdict, message = _verdict(made, broken, expected, offered)
    return Judgement(
        verdict,
        message,
        num_calls=len(made),
        num_fitting=broken.count(""),
        symptoms=_symptoms(made, offered),
    )


def _breach(call: Call, tool: Tool | None) -> str:
    """Why a call could not be carried out by anybody; empty where it could."""
    if tool is None:
        return "no such tool"
    if call.arguments is None:
        return call.why
    from evalsite.calls.schemas import violation  # here: most commands judge nothing

    return violation(call.arguments, tool)


def _verdict(
    calls: Sequence[Call], broken: Sequence[str], expected: Expected, offered: dict[str, Tool]
) -> tuple[VerdictClass, str]:
    if expected.word == "none":
        if not calls:
            return VerdictClass.PASSED, ""
        return VerdictClass.UNWANTED_CALL, f"called {_names(calls)}, where no call was wanted"
    if not calls:
        if expected.word == "any":
            return VerdictClass.PASSED, ""
        return VerdictClass.NO_CALL, "no call was made"
    if expected.word == "some":
        if not expected.among or any(call.name in expected.among for call in calls):
            return VerdictClass.PASSED, ""
        return VerdictClass.WRONG_TOOL, f"called {_names(calls)}, which is no tool for this"
    refusal = None if expected.word else _refuse_choice(calls, expected, offered)
    if not expected.word and refusal is None:
        why = _unmatched(calls, expected, offered)
        if not why:
            return VerdictClass.PASSED, ""
        refusal = _refuse_arguments(calls, broken) or (VerdictClass.WRONG_ARGUMENTS, why)
    if expected.word == "any":
        refusal = _unknown(calls, offered) or _refuse_arguments(calls, broken)
    return refusal or (VerdictClass.PASSED, "")


def _unknown(calls: Sequence[Call], offered: dict[str, Tool]) -> tuple[VerdictClass, str] | None:
    strangers = [call for call in calls if call.name not in offered]
    if not strangers:
        return None
    return VerdictClass.UNKNOWN_TOOL, f"called {_names(strangers)}, which was not offered"


def _refuse_choice(
    calls: Sequence[Call], expected: Expected, offered: dict[str, Tool]
) -> tuple[VerdictClass, str] | None:
    """Which tools were called, and how often."""
    if found := _unknown(calls, offered):
        return found
    wanted = Counter(name for each in expected.calls for name in each)
    called = Counter(call.name for call in calls)
    others = [call for call in calls if call.name not in wanted]
    if others:
        return VerdictClass.WRONG_TOOL, f"called {_names(others)}, and wanted was {', '.join(wanted)}"
    if len(calls) != wanted.total():
        return VerdictClass.WRONG_COUNT, f"made {len(calls)} calls, and wanted were {wanted.total()}"
    if called != wanted:
        more = ", ".join((called - wanted).elements())
        fewer = ", ".join((wanted - called).elements())
        return VerdictClass.WRONG_TOOL, f"called {more} once more than wanted, in place of {fewer}"
    return None


def _refuse_arguments(calls: Sequence[Call], broken: Sequence[str]) -> tuple[VerdictClass, str] | None:
    """Arguments that cannot be read, or that break their schema."""
    for call in calls:
        if call.arguments is None:
            return VerdictClass.MALFORMED_ARGUMENTS, f"the arguments of {call.name} are {call.why}"
    for call, why in zip(calls, broken, strict=True):
        if why:
            return VerdictClass.SCHEMA_VIOLATION, f"the arguments of {call.name} break its schema: {why}"
    return None


def _unmatched(calls: Sequence[Call], expected: Expected, offered: dict[str, Tool]) -> str:
    """Why the calls are not those accepted; empty where they are. A wanted one takes the first that fits."""
    left = list(calls)
    for wanted in expected.calls:
        for name, accepted in wanted.items():
            why = "is missing"
            for index, call in enumerate(left):
                if call.name != name or call.arguments is None:
                    continue
                why = mismatch(call.arguments, accepted, offered[name].parameters)
                if not why:
                    del left[index]
                    break
            if why:
                return f"{name} {why}" if why == "is missing" else f"{name}: the call {why}"
    return ""


def _symptoms(calls: Sequence[Call], offered: dict[str, Tool]) -> tuple[str, ...]:
    found = {symptom for call in calls for symptom in call.symptoms}
    if any(_is_empty(call, offered.get(call.name)) for call in calls):
        found.add(EMPTY)
    written = [
        (call.name, json.dumps(call.arguments, sort_keys=True))
        for call in calls
        if call.arguments is not None
    ]
    if len(set(written)) < len(written):
        found.add(REPEATED)
    return tuple(sorted(found))


def _is_empty(call: Call, tool: Tool | None) -> bool:
    return call.arguments == {} and tool is not None and bool(tool.parameters.get("required"))


def _names(calls: Sequence[Call]) -> str:
    names = list(dict.fromkeys(shorten(call.name, 100) or "a tool without a name" for call in calls))
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
