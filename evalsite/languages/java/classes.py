"""Java's classes: the one that is asked for is the one that the tests call, whatever a model calls it.

A model is asked for a method, and puts it into a class of its own, or into none; it adds a ``Main`` that
tries it, as the tests have one. That is packaging.
"""

from collections.abc import Callable, Sequence

from evalsite.languages.java.grammar import members
from evalsite.languages.scanned.assembling import Context, renamed
from evalsite.languages.scanned.code import Read
from evalsite.languages.scanned.items import Item, outside
from evalsite.languages.scanned.scanner import Token

TESTS = "Main"
"""The class of the tests."""
RULES = {
    "class": "the class around the function got the name that the tests call it by, or was put around it",
}
Reader = Callable[[str], Read]


def owner_of(context: Context) -> str:
    """The class that a prompt leaves open, in which its function stands; empty where it leaves none."""
    last = context.found.items[-1] if context.found.items else None
    is_open = last is not None and last.role == "type" and not last.complete
    return last.names[0] if last is not None and is_open and last.names else ""


def in_the_way(found: Read, asked: str) -> list[Item]:
    """Packages, and classes called as that of the tests that are not the one with the function."""
    return [
        item
        for item in found.items
        if item.role == "package"
        or (item.role == "type" and item.names == (TESTS,) and asked not in _methods(item))
    ]


def arranged(read: Reader, source: str, asked: str, context: Context) -> tuple[str, tuple[str, ...]]:
    """Return source with the function in the class that is asked for, and the rules that this took."""
    owner = owner_of(context)
    if not owner:
        return _not_public(read(source)), ()
    rules: tuple[str, ...] = ()
    arranged = source
    found = read(source)
    holder = next((item for item in found.items if asked in _methods(item)), None)
    if any(item.role == "function" for item in found.items) and holder is None:
        arranged, rules = _enclosed(found, owner), ("class",)
    elif holder is not None and holder.names[0] != owner and not _has(found, owner):
        arranged, rules = renamed(source, found.tokens, holder.names[0], owner), ("class",)
    return _not_public(read(_with_methods(read(arranged), owner, context))), rules


def _methods(item: Item) -> set[str]:
    return {name for name, _ in members(item.tokens) if name} if item.role == "type" else set()


def _has(found: Read, name: str) -> bool:
    return any(item.role == "type" and item.names == (name,) for item in found.items)


def _enclosed(found: Read, owner: str) -> str:
    """Source whose methods and values stand in a class, with imports before it and classes behind."""
    parts: dict[bool, list[str]] = {True: [], False: []}
    imports: list[str] = []
    for item in found.items:
        text = found.source[item.start : item.end].strip("\n")
        if item.role == "import":
            imports.append(text)
        else:
            parts[item.role in ("function", "value")].append(text)
    inside = "\n".join(parts[True])
    return "\n".join((*imports, f"class {owner} {{\n{inside}\n}}", *parts[False])) + "\n"


def _with_methods(found: Read, owner: str, context: Context) -> str:
    """Source with those methods of the prompt's class that it lacks."""
    item = next((each for each in found.items if each.role == "type" and each.names == (owner,)), None)
    if item is None:
        return found.source
    has = _methods(item)
    shown = members(context.found.items[-1].tokens)
    lacking = [part for name, part in shown[:-1] if name not in has and part[-1].text == "}" and name]
    brace = next((token.end for token in item.tokens if token.text == "{"), None)
    if not lacking or brace is None:
        return found.source
    text = "\n".join(_text(context.found.source, part) for part in lacking)
    return f"{found.source[:brace]}\n{text}\n{found.source[brace:]}"


def _text(source: str, part: Sequence[Token]) -> str:
    return source[part[0].start : part[-1].end]


def _not_public(found: Read) -> str:
    """Source whose classes may stand in a file of any name."""
    source = found.source
    for item in reversed(found.items):
        if item.role != "type":
            continue
        for _, token in outside(item.tokens):
            if token.text == "public":
                source = source[: token.start] + source[token.end :].lstrip(" ")
                break
            if token.text == "{":
                break
    return source
