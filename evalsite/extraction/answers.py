"""Finds the program in a chat answer: reasoning aside, then fences, then code between prose."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from evalsite.languages.python import code as pycode
from evalsite.languages.python import examples
from evalsite.languages.python.repairs import repair
from evalsite.rundir.schema import Problem


@dataclass(frozen=True)
class Found:
    """Source and the rule that found it."""

    source: str
    rule: str


@dataclass(frozen=True)
class Block:
    """A stretch of an answer that may be code. ``rule`` says how it was found and what it took to compile."""

    source: str
    rule: str
    language: str = ""


MOST_END_TOKENS = 20
MOST_FALSE_STARTS = 50
"""Lines that look like the beginning of code but are none, after which prose is taken to be prose."""

_FENCE = re.compile(r"^[ \t]*(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*?)[ \t]*$")
_PYTHON = re.compile(r"\{?\.?(python|py|ipython|pycon|sage)[\w.]*\b", re.IGNORECASE)
_THINKING = re.compile(r"(?s)<(think|thinking|reasoning|thought)>.*?</\1>")
_THOUGHT_ENDS = re.compile(r"</(?:think|thinking|reasoning|thought)>")
_THOUGHT_BEGINS = re.compile(r"(?m)^[ \t]*<(?:think|thinking|reasoning|thought)>")
_END_TOKEN = re.compile(r"(?:<[|｜][\w▁ ]+[|｜]>|</s>|<eos>|<end_of_turn>)\Z")
_TAGS = re.compile(r"(?m)^[ \t]*\[/?PYTHON\][ \t]*$|\[/?PYTHON\]")
_CODE_BEGINS = re.compile(
    r"(async\s+def|def)\s+\w+\s*\(|class\s+\w+.*:|import\s+[\w., ]+$|from\s+[\w.]+\s+import\b|@\w"
    r"|[A-Za-z_]\w*\s*=\s*\S"
)


def find_program(problem: Problem, text: str) -> Found:
    """Return the program that a chat answer holds, with the prompt's imports and helpers before it."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    answer = without_thinking(_without_end_tokens(plain))
    fenced = fenced_blocks(_TAGS.sub("```", answer))
    blocks = [_repaired(block) for block in fenced or [_whole(answer)]]
    found = _choose(problem, blocks) or _body(problem, blocks)
    if found is None and not fenced:
        in_prose = [_repaired(block) for block in code_in_prose(answer)]
        found = _choose(problem, in_prose)
        blocks = in_prose or blocks
    return found or _trimmed(problem, blocks) or _leftover(problem, blocks)


def _whole(answer: str) -> Block:
    plain = _without_prose(answer)
    return Block(answer, "whole-answer") if plain == answer else Block(plain, "in-prose")


def _without_end_tokens(answer: str) -> str:
    """Take away special tokens that a server let through at the very end."""
    for _ in range(MOST_END_TOKENS):
        answer = answer.rstrip()
        token = _END_TOKEN.search(answer, max(0, len(answer) - 100))
        if token is None:
            break
        answer = answer[: token.start()]
    return answer


def without_thinking(answer: str) -> str:
    """Take away what a reasoning model thought, even where only one of the two tags was sent."""
    answer = _THINKING.sub("", answer)
    if ends := list(_THOUGHT_ENDS.finditer(answer)):
        answer = answer[ends[-1].end() :]
    if begins := _THOUGHT_BEGINS.search(answer):
        answer = answer[: begins.start()]
    return answer


def fenced_blocks(answer: str) -> list[Block]:
    """Return the Markdown fences of an answer. A fence inside a docstring does not end its block."""
    blocks: list[Block] = []
    lines = answer.split("\n")
    position = 0
    while position < len(lines):
        opened = _FENCE.match(lines[position])
        position += 1
        if opened is None:
            continue
        language, code = _split_info(opened["info"])
        end = _end_of_block(lines, position, opened["mark"])
        source = "\n".join([*code, *lines[position:end]]) + "\n"
        rule = "fenced" if end < len(lines) else "fenced-open"
        if rule == "fenced-open" and (inside := _closed_within(source, opened["mark"])):
            source, rule = inside, "fenced"
        blocks.append(Block(source, rule, language))
        position = end + 1
    return blocks


def _closed_within(source: str, mark: str) -> str:
    """Return the code before a fence that was closed at the end of a line of code, or an empty string."""
    lines = source.split("\n")
    for number, line in enumerate(lines):
        if line.rstrip().endswith(mark):
            return "\n".join([*lines[:number], line.rstrip().removesuffix(mark)]) + "\n"
    return ""


def _split_info(info: str) -> tuple[str, list[str]]:
    """Part a fence's language from code that a model began on the same line."""
    language = _PYTHON.match(info)
    rest = info[language.end() :].lstrip(" }") if language else info
    if _CODE_BEGINS.match(rest):
        return (language.group() if language else ""), [rest]
    return info, []


def code_in_prose(answer: str) -> Iterator[Block]:
    """Yield the longest stretches of whole lines that compile and begin as code does."""
    lines = answer.split("\n")
    position = false_starts = 0
    while position < len(lines) and false_starts < MOST_FALSE_STARTS:
        if not _CODE_BEGINS.match(lines[position]):
            position += 1
            continue
        source = pycode.last_complete("\n".join([*lines[position:], "end"]))
        if source:
            yield Block(_without_prose(source), "in-prose")
        else:
            false_starts += 1
        position += source.count("\n") or 1


