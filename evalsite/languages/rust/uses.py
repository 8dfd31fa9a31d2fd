"""Rust's ``use``: a name that two of them bring is refused by the compiler."""

from collections.abc import Iterator, Sequence

from evalsite.languages.scanned.assembling import written
from evalsite.languages.scanned.items import Item
from evalsite.languages.scanned.scanner import Token

MOST_DEPTH = 20
"""Braces within braces."""


def leaves(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """What a ``use`` brings: each name with its path (and ``as``); ``*`` is a name whose is unknown."""
    words = [token.text for token in tokens]
    if "use" not in words:
        return
    prefixes: list[str] = [""]
    path = ""
    for word in words[words.index("use") + 1 :]:
        if word == "{" and len(prefixes) < MOST_DEPTH:
            prefixes.append(path)
        elif word in (",", "}", ";"):
            if path.rstrip(":") != prefixes[-1].rstrip(":") and path:
                yield _name(path), path
            if word == "}" and len(prefixes) > 1:
                prefixes.pop()
                path = ""
                continue
            path = prefixes[-1]
        else:
            path += f" {word} " if word == "as" else word


def _name(path: str) -> str:
    whole, _, alias = path.partition(" as ")
    parts = [part for part in whole.split("::") if part != "self"]
    return alias.strip() or (parts[-1] if parts else "")


def needed(item: Item, items: Sequence[Item]) -> str:
    """What a program needs of the prompt's ``use``: names that it neither brings nor defines itself."""
    bound = {name for each in items for name in each.names}
    bound |= {name for each in items if each.role == "import" for name, _ in leaves(each.tokens)} - {"*"}
    brought = list(leaves(item.tokens))
    left = [(name, path) for name, path in brought if name not in bound]
    if len(left) == len(brought):
        return written(item)
    return " ".join(f"use {_alone(path)};" for _, path in left)


def _alone(path: str) -> str:
    """A path that may have stood in braces, without them: only there a module is its own ``self``."""
    module, is_self, alias = path.partition("::self")
    return f"{module}{alias}" if is_self else path
