"""Takes away what a model thought aloud before it answered, whatever markup its family puts around that."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from evalsite.extraction.fences import code_in_prose, fenced_blocks
from evalsite.languages.reading import Reading


@dataclass(frozen=True)
class Markup:
    """How one family marks what it thinks. What begins with a bracket is known in any capitals."""

    written_by: str
    example: str
    """As it stands in an answer: how a thought begins, an ellipsis, how it ends."""
    begins: str
    ends: str
    alone: bool = True
    """Whether one of the two counts without the other: templates eat the first, token limits the second.
    What could be a sentence of plain prose needs both.
    """


_NAMES = (
    r"(?:mm:|ant)?(?:think(?:ing)?|thoughts?|reason(?:ing)?)(?:[_-](?:content|process|steps?|trace))?"
    r"|reflection|analysis|planning|plan|scratch_?pad"
    r"|(?:inner|internal)_(?:monologue|thoughts|reasoning)|chain_of_thought|cot"
)
_GAP = r"\s{0,3}"
_TAIL = r"\s{0,3}\\?>"
"""How a tag ends: pages put blanks into it, or a backslash before its brackets."""

MARKUPS: tuple[Markup, ...] = (
    Markup(
        "DeepSeek-R1, Qwen3, GLM, MiniMax, Phi-4, SmolLM3 and most others; "
        "also `thinking`, `thought`, `reasoning`, `reflection`, `analysis`, `scratchpad`, `plan`",
        "<think>…</think>",
        rf"<{_GAP}(?:{_NAMES})(?:[ \t][^<>\n]{{0,200}})?{_TAIL}",
        rf"<{_GAP}[/\\]{{1,2}}{_GAP}(?:{_NAMES}){_TAIL}",
    ),
    Markup(
        "the same, escaped by a page",
        "&lt;think&gt;…&lt;/think&gt;",
        rf"&lt;{_GAP}(?:{_NAMES}){_GAP}&gt;",
        rf"&lt;{_GAP}/{_GAP}(?:{_NAMES}){_GAP}&gt;",
    ),
    Markup(
        "Seed-OSS",
        "<seed:think>…</seed:think>",
        rf"<{_GAP}seed:think{_TAIL}",
        rf"<{_GAP}\\?/{_GAP}seed:think{_TAIL}",
    ),
    Markup(
        "LongCat",
        "<longcat_think>…</longcat_think>",
        rf"<{_GAP}longcat_think{_TAIL}",
        rf"<{_GAP}\\?/{_GAP}longcat_think{_TAIL}",
    ),
    Markup(
        "Magistral",
        "[THINK]…[/THINK]",
        rf"\[{_GAP}think(?:ing)?{_GAP}\\?\]",
        rf"\[{_GAP}\\?/{_GAP}think(?:ing)?{_GAP}\\?\]",
    ),
    Markup(
        "others",
        "[REASONING]…[/REASONING]",
        rf"\[{_GAP}(?:{_NAMES}){_GAP}\\?\]",
        rf"\[{_GAP}\\?/{_GAP}(?:{_NAMES}){_GAP}\\?\]",
        alone=False,
    ),
    Markup("Kimi", "◁think▷…◁/think▷", rf"◁(?:{_NAMES})▷", rf"◁/(?:{_NAMES})▷"),
    Markup(
        "Sky-T1, OpenThinker, Bespoke-Stratos",
        "<|begin_of_thought|>…<|end_of_thought|><|begin_of_solution|>",
        r"<\|?begin_of_(?:thought|thinking|reasoning)\|?>",
        r"<\|?(?:end_of_(?:thought|thinking|reasoning)|begin_of_solution)\|?>",
    ),
    Markup(
        "Cohere's Command",
        "<|START_THINKING|>…<|END_THINKING|><|START_RESPONSE|>",
        r"<\|start_(?:thinking|reasoning)\|>",
        r"<\|(?:end_(?:thinking|reasoning)|start_(?:response|text))\|>",
    ),
    Markup(
        "Solar, and others with a token for it",
        "<|think|>…<|/think|>",
        rf"<\|(?:{_NAMES})\|>",
        rf"<\|(?:/(?:{_NAMES})|content)\|>",
    ),
    Markup("Apertus", "<|inner_prefix|>…<|inner_suffix|>", r"<\|inner_prefix\|>", r"<\|inner_suffix\|>"),
    Markup(
        "gpt-oss (harmony)",
        "<|channel|>analysis<|message|>…<|channel|>final<|message|>",
        r"<\|channel\|>\s{0,9}(?:analysis|commentary)[^\n]{0,80}?<\|message\|>",
        r"<\|channel\|>\s{0,9}final[^\n]{0,80}?<\|message\|>",
    ),
    Markup(
        "gpt-oss, its special tokens stripped",
        "analysis…assistantfinal",
        r"\A\s{0,99}(?:analysis|commentary)(?=[A-Z])",
        r"assistantfinal(?:json)?|assistant\nfinal\n",
    ),
    Markup(
        "gpt-oss, blanks in their place",
        "analysis …assistant final",
        r"\A\s{0,99}(?:analysis|commentary)\b",
        r"assistant(?<!\wassistant)\s{1,3}final",
        alone=False,
    ),
    Markup(
        "Gemma 4", "<|channel>thought…<channel|>", r"<\|channel>\s{0,9}(?:thought|analysis)?", r"<channel\|>"
    ),
    Markup("MedGemma", "<unused94>thought…<unused95>", r"<unused94>", r"<unused95>"),
    Markup("Pangu", "[unused16]…[unused17]", r"\[unused16\]", r"\[unused17\]"),
    Markup("s1", "<|im_start|>think…<|im_start|>answer", r"<\|im_start\|>think\b", r"<\|im_start\|>answer"),
    Markup(
        "Apriel",
        "Here are my reasoning steps:…[BEGIN FINAL RESPONSE]",
        r"Here are my reasoning steps:",
        r"\[BEGIN FINAL RESPONSE\]",
    ),
    Markup(
        "Granite 3.2",
        "Here is my thought process:…Here is my response:",
        r"Here(?: is|'s) my thought process:",
        r"Here(?: is|'s) my response:",
        alone=False,
    ),
    Markup(
        "Ollama's terminal",
        "Thinking...…...done thinking.",
        r"Thinking\.\.\.",
        r"\.\.\.done thinking\.",
        False,
    ),
    Markup(
        "Open WebUI",
        '<details type="reasoning">…</details>',
        r'<details(?: type="reasoning"[^<>\n]{0,200}>|>\s{0,9}<summary>\s{0,9}(?:th(?:inking|ought)|reason))',
        r"</details>",
        alone=False,
    ),
)
"""Tried in this order. docs/extraction.md has them as a table."""

_BRACKETS = "<[◁"


def _compiled() -> Iterator[re.Pattern[str]]:
    """Yield one pattern for all marks that begin with a bracket, and one for each that is plain text: so each
    looks for no more than a character, or a word, where there are none.
    """
    patterns = [
        (f"{side}{n}", text)
        for n, each in enumerate(MARKUPS)
        for side, text in zip("be", (each.begins, each.ends), strict=True)
    ]
    bracketed = {name: text.removeprefix("\\") for name, text in patterns if text.strip("\\")[0] in _BRACKETS}
    yield re.compile(
        f"[{re.escape(_BRACKETS)}](?:"
        + "|".join(f"(?P<{name}>(?<={re.escape(text[0])}){text[1:]})" for name, text in bracketed.items())
        + ")",
        re.IGNORECASE,
    )
    yield from (re.compile(f"(?P<{name}>{text})") for name, text in patterns if name not in bracketed)


@cache
def _patterns() -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
    """Those of marks that stand anywhere, and those of what only an answer's beginning can be; compiled when
    the first answer is read in which thoughts can be.
    """
    anywhere: list[re.Pattern[str]] = []
    first: list[re.Pattern[str]] = []
    for each in _compiled():
        (first if r"\A" in each.pattern else anywhere).append(each)
    return anywhere, first


_FRAMES = r"answer|final_answer|final|output|response|solution|conclusion"
_FRAME = re.compile(rf"<(?P<end>/?)(?:{_FRAMES})>", re.IGNORECASE)


@dataclass(frozen=True)
class _Mark:
    markup: int
    ends: bool
    start: int
    end: int


def without_thinking(answer: str, reading: Reading) -> str:
    """Take away what a reasoning model thought, even where only one of the two marks was sent.

    A thought that nothing ends goes on to the answer's end, or to where a frame such as ``<answer>`` begins.
    A mark within code that compiles (in a text, in a comment) is a part of that. An end without a beginning
    behind which no code stands ended nothing: it stands behind the answer.
    """
    marks = _without_those_in_code(answer, list(_marks(answer)), reading)
    kept, stray = _without_pairs(answer, marks)
    ends, behind = _parted([mark for mark in stray if mark.ends], answer, reading)
    start = max((mark.end for mark in ends), default=0)
    kept = list(_cut(kept, behind))
    begins = next((mark for mark in stray if not mark.ends and mark.start >= start), None)
    end = len(answer) if begins is None else begins.start
    pieces = [answer[max(a, start) : min(b, end)] for a, b in kept if b > start and a < end]
    if begins is not None and (frame := _FRAME.search(answer, begins.end)):
        pieces.append(answer[frame.start() :])
    return "".join(pieces)


def in_frame(answer: str) -> str:
    """What stands in an answer's last frame, such as ``<answer>``, up to its end; empty where none is."""
    begins = [frame for frame in _FRAME.finditer(answer) if not frame["end"]]
    if not begins:
        return ""
    ends = next((frame.start() for frame in _FRAME.finditer(answer, begins[-1].end()) if frame["end"]), None)
    return answer[begins[-1].end() : ends]


