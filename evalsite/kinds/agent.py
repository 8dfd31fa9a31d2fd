"""Exercises for an agent: the same files and tests, worked on by calls of tools until it stops."""

from typing import ClassVar

import msgspec

from evalsite.agents.tools import TOOLS
from evalsite.calls.tools import as_sent
from evalsite.edits.asking import ToEdit
from evalsite.edits.exercise import exercise_of
from evalsite.kinds.exercise import ExerciseByEdit
from evalsite.kinds.judging import Wants
from evalsite.languages import language_of
from evalsite.rundir.agents import KIND
from evalsite.rundir.schema import Problem, Prompt

MAX_TURNS = 15
"""Answers that an agent may give, unless told."""


class ExerciseByAgent(ExerciseByEdit):
    """A program is the files as the agent left them, as JSON."""

    name: ClassVar[str] = KIND
    title: ClassVar[str] = "agent"
    wants: ClassVar[Wants] = Wants.AGENT
    style: ClassVar[str] = "agent-v1"

    def to_edit(self, problem: Problem) -> ToEdit | None:  # type: ignore[override]
        """None: nobody is asked for an edit in so many words."""
        return None


def agent_v1(problem: Problem) -> Prompt:
    """What an agent is told first; what follows is up to it."""
    exercise = exercise_of(problem)
    language = language_of(problem)
    messages = (
        {"role": "system", "content": SYSTEM.format(language=language.title)},
        {"role": "user", "content": TASK.format(instructions=exercise.instructions.strip())},
    )
    tools = tuple(as_sent(TOOLS))
    text = msgspec.json.encode({"tools": tools, "messages": messages}).decode()
    return Prompt(problem=problem.task_id, text=text, form="response", messages=messages, tools=tools)


SYSTEM = """You are a programmer who works on {language} code in a folder, by calling tools. Look at \
the files, change them with edit_file, and run the tests with run_tests until they pass. Tests, and files \
that are marked so, stay as they are. Nobody answers questions. When the tests pass, or when you can do no \
more, answer in words, without a call."""
TASK = """{instructions}

Change the files in the folder so that the tests pass."""
