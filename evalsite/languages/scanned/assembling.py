"""Makes a program of a chosen piece of scanned source: with what it needs of the prompt, and without what is
in the way of its tests.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evalsite.languages.scanned.code import Read
from evalsite.languages.scanned.items import Item, Role
from evalsite.languages.scanned.scanner import CLOSE, OPEN, WORD, Token

HEAD: tuple[Role, ...] = ("package", "import")
"""What stands before all else."""


@dataclass(frozen=True)
class Context:
    """What a prompt shows: whole items, and the function that it leaves open, where it does."""

    found: Read
    items: tuple[Item, ...]
    function: str = ""
    """Name of the function that is open at its end."""

    @staticmethod
    def of(found: Read, function: str) -> "Context":
        """The context of a prompt."""
        return Context(
            found, tuple(item for item in found.items if item.complete and item.role != "prose"), function
        )

    @property
    def head(self) -> list[Token]:
        """The head of the function that is open at the end, with the brace that opens it."""
        last = self.found.items[-1] if self.function else None
        opened = self.found.found.opened[-1:] if last else []
        return [token for token in last.tokens if token.end <= opened[0].end] if last and opened else []

    @property
    def head_text(self) -> str:
        """The same as it is written."""
        head = self.head
        return self.found.source[head[0].start : head[-1].end] if head else ""

    def text(self, item: Item) -> str:
        """An item with the comments before it."""
        return self.found.source[item.start : item.end].strip("\n")


def without(found: Read, dropped: Iterable[Item], mark: str) -> str:
    """Source with some items made comments, line by line, so that all others stay on their lines."""
    pieces: list[str] = []
    position = 0
    for item in dropped:
        lines = found.source[item.code : item.end].split("\n")
        commented = "\n".join(f"{mark} {line}".rstrip().rstrip("\\") for line in lines)
        behind = found.source[item.end : item.end + 1]
        pieces += [found.source[position : item.code], commented, "" if behind in ("\n", "") else "\n"]
        position = item.end
    return "".join((*pieces, found.source[position:]))


Needed = Callable[[Item, Sequence[Item]], str]
"""What a program with some items needs of an import that a prompt has; empty where that is nothing."""


def with_prelude(source: str, items: Sequence[Item], context: Context, asked: str, needed: Needed) -> str:
    """Put before source what the prompt holds and it does not: imports, helpers, constants.

    Imports come behind the package that source may begin with.
    """
    bound = {name for item in items for name in item.names} | {asked}
    has_package = any(item.role == "package" for item in items)
    package: list[str] = []
    imports: list[str] = []
    helpers: list[str] = []
    for item in context.items:
        if item.role == "package":
            package += [] if has_package else [context.text(item)]
        elif item.role == "import" and not item.names:
            imports += [text] if (text := needed(item, items)) else []
        elif not bound.intersection(item.names):
            (imports if item.role == "import" else helpers).append(context.text(item))
    if not (package or imports or helpers):
        return source
    own, end = _heads(items)
    pieces = [*package, source[:own].strip("\n"), *imports, source[own:end].strip("\n"), *helpers]
    before = "\n".join(piece for piece in pieces if piece)
    return f"{before}\n\n{source[end:].lstrip(chr(10))}"


def _heads(items: Sequence[Item]) -> tuple[int, int]:
    """Where the package of source ends, and where its imports do that follow."""
    package = end = 0
    for item in items:
        if item.role not in HEAD:
            break
        end = item.end
        package = end if item.role == "package" else package
    return package, end


def written(item: Item) -> str:
    """An item on one line and without the comments in it: what stands between tokens is a blank."""
    return "".join(_spaced(item.tokens))


def _spaced(tokens: Sequence[Token]) -> Iterator[str]:
    end = tokens[0].start
    for token in tokens:
        yield f" {token.text}" if token.start > end else token.text
        end = token.end


def hoisted(reads: Sequence[Read]) -> str:
    """Pieces of source one behind the other, with what stands before all else taken to the top, once."""
    head: dict[str, str] = {}
    rest: list[str] = []
    for found in reads:
        position = 0
        kept: list[str] = []
        for item in found.items:
            if item.role in HEAD and not (item.role == "import" and item.names):
                kept.append(found.source[position : item.code])
                head.setdefault(written(item), found.source[item.code : item.end])
                position = item.end
        rest.append("".join((*kept, found.source[position:])).strip("\n"))
    return "\n\n".join(("\n".join(head.values()), *rest)).strip("\n") + "\n"


def renamed(source: str, tokens: Iterable[Token], old: str, new: str) -> str:
    """Source in which a name is another one wherever it stands as a word."""
    pieces: list[str] = []
    position = 0
    for token in tokens:
        if token.kind == WORD and token.text == old:
            pieces += [source[position : token.start], new]
            position = token.end
    return "".join((*pieces, source[position:]))


def examples(items: Sequence[Item], asked: str, speaking: frozenset[str]) -> list[Item]:
    """Statements of the model's own that only try what it has written, and values that only feed these.

    These are calls of the program's own functions, or of what ``speaking`` names (which prints or asserts),
    and blocks with such in them. What assigns to something is kept, unless nothing that is kept reads it.
    """
    own = {name for item in items if item.role == "function" for name in item.names} | {asked}
    dropped = [item for item in items if item.role == "statement" and _tries(item.tokens, own | speaking)]
    values = [item for item in items if item.role == "value" and own & _words(item)]
    maybe = {item.start for item in (*dropped, *values)}
    read = {word for item in items if item.start not in maybe for word in _words(item)}
    for item in reversed(values):
        if read.intersection(item.names):
            read |= _words(item)
        else:
            dropped.append(item)
    return sorted(dropped, key=lambda item: item.start)


def _words(item: Item) -> set[str]:
    return {token.text for token in item.tokens if token.kind == WORD}


def _tries(tokens: Sequence[Token], known: set[str] | frozenset[str]) -> bool:
    return any(token.kind == WORD and token.text in known for token in tokens) and not _assigns(tokens)


def _assigns(tokens: Sequence[Token]) -> bool:
    """Whether a statement begins by assigning to something: ``f.cache = {}``."""
    depth = 0
    for number, (before, token) in enumerate(pairwise(tokens)):
        depth += (before.kind == OPEN) - (before.kind == CLOSE)
        if depth and before.text in ("{", "("):
            return False
        behind = tokens[number + 2].text if number + 2 < len(tokens) else ""
        if token.text == "=" and behind not in ("=", "~", ">") and before.text not in ("=", "!", "<", ">"):
            return not depth
    return False