def _closes(line: str, mark: str) -> bool:
    fence = _FENCE.match(line)
    return bool(fence and not fence["info"] and fence["mark"].startswith(mark))


def _end_of_block(lines: Sequence[str], start: int, mark: str) -> int:
    """Return the line of the closing fence: the first, or a later one if only then the block compiles.

    The number of lines is returned where there is none.
    """
    ends = (n for n in range(start, len(lines)) if _closes(lines[n], mark))
    first = next(ends, len(lines))
    source = "\n".join(lines[start:first])
    if source.count('"""') % 2 or source.count("'''") % 2:
        for end in islice(ends, pycode.MOST_TRIES):
            if pycode.compiles("\n".join(lines[start:end])):
                return end
    return first


def _without_prose(source: str) -> str:
    """Blank the lines of prose that only happen to be Python, such as ``Note: this``."""
    tree = pycode.parse(source)
    if tree is None:
        return source
    lines = source.split("\n")
    for node in pycode.prose(tree):
        for number in range(node.lineno - 1, node.end_lineno or node.lineno):
            lines[number] = ""
    return "\n".join(lines)


def _repaired(block: Block) -> Block:
    source, repairs = repair(block.source)
    return Block(source, "+".join((block.rule, *repairs)), block.language)


def _choose(problem: Problem, blocks: Sequence[Block]) -> Found | None:
    """Return the first block that defines the function, with what it needs of the others."""
    name = problem.entry_point
    parsed = [(block, tree) for block in blocks if (tree := pycode.parse(block.source)) is not None]
    defining = [(block, tree) for block, tree in parsed if pycode.defines(tree, name)]
    if not defining:
        return None
    block, tree = next((pair for pair in defining if not pycode.is_stub(pair[1], name)), defining[0])
    known = pycode.bound_names(pycode.prelude(problem.prompt, name)) if problem.kind == "code" else set()
    source, rule = block.source, block.rule
    helpers: list[str] = []
    missing = pycode.missing_names(tree) - known
    for other, other_tree in parsed:
        bound = pycode.bound_names(other_tree.body)
        if other is not block and missing & bound and name not in bound:
            helpers.append(other.source)
            missing = (missing - bound) | (pycode.missing_names(other_tree) - known)
    if helpers:
        source, rule = "\n\n".join((*helpers, source)), f"{rule}+joined"
    return _finish(problem, source, rule)


def _finish(problem: Problem, source: str, rule: str) -> Found:
    quiet = examples.set_aside(source, problem.entry_point)
    if quiet != source:
        source, rule = quiet, f"{rule}+examples"
    tree = pycode.parse(source)
    if tree is not None and problem.kind == "code":
        source = pycode.with_prelude(source, tree, problem.prompt, problem.entry_point)
    return _with_imports(source, rule)


def _with_imports(source: str, rule: str) -> Found:
    tree = pycode.parse(source)
    if tree is not None and (complete := pycode.with_imports(source, tree)) != source:
        return Found(complete, f"{rule}+imports")
    return Found(source, rule)


def _body(problem: Problem, blocks: Sequence[Block]) -> Found | None:
    """Put a block that is only a function's body below the prompt."""
    if problem.kind != "code":
        return None
    head = problem.prompt.rstrip() + "\n"
    for block in blocks:
        raw = block.source.strip("\n")
        if not re.search(r"(?m)^\s*(return|yield)\b", raw) or pycode.compiles(raw):
            continue
        for body in (textwrap.indent(textwrap.dedent(raw), "    "), f"    {raw.lstrip()}", _indented(raw)):
            if body and pycode.compiles(head + body):
                return _with_imports(f"{head}{body}\n", "body")
    return None


def _indented(text: str) -> str:
    """Return the lines that a text begins with as far as they are indented."""
    return "\n".join(takewhile(lambda line: not line.strip() or line[0] in " \t", text.split("\n")))


def _trimmed(problem: Problem, blocks: Sequence[Block]) -> Found | None:
    """Leave out what follows the last complete statement, if the function is complete by then."""
    for block in blocks:
        start = _CODE_BEGINS_LINE.search(block.source)
        whole = block.source[start.start() :] if start else block.source
        part = pycode.last_complete(whole)
        if found := _choose(problem, [Block(part, f"{block.rule}+trimmed")]):
            return found
    return None


_CODE_BEGINS_LINE = re.compile(rf"(?m)^(?:{_CODE_BEGINS.pattern})")


def _leftover(problem: Problem, blocks: Sequence[Block]) -> Found:
    """Return the code of an answer without the function: it fails, but is shown for what it is."""
    candidates = [block for block in blocks if block.source.strip() and _may_be_python(block)]
    if not candidates:
        return Found("", "no-code")
    name = problem.entry_point
    named = [block for block in candidates if name and name in block.source]
    block = max(named or candidates, key=lambda each: len(each.source))
    if not block.rule.startswith("whole-answer"):
        compiles = pycode.compiles(block.source)
        return _finish(problem, block.source, block.rule) if compiles else Found(block.source, "broken")
    begins = _CODE_BEGINS_LINE.search(block.source)
    return Found(block.source[begins.start() :], "broken") if begins else Found("", "no-code")


def _may_be_python(block: Block) -> bool:
    return not block.language or bool(_PYTHON.match(block.language))