def behind_heading(answer: str) -> str:
    """What stands behind the last heading of an answer proper (``Final answer:``) where an answer begins with
    one of a thought (``Thinking:``); empty where it does not.

    Such words may as well be prose, so what stands before is still a part of the answer.
    """
    if not _THINKING_HEADING.match(answer):
        return ""
    ends = [heading.end() for heading in _ANSWER_HEADING.finditer(answer)]
    return answer[ends[-1] :] if ends else ""


_BEFORE = r"[ \t]{0,3}(?:#{1,6}[ \t]{1,9})?(?:\d{1,2}[.)][ \t]{1,9})?[*_]{0,3}"
_BEHIND = r"[ \t]{0,9}[*_]{0,3}[ \t]{0,9}(?::[*_]{0,3}|(?=\n|\Z))"
_THINKING_HEADING = re.compile(
    rf"\s{{0,99}}{_BEFORE}(?:my |internal |chain of |let me |step[- ]by[- ]step )?"
    rf"(?:think(?:ing)?|thoughts?|reasoning|analysis|scratchpad|planning|plan)(?: process| steps?| aloud)?"
    rf"{_BEHIND}",
    re.IGNORECASE,
)
_ANSWER_HEADING = re.compile(
    rf"(?m)^{_BEFORE}(?:my |the )?(?:final (?:answer|solution|code|response|output|implementation|version)"
    rf"|answer|solution|response|output|code|implementation){_BEHIND}",
    re.IGNORECASE,
)


