"""Finds TypeScript in an answer, and makes a program of it."""

import re

from evalsite.languages.javascript.grammar import JavaScriptGrammar
from evalsite.languages.javascript.reading import JavaScriptReading
from evalsite.languages.scanned.assembling import Context
from evalsite.languages.scanned.items import Item
from evalsite.languages.scanned.methods import Method
from evalsite.languages.scanned.reading import on_a_line
from evalsite.languages.scanned.scanner import words

_MORE = frozenset({"interface", "type", "enum", "namespace", "abstract", "declare", "module"})


class TypeScriptGrammar(JavaScriptGrammar):
    """With types."""

    blocks = JavaScriptGrammar.blocks | (_MORE - {"type"})
    keywords = (
        JavaScriptGrammar.keywords
        | _MORE
        | words("as is keyof readonly public private protected implements infer satisfies unique")
    )
    types = JavaScriptGrammar.types | {"interface", "type", "enum", "namespace"}


class TypeScriptReading(JavaScriptReading):
    """As JavaScript, with types."""

    grammar = TypeScriptGrammar()
    fences = re.compile(r"\{?\.?(?:typescript|ts|tsx|mts|javascript|js)\b", re.IGNORECASE)
    begins = on_a_line(
        rf"{JavaScriptReading.begins.pattern}|(?:export\s+)?(?:interface\s+\w|type\s+\w+.*=|enum\s+\w+\s*\{{"
        r"|declare\s|abstract\s+class\b|namespace\s+\w+\s*\{)"
    )
    defining = on_a_line(rf"{JavaScriptReading.defining.pattern}|^(?:interface|type|enum)\s", re.MULTILINE)

    def calling(self, item: Item, method: Method, context: Context) -> str:
        """As JavaScript's, of any type."""
        owner = item.names[0] if "static" in method.before else f"new {item.names[0]}()"
        return f"const {method.name} = (...words: any[]): any => ({owner} as any).{method.name}(...words);"

    def finished(self, source: str, context: Context, asked: str) -> tuple[str, tuple[str, ...]]:
        """The compiler reads modules."""
        return source, ()
