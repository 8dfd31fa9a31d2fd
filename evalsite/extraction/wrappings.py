"""What pages and patches put around code, made fences; and what a page does not show."""

import re
from itertools import islice

from evalsite.languages.reading import MOST_TRIES, Reading

OPENED = "pre"
"""What stands behind a fence that was none, so that it opens a block also within another."""
LONGEST_LINE = 500
"""Characters before a comment on its line that are looked at."""
_WRAPPING = re.compile(
    r"(?:<pre\b[^<>\n]{0,200}>(?:\s{0,9}<code\b[^<>\n]{0,200}>)?|(?:</code>\s{0,9})?</pre>"
    r"|<!\[CDATA\[|\]\]>(?=[ \t]{0,9}(?:</|\n|\Z)))(?:[ \t]*\n)?",
    re.IGNORECASE,
)
_PATCHED_FILE = re.compile(r"(?m)^[ \t]{0,9}\*\*\* (?:Add|Update) File:[^\n]*$")
_PATCH_END = re.compile(
    r"(?m)^[ \t]{0,9}\*\*\* End Patch[ \t]*(?:\n[A-Z_]{2,20}[ \t]*(?=\n|\Z))?(?:\n[ \t]*```[ \t]*(?=\n|\Z))?"
)
_CODE = re.compile(r"(?im)<pre\b|<code\b|```|~~~|<!\[CDATA\[|^[ \t]{0,9}(?:def|class)\b")
_MARK = re.compile(r"(?i)<pre\b|<!|\*\*\* ")
_TAG = re.compile(r"<[^<>\n]{0,200}>")


def as_fences(answer: str, reading: Reading) -> str:
    """Put fences in the place of ``<pre>``, ``<![CDATA[`` and the files of a patch (``*** Add File: x``).

    What a fence of the language holds stays as it is: it may be a text of the program's own.
    """
    lowered = answer.lower()
    if not any(mark in lowered for mark in ("<pre", "<![cdata[", "*** begin patch")):
        return answer
    pieces: list[str] = []
    position = 0
    for start, end in _code(answer, reading):
        pieces += [_fenced(answer[position:start]), answer[start:end]]
        position = end
    return "".join((*pieces, _fenced(answer[position:])))


def _fenced(text: str) -> str:
    text = _WRAPPING.sub(lambda mark: "\n```\n" if mark[0][:2] in ("</", "]]") else f"\n```{OPENED}\n", text)
    if "*** Begin Patch" not in text:
        return text
    return _PATCHED_FILE.sub("```diff", _PATCH_END.sub("```", text))


def _code(answer: str, reading: Reading) -> list[tuple[int, int]]:
    """Where closed fences begin and end that name the language, or hold marks within what compiles."""
    found: list[tuple[int, int]] = []
    position, opened, names, begins = 0, None, False, 0
    for line in answer.split("\n"):
        text = line.strip(" \t")
        end = position + len(line)
        if text.startswith("```") and (text == "```" or reading.fences.match(text[3:].lstrip())):
            closes = opened is not None and text == "```"
            if opened is not None and closes and (names or _is_code(answer[begins:position], reading)):
                found.append((opened, end))
                opened = None
            else:
                opened, names, begins = position, text != "```", end + 1
        position = end + 1
    return found


def _is_code(text: str, reading: Reading) -> bool:
    return _MARK.search(text) is not None and reading.compiles(text)


def without_comments(answer: str, reading: Reading) -> str:
    """Take away a page's comments with code in them: whoever sees the page does not see these.

    One that never ends stays, and so does one in a text of the code around it.
    """
    if "<!--" not in answer:
        return answer
    code = _code(answer, reading)
    kept: list[str] = []
    position = 0
    for found in islice(re.finditer("<!--", answer), MOST_TRIES):
        begins = found.start()
        if begins < position or any(start <= begins < end for start, end in code):
            continue
        end = answer.find("-->", found.end())
        if end < 0:
            break
        if _CODE.search(answer, found.end(), end) and not _in_text(answer[:begins], reading):
            kept.append(answer[position:begins])
            position = end + len("-->")
    return "".join((*kept, answer[position:]))


def _in_text(before: str, reading: Reading) -> bool:
    """Whether a text of the code may be open behind what stands before, on the same line or above."""
    line = before[max(before.rfind("\n") + 1, len(before) - LONGEST_LINE) :]
    return bool({'"', "'"} & set(_TAG.sub("", line))) or reading.leaves_text_open(before)
