"""JavaScript's modules, made scripts: ``export`` goes, and ``import`` becomes ``require``."""

from evalsite.languages.scanned.code import Read
from evalsite.languages.scanned.items import Item
from evalsite.languages.scanned.scanner import TEXT, WORD, Token


def as_script(found: Read) -> str:
    """Source without ``export``, and with ``require`` in the place of ``import``."""
    source = found.source
    for item in reversed(found.items):
        if item.tokens[0].text == "export":
            source = source[: item.code] + _exported(item, source) + source[item.end :]
        elif item.tokens[0].text == "import" and (required := _required(item)):
            source = source[: item.code] + required + source[item.end :]
    return source


def _exported(item: Item, source: str) -> str:
    """What is exported, or nothing where it is only named."""
    at = 2 if item.tokens[1:2] and item.tokens[1].text == "default" else 1
    rest = item.tokens[at:]
    if item.role in ("function", "type", "value") and item.names and rest:
        return source[rest[0].start : item.end]
    return ""


def _required(item: Item) -> str:
    """An import as a script writes it; empty where it is none that we know."""
    plain = [token for token in item.tokens[1:] if token.text not in ("\n", ";")]
    if not plain or plain[-1].kind != TEXT:
        return ""
    path, names = plain[-1].text, plain[:-2]
    if len(plain) == 1:
        return f"require({path});"
    text = [token.text for token in names]
    if text[:2] == ["*", "as"] and len(text) == 3:
        return f"const {text[2]} = require({path});"
    if "{" not in text:
        return f"const {text[0]} = require({path});" if len(text) == 1 else ""
    brace = text.index("{")
    listed = " ".join(_bound(names[brace:]))
    default = f"const {text[0]} = require({path}); " if brace == 2 else ""
    return f"{default}const {listed} = require({path});" if brace in (0, 2) else ""


def _bound(tokens: list[Token]) -> list[str]:
    """A list of names, where ``a as b`` is ``a: b``."""
    return [":" if token.kind == WORD and token.text == "as" else token.text for token in tokens]
