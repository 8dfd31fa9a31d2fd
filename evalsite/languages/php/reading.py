"""Finds PHP in an answer, and makes a program of it."""

import re

from evalsite.languages.php.grammar import PhpGrammar
from evalsite.languages.scanned.assembling import Context
from evalsite.languages.scanned.code import Read
from evalsite.languages.scanned.items import Item
from evalsite.languages.scanned.methods import Method
from evalsite.languages.scanned.reading import ScannedReading, on_a_line
from evalsite.languages.scanned.scanner import words


class PhpReading(ScannedReading):
    """With or without the tags around it."""

    grammar = PhpGrammar()
    fences = re.compile(r"\{?\.?php\d?\b", re.IGNORECASE)
    begins = on_a_line(
        r"<\?php\b|function\s+&?\w+\s*\(|(?:abstract\s+|final\s+)*(?:class|interface|trait)\s+\w+|namespace\s+[\w\\]+"
        r"|use\s+[\w\\]+.*;|require(?:_once)?\b.*;|\$\w+\s*=|/\*\*?$|/\*\*? ",
        re.IGNORECASE,
    )
    speaking = words("echo print print_r var_dump printf assert var_export")
    rules = {  # noqa: RUF012 - a mapping that nobody changes
        **ScannedReading.rules,
        "php-tags": "`<?php` was put before the program, or `?>` behind it taken away",
    }
    defining = on_a_line(
        r"(?m)^(?:<\?php|function\s|class\s|abstract\s|final\s|namespace\s|use\s)", re.IGNORECASE
    )

    def calling(self, item: Item, method: Method, context: Context) -> str:
        """Of an object without arguments, which calls what is static, too."""
        call = f"(new {item.names[0]}())->{method.name}(...$words)"
        return f"function {method.name}(...$words) {{ return {call}; }}"

    def in_the_way(self, found: Read, asked: str) -> list[Item]:
        """A namespace, which tests do not name."""
        spaces = [item for item in found.items if item.tokens[0].text.lower() == "namespace"]
        return [*super().in_the_way(found, asked), *(item for item in spaces if item.tokens[-1].text == ";")]

    def finished(self, source: str, context: Context, asked: str) -> tuple[str, tuple[str, ...]]:
        """It begins with its tag, and does not end with one, behind which all is text."""
        items = self.read(source).items
        if items and items[-1].tokens[0].text.startswith("?>"):
            begins = source[: items[-1].code].rstrip() + "\n"
            return (begins if items[0].tokens[0].text.startswith("<?") else f"<?php\n{begins}"), ("php-tags",)
        if not items or not items[0].tokens[0].text.startswith("<?"):
            return f"<?php\n{source}", ("php-tags",)
        return source, ()
