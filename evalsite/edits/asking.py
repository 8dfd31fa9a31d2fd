"""How an edit is asked for: the task, the files, and the format."""

from dataclasses import dataclass, field

from evalsite.edits.exercise import Files
from evalsite.edits.formats import FORMATS


@dataclass(frozen=True)
class ToEdit:
    """What a model is shown of a problem, and may change."""

    task: str
    """What is to be done, in words."""
    files: Files
    """Those that are to be changed."""
    language: str
    """Behind a fence."""
    shown: Files = field(default_factory=dict)
    """Those that are shown, and not to be changed."""
    given: tuple[str, ...] = ()
    """Paths of all that may not be changed."""


def ask_for_edit(problem: ToEdit, name: str) -> str:
    """The text that asks for an edit in a format."""
    example = next((path for path in problem.files if "." in path), "file")
    closing = FORMATS[name].asked.replace("{path}", example).replace("{language}", problem.language)
    parts = [
        problem.task.strip(),
        "These files are to be changed, and no others:",
        *(as_block(path, text, problem.language) for path, text in problem.files.items()),
    ]
    if problem.shown:
        parts.append("These lie beside them, and stay as they are:")
        parts += [as_block(path, text, problem.language) for path, text in problem.shown.items()]
    return "\n\n".join([*parts, closing])


def as_block(path: str, text: str, language: str) -> str:
    """A file as it is shown: its path, and its text in a fence that nothing in it closes."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{path}\n{fence}{language}\n{text.rstrip()}\n{fence}"
