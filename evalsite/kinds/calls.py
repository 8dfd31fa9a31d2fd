"""Calls of tools: a conversation with tools to call, judged by what is called. Nothing is run."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from evalsite import __version__
from evalsite.calls.families import behind_thoughts, find_calls
from evalsite.calls.judging import Judgement, judge_calls
from evalsite.calls.pieces import assemble
from evalsite.calls.reading import Call
from evalsite.calls.task import KIND, Task, task_of
from evalsite.kinds.judging import Answering, ByChatAlone, Found, Judging, Wants
from evalsite.languages.reading import Reading
from evalsite.languages.running import Running
from evalsite.rundir.answers import hash_tests
from evalsite.rundir.calls import CallsVerdict
from evalsite.rundir.schema import AnswerForm, Completion, Problem, Program, Verdict
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.words.text import shorten

MOST_NAME = 300
"""Characters of a called name that are kept beside a verdict."""
REPORTED, WRITTEN, LEAKED, NO_CALLS = "calls", "written-calls", "leaked-calls", "no-calls"
"""Rules by which the calls of an answer were found."""


class ToolCalls(ByChatAlone, Answering):
    """As in BFCL's single-turn categories."""

    name: ClassVar[str] = KIND
    title: ClassVar[str] = "calls"
    has_references: ClassVar[bool] = False
    asks_for: ClassVar[str] = "calls of tools, and not for code"
    wants: ClassVar[Wants] = Wants.CALLS
    style: ClassVar[str] = "tools-v1"
    runs: ClassVar[bool] = False

    def read(self, problem: Problem, form: AnswerForm, text: str, reading: Reading) -> None:
        """Not asked: see :meth:`read_whole`."""

    def judging(self, problem: Problem) -> Judging:
        """What is expected; no program is run for it."""
        return Judging(problem.tests)

    def stubs(self, problem: Problem, running: Running) -> dict[str, str]:
        """None: nothing is run."""
        return {}

    def read_whole(self, problem: Problem, completion: Completion) -> Found:
        """The calls of an answer, as JSON: those that were reported, else those that stand in its text."""
        task = task_of(problem)
        if completion.calls:
            return _found(REPORTED, assemble(completion.calls))
        leak = find_calls(behind_thoughts(completion.text), task.tools)
        if leak is None:
            return _found(NO_CALLS, [])
        return _found(LEAKED if asks_by_tools(problem) else WRITTEN, leak.calls, leak.family)

    def judge(self, problem: Problem, program: Program) -> Verdict:
        """The verdict on the calls that :meth:`read_whole` found."""
        task = task_of(problem)
        document = json.loads(program.source)
        calls = [_call(each) for each in document["calls"]]
        leaked = program.rule == LEAKED
        found = judge_calls(() if leaked else calls, task.expected, task.tools)
        verdict, message, parsed = found.verdict, found.message, None
        if leaked:
            parsed, verdict, message = _leaked(calls, task, document["family"])
        elif verdict is not VerdictClass.PASSED and program.truncated:
            verdict, message = VerdictClass.TRUNCATED, f"the answer was cut off; {message}"
        return Verdict(
            problem=program.problem,
            sample=program.sample,
            verdict=verdict,
            message=message,
            rule=program.rule,
            program=program.source,
            symptoms=program.symptoms,
            completion_sha256=program.completion_sha256,
            tests_sha256=hash_tests(problem),
            graded_by=__version__,
            calls=CallsVerdict(
                made=found.num_calls,
                fitting=found.num_fitting,
                symptoms=_symptoms(found, calls, task),
                family=document.get("family", ""),
                parsed=parsed,
            ),
        )


def _leaked(calls: list[Call], task: Task, family: str) -> tuple[VerdictClass, VerdictClass, str]:
    """What leaked calls are worth, and what is said of them."""
    found = judge_calls(calls, task.expected, task.tools)
    words = "would pass" if found.verdict is VerdictClass.PASSED else f"would be {found.verdict.words}"
    why = f": {found.message}" if found.message else ""
    text = (
        f"a call in the syntax {family} stands in the text, and none was reported; with a parser it {words}"
    )
    return found.verdict, VerdictClass.LEAKED_CALL, text + why


def _symptoms(found: Judgement, calls: list[Call], task: Task) -> tuple[str, ...]:
    """Those of the calls that are there, leaked or not."""
    return found.symptoms or judge_calls(calls, task.expected, task.tools).symptoms


def _found(rule: str, calls: "list[Call] | tuple[Call, ...]", family: str = "") -> Found:
    document: dict[str, Any] = {"calls": [_written(call) for call in calls]}
    if family:
        document["family"] = family
    source = json.dumps(document, ensure_ascii=False, indent=1)
    try:
        source.encode()
    except UnicodeEncodeError:  # half a character, which no file can keep
        source = json.dumps(document, indent=1)
    return Found(source, rule)


def _written(call: Call) -> dict[str, Any]:
    told: dict[str, Any] = {"name": shorten(call.name, MOST_NAME), "arguments": call.arguments}
    if call.why:
        told |= {"unreadable": call.why, "written": call.written}
    if call.symptoms:
        told["symptoms"] = list(call.symptoms)
    return told


def _call(told: Mapping[str, Any]) -> Call:
    return Call(told["name"], told["arguments"], told.get("unreadable", ""), tuple(told.get("symptoms", ())))


def asks_by_tools(problem: Problem) -> bool:
    """Whether a problem was asked with the chat API's tools, not with a prompt that describes them.

    So is a problem of which it is not known how it was asked.
    """
    return not problem.asked or '"tools"' in problem.asked[:TOOLS_WITHIN]


TOOLS_WITHIN = len('{"tools"')
"""Characters at the beginning of what was asked that hold the word, where tools were sent."""
