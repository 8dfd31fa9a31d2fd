"""Takes away what a model thought aloud before it answered, whatever markup its family puts around that."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


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
    r"(?:mm:|ant)?think(?:ing)?|thoughts?|reason(?:ing)?|reflection|analysis|planning|plan"
    r"|scratch_?pad|inner_(?:monologue|thoughts)|chain_of_thought|cot"
)

MARKUPS: tuple[Markup, ...] = (
    Markup(
        "DeepSeek-R1, Qwen3, GLM, MiniMax, Phi-4, SmolLM3 and most others; "
        "also `thinking`, `thought`, `reasoning`, `reflection`, `analysis`, `scratchpad`, `plan`",
        "<think>…</think>",
        rf"<(?:{_NAMES})(?:[ \t][^<>\n]{{0,200}})?>",
        rf"<[/\\](?:{_NAMES})[ \t]?>",
    ),
    Markup(
        "the same, escaped by a page",
        "&lt;think&gt;…&lt;/think&gt;",
        rf"&lt;(?:{_NAMES})&gt;",
        rf"&lt;/(?:{_NAMES})&gt;",
    ),
    Markup("Seed-OSS", "<seed:think>…</seed:think>", r"<seed:think>", r"</seed:think>"),
    Markup("LongCat", "<longcat_think>…</longcat_think>", r"<longcat_think>", r"</longcat_think>"),
    Markup("Magistral", "[THINK]…[/THINK]", r"\[think(?:ing)?\]", r"\[/think(?:ing)?\]"),
    Markup("others", "[REASONING]…[/REASONING]", rf"\[(?:{_NAMES})\]", rf"\[/(?:{_NAMES})\]", alone=False),
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
        r"\bassistant\s{1,3}final",
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
        "Ollama's terminal", "Thinking...…...done thinking.", r"Thinking\.{3}", r"\.{3}done thinking\.", False
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


_MARKS = tuple(_compiled())
_FRAMES = r"answer|final_answer|final|output|response|solution|conclusion"
_FRAME = re.compile(rf"<(?P<end>/?)(?:{_FRAMES})>", re.IGNORECASE)


@dataclass(frozen=True)
class _Mark:
    markup: int
    ends: bool
    start: int
    end: int


def without_thinking(answer: str) -> str:
    """Take away what a reasoning model thought, even where only one of the two marks was sent.

    A thought that nothing ends goes on to the answer's end, or to where a frame such as ``<answer>`` begins.
    """
    marks = list(_marks(answer))
    kept, stray = _without_pairs(answer, marks)
    start = max((mark.end for mark in stray if mark.ends), default=0)
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


def _marks(answer: str) -> Iterator[_Mark]:
    """Yield the marks in order, but for those that are only spoken of: in quotes, in single backticks."""
    found = [each for pattern in _MARKS for each in pattern.finditer(answer)]
    for each in sorted(found, key=re.Match.start):
        before = answer[max(0, each.start() - 1) : each.start()]
        behind = answer[each.end() : each.end() + 3]
        if before in tuple("\"'`") and behind[:1] == before and behind != "```":
            continue
        name = each.lastgroup or ""
        yield _Mark(int(name[1:]), name[0] == "e", *each.span())


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
