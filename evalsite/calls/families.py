"""Calls that stand in a text: how each family of models writes one, and how it is read.

What a server does not recognise as a call it leaves in the text; every row here is a way in which that looks.
Sources: the models' chat templates and the parsers of vLLM (``vllm/tool_parsers/``), SGLang
(``sglang/srt/function_call/``) and llama.cpp (``common/chat.cpp``), and for harmony OpenAI's
``docs/format.md``. What a family encloses in marks is a call whoever it names; what nothing marks has to name
a tool that was offered.

Everything is read in linear time, and only the first :data:`.reading.MOST_CHARACTERS` characters are.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evalsite.calls.markup import Schemas, read_function, read_keys
from evalsite.calls.objects import read_bare, read_marked
from evalsite.calls.pythonic import NotPythonic, read_pythonic
from evalsite.calls.reading import MOST_CHARACTERS, Call, read_call
from evalsite.calls.tools import Tool, wire_names

MOST_CALLS = 1000
"""Calls of one text that are read."""

Reader = Callable[[str, Schemas], list[Call]]


@dataclass(frozen=True)
class Leak:
    """Calls that were found in a text, and the family whose syntax they have."""

    family: str
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Family:
    """One way to write calls: what opens them, what closes them, and how to read what is in between."""

    name: str
    who: str
    """Whose models write so."""
    opens: tuple[str, ...]
    closes: tuple[str, ...]
    """What ends a section; the next one that opens and the text's end do so, too."""
    read: Reader

    def sections(self, text: str) -> Iterator[str]:
        """Yield what stands in each section."""
        starts = [opening for opening in self.opens if opening in text]
        if not starts:
            return
        marks = re.compile("|".join(re.escape(each) for each in (*starts, *self.closes)))
        opened = None
        for found in marks.finditer(text):
            if opened is not None:
                yield text[opened : found.start()]
            opened = found.end() if found[0] in starts else None
        if opened is not None:
            yield text[opened:]


def _json(payload: str, _: Schemas) -> list[Call]:
    return read_marked(payload)


def _pythonic(payload: str, _: Schemas) -> list[Call]:
    try:
        return read_pythonic(payload)
    except NotPythonic:
        return []


def _either(payload: str, schemas: Schemas) -> list[Call]:
    return _pythonic(payload, schemas) or _json(payload, schemas)


_MISTRAL = re.compile(r"\s*+([\w.\-]{1,256})\s*+(?:\[CALL_ID\][\w\-]{0,64}\s*+)?(?:\[ARGS\]\s*+)?(?=\{)")


def _mistral(payload: str, schemas: Schemas) -> list[Call]:
    """An array, or since version 11 of its tokenizer a name and an object, ``[ARGS]`` between them."""
    named = _MISTRAL.match(payload)
    return [read_call(named[1], _object(payload[named.end() :]))] if named else _json(payload, schemas)


def _object(text: str) -> str:
    """From the brace that opens to the last that closes."""
    return text[: text.rfind("}") + 1] or text


_KIMI = re.compile(r"\s*+(?:functions\.)?([^\s<:]{1,256}?)(?::\d{1,9})?\s*+<\|tool_call_argument_begin\|>")


def _kimi(payload: str, _: Schemas) -> list[Call]:
    head = _KIMI.match(payload)
    return [read_call(head[1], payload[head.end() :])] if head else []


_DEEPSEEK = re.compile(
    r"\s*+(?:function<[｜|]tool[▁_ ]sep[｜|]>)?([^\s<]{1,256})(?:<[｜|]tool[▁_ ]sep[｜|]>)?\s*+"
)


def _deepseek(payload: str, _: Schemas) -> list[Call]:
    """V3: ``function<sep>name``, then fenced JSON; V3.1: ``name<sep>{...}``."""
    head = _DEEPSEEK.match(payload)
    if head is None:
        return []
    rest = payload[head.end() :].strip().removeprefix("```json").removeprefix("```").removesuffix("```")
    return [read_call(head[1], rest)]


_HARMONY = re.compile(
    r"([\w.\-]{1,256})(?:\s|<\|channel\|>|<\|constrain\|>|commentary|analysis|json|code)*+"
    r"(?:<\|message\|>)?\s*+(?=\{)"
)


def _harmony(payload: str, _: Schemas) -> list[Call]:
    head = _HARMONY.match(payload)
    return [read_call(head[1], _object(payload[head.end() :]))] if head else []


_GEMMA_VALUE = re.compile(
    r"([\w.\-]{1,256}):(?:<escape>((?:[^<]|<(?!escape>))*+)<escape>|([^,{}\[\]]{1,200}))"
)


def _gemma(payload: str, schemas: Schemas) -> list[Call]:
    """FunctionGemma: ``call:name{key:<escape>text<escape>,number:1}``."""
    head = re.match(r"\s*+call:([\w.\-]{1,256})\s*+\{", payload)
    if head is None:
        return []
    pairs = "".join(
        f"<arg_key>{found[1]}</arg_key><arg_value>{found[2] or found[3] or ''}</arg_value>"
        for found in _GEMMA_VALUE.finditer(payload, head.end())
    )
    return read_keys(head[1] + pairs, schemas)


_DSML = "｜DSML｜"
"""What DeepSeek V3.2 puts before the name of every tag."""