def _marks(answer: str) -> Iterator[_Mark]:
    """Yield the marks in order, but for those that are only spoken of: in quotes, in single backticks."""
    anywhere, first = _patterns()
    found = [each for pattern in anywhere for each in pattern.finditer(answer)]
    found += [each for pattern in first if (each := pattern.match(answer))]
    for each in sorted(found, key=re.Match.start):
        before = answer[max(0, each.start() - 1) : each.start()]
        behind = answer[each.end() : each.end() + 3]
        if before in tuple("\"'`") and behind[:1] == before and behind != "```":
            continue
        name = each.lastgroup or ""
        start = each.start() - (before == "\\")  # Markdown's escape
        yield _Mark(int(name[1:]), name[0] == "e", start, each.end())


def _without_those_in_code(answer: str, marks: list[_Mark], reading: Reading) -> list[_Mark]:
    """Leave out the marks that stand in code which compiles with anything in their place.

    Nothing but a text or a comment does.
    """
    if not marks or _STAND_IN in answer:
        return marks
    pieces, position = [], 0
    for number, mark in enumerate(marks):
        pieces += [answer[position : mark.start], f"{_STAND_IN}{number}{_STAND_IN}"]
        position = mark.end
    marked = "".join([*pieces, answer[position:]])
    blocks = fenced_blocks(marked, reading) or code_in_prose(marked, reading)
    code = (reading.repair(block.source)[0] for block in blocks if _STAND_IN in block.source)
    inside = {int(n) for source in code if reading.compiles(source) for n in _STOOD_IN.findall(source)}
    return [mark for number, mark in enumerate(marks) if number not in inside]


