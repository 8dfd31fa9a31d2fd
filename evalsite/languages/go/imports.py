"""Go's imports: the compiler refuses one that nothing uses, and one that stands there twice.

A file is put together from the prompt, an answer and tests, of which each may import. So the imports of the
whole are what it uses.
"""

from collections.abc import Sequence

from evalsite.languages.go.grammar import imports_in
from evalsite.languages.scanned.code import Read
from evalsite.languages.scanned.items import HEAD, Item
from evalsite.languages.scanned.scanner import CLOSE, OPEN, WORD, Token, words

PATHS = {
    path.rpartition("/")[2]: path
    for path in sorted(
        words(
            "bufio bytes cmp container/heap container/list container/ring context crypto/md5 crypto/sha1 "
            "crypto/sha256 encoding/base64 encoding/binary encoding/hex encoding/json errors fmt io log maps "
            "math math/big math/bits math/cmplx math/rand os reflect regexp runtime slices sort strconv "
            "strings sync sync/atomic testing time unicode unicode/utf8 unsafe"
        )
    )
}
"""Name of a package of the standard library -> its path."""


def mended(found: Read) -> tuple[str, tuple[str, ...]]:
    """Return source whose imports are those that it uses, each once, and the rules that this took.

    What it uses of the standard library and does not import is imported.
    """
    imports = [item for item in found.items if item.role == "import"]
    brought = brought_by(found)
    used = used_in(found)
    kept = [(name, path) for name, path in dict.fromkeys(brought) if _is_used(name, path, used)]
    bound = {name or name_of(path) for name, path in kept}
    bound |= {name for item in found.items for name in item.names}
    added = [("", f'"{PATHS[name]}"') for name in sorted(used - bound - declared_in(found)) if name in PATHS]
    if kept == brought and not added:
        return found.source, ()
    rules = ("imports",) * bool(added) + ("unused-imports",) * (kept != brought)
    return _with(found, imports, [*kept, *added]), rules


def _with(found: Read, imports: Sequence[Item], wanted: Sequence[tuple[str, str]]) -> str:
    """Source with these imports in the place of its own."""
    lines = "".join(f"\t{name} {path}\n" if name else f"\t{path}\n" for name, path in wanted)
    block = f"import (\n{lines})" if wanted else ""
    source = found.source
    for item in reversed(imports):
        source = source[: item.code] + "\x00" * (item is imports[0]) + source[item.end :]
    if imports:
        return source.replace("\x00", block, 1)
    package = next((item.end for item in found.items if item.role == "package"), 0)
    return f"{source[:package]}\n{block}\n{source[package:]}".lstrip("\n")


def brought_by(found: Read) -> list[tuple[str, str]]:
    """What is imported: the name that it is to have, mostly empty, and the path in quotes."""
    return [each for item in found.items if item.role == "import" for each in imports_in(item.tokens)]


def used_in(found: Read) -> set[str]:
    """Words before a point that are no member of something."""
    tokens = [token for token in found.tokens if token.text != "\n"]
    triples = zip([None, *tokens], tokens, tokens[1:], strict=False)
    return {
        token.text
        for before, token, behind in triples
        if token.kind == WORD and behind.text == "." and (before is None or before.text != ".")
    }


def declared_in(found: Read) -> set[str]:
    """Names that functions declare: before ``:=``, behind ``var``, and as parameters."""
    tokens: Sequence[Token] = found.tokens
    names: set[str] = set()
    for number, token in enumerate(tokens):
        if token.text == ":" and tokens[number + 1 : number + 2] and tokens[number + 1].text == "=":
            at = number - 1
            while at >= 0 and (tokens[at].kind == WORD or tokens[at].text == ","):
                names |= {tokens[at].text} - {","}
                at -= 1
        elif token.text == "var" and number + 1 < len(tokens):
            names.add(tokens[number + 1].text)
        elif token.text == "func":
            names |= _parameters(tokens[number : number + HEAD])
    return names


def _parameters(tokens: Sequence[Token]) -> set[str]:
    """Words of a function's head that begin a parameter, unless a type there is of a package called so."""
    named: set[str] = set()
    packages: set[str] = set()
    depth = 0
    for before, token, *behind in zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False):
        if depth == 0 and token.text in ("{", "\n"):
            break
        depth += (token.kind == OPEN) - (token.kind == CLOSE)
        if token.kind == WORD and behind[0].text == "." and behind[1].kind == WORD:
            packages.add(token.text)
        elif token.kind == WORD and before.text in ("(", ",", "\n"):
            named.add(token.text)
    return named - packages


def _is_used(name: str, path: str, used: set[str]) -> bool:
    return name in ("_", ".") or (name or name_of(path)) in used


def name_of(path: str) -> str:
    """What a package is called by its path: the last part that is no version."""
    parts = [part for part in path.strip('"`').split("/") if not (part[:1] == "v" and part[1:].isdigit())]
    return parts[-1].removeprefix("go-").partition(".")[0] if parts else ""