FAMILIES: Sequence[Family] = (
    Family("qwen3-coder", "Qwen3-Coder, Nemotron 3, Seed-OSS; with an object inside, Llama 3.1",
           ("<function=",), ("</function>", "</tool_call>"), read_function),
    Family("invoke", "MiniMax-M2, DeepSeek V3.2, Claude's older form",
           ("<invoke name=",), ("</invoke>",), read_function),
    Family("hermes", "Hermes, Qwen 2.5 and 3, and many others",
           ("<tool_call>", "<|tool_call|>"), ("</tool_call>", "<|/tool_call|>"), _json),
    Family("glm", "GLM 4.5 and later", ("<tool_call>",), ("</tool_call>",), read_keys),
    Family("mistral", "Mistral, Magistral, Devstral", ("[TOOL_CALLS]",), ("</s>",), _mistral),
    Family("llama", "Llama 3 and 4",
           ("<|python_tag|>", "<|python_start|>"), ("<|eom_id|>", "<|eot_id|>", "<|python_end|>"), _either),
    Family("kimi", "Kimi K2",
           ("<|tool_call_begin|>",), ("<|tool_call_end|>", "<|tool_calls_section_end|>"), _kimi),
    Family("deepseek", "DeepSeek V3, R1 and V3.1",
           ("<｜tool▁call▁begin｜>", "<|tool▁call▁begin|>"),
           ("<｜tool▁call▁end｜>", "<|tool▁call▁end|>", "<｜tool▁calls▁end｜>"), _deepseek),
    Family("harmony", "gpt-oss", ("to=functions.",), ("<|call|>", "<|end|>", "<|start|>"), _harmony),
    Family("granite", "Granite, Jamba, Hunyuan", ("<tool_calls>",), ("</tool_calls>",), _json),
    Family("phi", "Phi-4-mini", ("functools",), (), _json),
    Family("lfm2", "LFM2", ("<|tool_call_start|>",), ("<|tool_call_end|>",), _either),
    Family("internlm", "InternLM", ("<|plugin|>",), ("<|action_end|>",), _json),
    Family("command", "Command R and A",
           ("<|START_ACTION|>", "Action: ```json"), ("<|END_ACTION|>", "```"), _json),
    Family("functiongemma", "FunctionGemma",
           ("<start_function_call>",), ("<end_function_call>",), _gemma),
)  # fmt: skip
"""In the order in which they are looked for; the first that has a call is taken."""

_FENCE = re.compile(r"^[ \t]*+(?:```|~~~)[ \t]*+(\w*+)[^\n]*+$", re.MULTILINE)

_THOUGHT_ENDS = re.compile(
    r"</think(?:ing)?>|</reasoning>|</thought>|\[/THINK\]|<\|channel\|>final<\|message\|>"
)
_THOUGHT = re.compile(r"\s*+(?:<think(?:ing)?>|<reasoning>|<thought>|\[THINK\])")


def behind_thoughts(text: str) -> str:
    """Return what stands behind the last mark that ends a thought: calls that are only thought of are none.

    Of an answer that begins with a thought which nothing ends, nothing is left.
    """
    ends = [found.end() for found in _THOUGHT_ENDS.finditer(text)]
    if ends:
        return text[ends[-1] :]
    return "" if _THOUGHT.match(text) else text


def find_calls(text: str, tools: Sequence[Tool]) -> Leak | None:
    """Return the calls that stand in a text, by the first family whose syntax they have; None without any."""
    text = text[:MOST_CHARACTERS].replace(_DSML, "")
    schemas = _schemas(tools)
    for family in FAMILIES:
        found: list[Call] = []
        for section in family.sections(text):
            found.extend(family.read(section, schemas))
            if len(found) > MOST_CALLS:
                break
        if found:
            return Leak(family.name, tuple(found[:MOST_CALLS]))
    return _unmarked(text, schemas)


def _schemas(tools: Sequence[Tool]) -> Schemas:
    names = wire_names(tools)
    found = {names[tool.name]: tool.parameters for tool in tools}
    return found | {tool.name: tool.parameters for tool in tools}


def _unmarked(text: str, schemas: Schemas) -> Leak | None:
    """Calls of tools that were offered, of families that mark nothing: in a fenced block (JSON, or Python as
    Gemma's tool_code), as a JSON object (Llama 3), or as an answer that is nothing but Python (Llama 4).
    """
    fenced: list[Call] = []
    for block in _fenced(text):
        fenced.extend(read_bare(block, schemas) or _offered(block, schemas))
        if len(fenced) > MOST_CALLS:
            break
    if fenced:
        return Leak("fenced", tuple(fenced[:MOST_CALLS]))
    if bare := read_bare(text, schemas):
        return Leak("json", tuple(bare))
    if offered := _offered(text, schemas):
        return Leak("pythonic", tuple(offered[:MOST_CALLS]))
    return None


def _offered(text: str, schemas: Schemas) -> list[Call]:
    found = _pythonic(text, schemas)
    return found if any(call.name in schemas for call in found) else []


def _fenced(text: str) -> Iterator[str]:
    opened = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence.end()
        else:
            yield text[opened : fence.start()]
            opened = None
    if opened is not None:
        yield text[opened:]
