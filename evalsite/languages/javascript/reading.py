"""Finds JavaScript in an answer, and makes a program of it."""

import re

from evalsite.languages.javascript import modules
from evalsite.languages.javascript.grammar import JavaScriptGrammar
from evalsite.languages.scanned.assembling import Context
from evalsite.languages.scanned.items import Item
from evalsite.languages.scanned.methods import Method
from evalsite.languages.scanned.reading import ScannedReading, on_a_line
from evalsite.languages.scanned.scanner import words


class JavaScriptReading(ScannedReading):
    """By its brackets, and where lines end its statements."""

    grammar = JavaScriptGrammar()
    speaking = words("console assert describe it test expect")
    rules = {  # noqa: RUF012 - a mapping that nobody changes
        **ScannedReading.rules,
        "exports": "`export` and `import`, which a script does not know, gave way to what it knows",
    }
    fences = re.compile(r"\{?\.?(?:javascript|js|jsx|mjs|cjs|node(?:js)?|ecmascript)\b", re.IGNORECASE)
    begins = on_a_line(
        r"(?:export\s+(?:default\s+)?)?(?:(?:async\s+)?function\b\s*\*?\s*\w+\s*\(|(?:const|let|var)\s+[\w$\[{]"
        r"|class\s+\w+\s*(?:extends\b.*)?\{)|import\s+[\w*{].*\bfrom\b|import\s+[\"']|/\*\*?$|/\*\*? "
        r"|[\"']use strict[\"']|module\.exports\b|[A-Za-z_$][\w$.]*\s*=\s*(?:\(|function\b|async\b)"
    )
    defining = on_a_line(r"(?m)^(?:export\s|(?:async\s+)?function\b|class\s|(?:const|let|var)\s+\w+\s*=.*=>)")

    def calling(self, item: Item, method: Method, context: Context) -> str:
        """Of an object without arguments, or of the class."""
        owner = item.names[0] if "static" in method.before else f"new {item.names[0]}()"
        return f"const {method.name} = (...words) => {owner}.{method.name}(...words);"

    def finished(self, source: str, context: Context, asked: str) -> tuple[str, tuple[str, ...]]:
        """It is a script, with which its tests can stand in one file."""
        script = modules.as_script(self.read(source))
        return script, ("exports",) * (script != source)
