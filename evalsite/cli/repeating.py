"""What a later ``resume`` takes over of the command that began a run, and what it has to be told again."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evalsite.cli.connecting import ConnectionOptions
from evalsite.cli.looking import BASE
from evalsite.cli.options import GradingOptions


@dataclass(frozen=True)
class Repeat:
    """``written`` is kept beside the run, on this machine; ``again`` are words that nobody writes down."""

    written: dict[str, Any] = field(default_factory=dict)
    again: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        reached: ConnectionOptions,
        grading: GradingOptions,
        data_path: Path | None,
        base: Path | None = None,
    ) -> "Repeat":
        """Take them from a command's options; ``base``: the baseline's run that it is held against."""
        paths = {"data_path": data_path, BASE: base}
        own = {name: str(path.resolve()) for name, path in paths.items() if path}
        return cls({**reached.to_repeat(), **own, **grading.to_repeat()}, reached.secret_words())