_STAND_IN = "\ue000"
"""A character for private use, which no name and no operator of a language holds."""
_STOOD_IN = re.compile(rf"{_STAND_IN}(\d+){_STAND_IN}")


def _parted(ends: list[_Mark], answer: str, reading: Reading) -> tuple[list[_Mark], list[_Mark]]:
    """Ends of thoughts that code follows, and those behind which none does."""
    position = len(answer)
    for number in range(len(ends), 0, -1):
        if _holds_code(answer[ends[number - 1].end : position], reading):
            return ends[:number], ends[number:]
        position = ends[number - 1].start
    return [], ends


def _cut(spans: list[tuple[int, int]], marks: list[_Mark]) -> Iterator[tuple[int, int]]:
    """Spans without the marks that stand in them, both in order."""
    left = iter(marks)
    mark = next(left, None)
    for start, end in spans:
        while mark is not None and mark.start < end:
            if mark.start >= start:
                yield start, mark.start
                start = mark.end
            mark = next(left, None)
        yield start, end


def _holds_code(text: str, reading: Reading) -> bool:
    """Whether a text has a line that code begins with, or a fence with something in it.

    A bare fence that nothing closes may be the end of one that was opened before the text.
    """
    blocks = fenced_blocks(text, reading)
    if any(block.source.strip() and (block.language or block.rule == "fenced") for block in blocks):
        return True
    return any(reading.begins.match(line.strip()) for line in text.split("\n"))


def _without_pairs(answer: str, marks: list[_Mark]) -> tuple[list[tuple[int, int]], list[_Mark]]:
    """Return the spans outside of thoughts that begin and end, and the marks in these that count alone."""
    last_end = {mark.markup: mark.start for mark in marks if mark.ends}
    kept: list[tuple[int, int]] = []
    stray: list[_Mark] = []
    position, inside = 0, -1
    for mark in marks:
        if inside < 0 and not mark.ends and last_end.get(mark.markup, -1) > mark.start:
            kept.append((position, mark.start))
            inside = mark.markup
        elif inside == mark.markup and mark.ends:
            position, inside = mark.end, -1
        elif inside < 0 and MARKUPS[mark.markup].alone and (mark.ends or _stands_out(answer, mark)):
            stray.append(mark)
    return [*kept, (position, len(answer))], stray


def _stands_out(answer: str, mark: _Mark) -> bool:
    """Whether a mark begins or ends its line: one in the midst of a sentence is spoken of."""
    before = answer[max(0, mark.start - _MOST_INDENT) : mark.start]
    indented = not before.rpartition("\n")[2].strip() and ("\n" in before or len(before) == mark.start)
    return indented or answer[mark.end : mark.end + 1] in ("\n", "")


_MOST_INDENT = 100
