"""The tools of an agent, and what each does to a folder that lies in memory.

Nothing is written anywhere: files exist on a disk only inside of the sandbox, and only while tests run over
them. So no path leads out of the folder, and tests and what lies beside them stay as they are.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evalsite.calls.reading import Call
from evalsite.calls.tools import Tool
from evalsite.edits.applying import MOST_TEXT, EditError, FileEdit, apply_edits
from evalsite.edits.exercise import Exercise
from evalsite.edits.paths import fault_of
from evalsite.rundir.steps import ToolResult
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.words.text import shorten

MOST_SHOWN = 16_000
"""Characters of one result: a model's context is not filled by one call."""
EDIT_FILE, RUN_TESTS = "edit_file", "run_tests"
_NO_EDIT = VerdictClass.EDIT_DOES_NOT_APPLY

_PATH = {"type": "string", "description": "A path as list_files gives it, such as src/lib.rs"}


def _tool(name: str, description: str, **properties: Any) -> Tool:
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return Tool(name=name, description=description, parameters=schema)


TOOLS = (
    _tool("list_files", "List all files of the folder, with their sizes, and which of them may be changed."),
    _tool("read_file", "Read a file.", path=_PATH),
    _tool(
        EDIT_FILE,
        "Replace a text in a file. `old` has to stand in it exactly once, with all its blanks and line "
        "ends; `new` takes its place. If `old` is empty, `new` becomes all of the file.",
        path=_PATH,
        old={"type": "string", "description": "The text that goes; empty to write the whole file"},
        new={"type": "string", "description": "The text that comes in its place"},
    ),
    _tool(RUN_TESTS, "Run the tests over the files as they are now, and see what they say."),
)
"""In the order in which they are offered."""
BY_NAME = {tool.name: tool for tool in TOOLS}


@dataclass
class Folder:
    """The files of an exercise while an agent works on them."""

    exercise: Exercise
    files: dict[str, str]
    """Those that may be changed, as they are now."""

    @classmethod
    def of(cls, exercise: Exercise) -> "Folder":
        """As it is given."""
        return cls(exercise, dict(exercise.solution))

    @property
    def given(self) -> dict[str, str]:
        """Files that stay as they are: tests, and what lies beside them."""
        return {**self.exercise.tests, **self.exercise.other}

    def carry_out(self, call: Call) -> ToolResult:
        """Do what a call wants, other than to run tests; of one that is broken, say why."""
        if why := broken(call):
            return _result(call, f"This call cannot be carried out: {why}", broken=True)
        before = dict(self.files)
        try:
            text = _DOES[call.name](self, call.arguments or {})
        except EditError as error:
            return _result(call, f"Nothing was done: {error.message}.")
        return _result(call, text, changed=self.files != before)

    def list_files(self, _arguments: Mapping[str, Any]) -> str:
        """Every file a line."""
        rows = [
            *((path, text, "") for path, text in self.files.items()),
            *((path, text, " (stays as it is)") for path, text in self.given.items()),
        ]
        return "\n".join(f"{path}, {len(text.encode()):,} bytes{told}" for path, text, told in sorted(rows))

    def read_file(self, arguments: Mapping[str, Any]) -> str:
        """A file's text."""
        path = str(arguments["path"]).removeprefix("./")
        text = {**self.given, **self.files}.get(path)
        if text is None:
            raise EditError(_NO_EDIT, f"there is no file {shorten(repr(path), 120)}{_why_not(path)}")
        return text or "(the file is empty)"

    def edit_file(self, arguments: Mapping[str, Any]) -> str:
        """Replace a text that stands there once, or all of a file."""
        path, old, new = (str(arguments[name]) for name in ("path", "old", "new"))
        path = path.removeprefix("./")
        apply_edits(self.files, [FileEdit(path, whole="")], self.given)  # whether it may be changed at all
        text = self.files[path]
        found = text.count(old) if old else 1
        if found != 1:
            where = f"{found} times" if found else "nowhere"
            raise EditError(_NO_EDIT, f"`old` stands {where} in {path}, and has to stand there once")
        changed = text.replace(old, new) if old else new
        if len(changed) > MOST_TEXT:
            raise EditError(_NO_EDIT, f"{path} would become larger than {MOST_TEXT / 1e6:g} MB")
        try:
            changed.encode()
        except UnicodeEncodeError:
            raise EditError(_NO_EDIT, "`new` holds half a character, which no file can keep") from None
        self.files = apply_edits(self.files, [FileEdit(path, whole=changed)], self.given)
        return f"{path} is changed." if changed != text else f"{path} was so already: nothing is changed."


_DOES: Mapping[str, Callable[[Folder, Mapping[str, Any]], str]] = {
    "list_files": Folder.list_files,
    "read_file": Folder.read_file,
    EDIT_FILE: Folder.edit_file,
}


def broken(call: Call) -> str:
    """Why nobody could carry out a call; empty where somebody can."""
    tool = BY_NAME.get(call.name)
    if tool is None:
        named = shorten(call.name, 100) or "without a name"
        return f"there is no tool {named} for this folder; there are {', '.join(BY_NAME)}."
    if call.arguments is None:
        return f"its arguments are {call.why}."
    from evalsite.calls.schemas import violation  # here: most commands have no agents

    if why := violation(call.arguments, tool):
        return f"its arguments do not fit the tool: {why}."
    return ""


def tested(call: Call, text: str, *, passed: bool) -> ToolResult:
    """What came of running the tests."""
    return _result(call, text, passed=passed)


def written(call: Call) -> str:
    """A call's arguments as JSON, one text for the same arguments; empty where they could not be read."""
    if call.arguments is None:
        return ""
    text = json.dumps(call.arguments, ensure_ascii=False, sort_keys=True)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(call.arguments, sort_keys=True)
    return text


def _result(call: Call, text: str, **told: Any) -> ToolResult:
    if len(text) > MOST_SHOWN:
        half = MOST_SHOWN // 2
        text = f"{text[:half]}\n[{len(text) - 2 * half:,} characters left out]\n{text[-half:]}"
    plain = text.encode("utf-8", "replace").decode()
    return ToolResult(tool=shorten(call.name, 100), arguments=written(call), text=plain, **told)


def _why_not(path: str) -> str:
    fault = fault_of(path)
    return f": the path {fault}" if fault else ""
