"""Pieces of calls, as servers send them -> calls.

Servers agree on little (OpenAI's own stream, and those of llama.cpp, vLLM, SGLang and Ollama): an id and a
name come once or with every piece, ids change from piece to piece, arguments come in pieces or whole, as text
or as an object, and several calls may share the index 0. A piece begins a new call where nothing else fits:

- its index is another one than any before;
- it has a name and an id that is not the one of its index's call;
- it has a name and no id, and the name is another one, or the arguments so far are whole and it brings more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from evalsite.calls.reading import Call, read_call
from evalsite.rundir.calls import CallPiece


@dataclass
class _Growing:
    id: str
    name: str
    pieces: list[str] = field(default_factory=list)
    depth: int = 0
    quoted: bool = False
    escaped: bool = False
    begun: bool = False

    def add(self, text: str) -> None:
        """Go on with the arguments, and with what is known of their brackets."""
        self.pieces.append(text)
        for char in text:
            if self.escaped:
                self.escaped = False
            elif self.quoted:
                self.escaped = char == "\\"
                self.quoted = char != '"'
            elif char == '"':
                self.quoted = True
            elif char in "{[":
                self.depth += 1
                self.begun = True
            elif char in "}]":
                self.depth -= 1

    @property
    def whole(self) -> bool:
        """Whether every bracket that was opened has been closed."""
        return self.begun and self.depth <= 0


def assemble(pieces: Iterable[CallPiece]) -> list[Call]:
    """Put pieces together, in the order in which their calls began, and read the arguments of each."""
    return [read_call(name, arguments) for _, name, arguments in joined(pieces)]


def joined(pieces: Iterable[CallPiece]) -> list[tuple[str, str, str]]:
    """The same unread: id, name and arguments of each call."""
    calls: list[_Growing] = []
    current: dict[int | None, _Growing] = {}
    for piece in pieces:
        growing = current.get(piece.index)
        if growing is None or _begins(piece, growing):
            growing = current[piece.index] = _Growing(piece.id, piece.name)
            calls.append(growing)
        growing.name = growing.name or piece.name
        growing.id = growing.id or piece.id
        growing.add(piece.arguments)
    return [(call.id, call.name, "".join(call.pieces)) for call in calls]


def _begins(piece: CallPiece, growing: _Growing) -> bool:
    if not piece.name or not growing.name:
        return False
    if piece.id and growing.id:
        return piece.id != growing.id
    if piece.name != growing.name:
        return True
    return growing.whole and bool(piece.arguments.strip())
