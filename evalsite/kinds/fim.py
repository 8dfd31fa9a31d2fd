"""Infilling by the tokens that a family of models was trained with: what goes around the gap."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evalsite.errors import UsageError
from evalsite.kinds import kind_of
from evalsite.kinds.infill import Infilling
from evalsite.rundir.schema import Problem, Prompt


def has_gap(problem: Problem) -> bool:
    """Whether a problem asks for what belongs into a gap."""
    return isinstance(kind_of(problem), Infilling)


@dataclass(frozen=True)
class Tokens:
    """How one family is shown a gap."""

    text: str
    """``{prefix}`` and ``{suffix}`` stand for the code on both sides."""
    families: str
    """A pattern for the families that take it, as model cards name them."""
    stop: tuple[str, ...] = ()
    """What such a model ends the missing part with, where a server lets it through."""

    def prompt(self, problem: Problem) -> Prompt:
        """The problem in these tokens; raises UsageError for one that has no gap."""
        if not has_gap(problem):
            raise UsageError(
                f"{problem.task_id} has no gap that could be filled",
                hint="Prompts whose names begin with fim- are for data sets of infilling.",
            )
        sides = {"{prefix}": problem.prompt, "{suffix}": problem.suffix}
        text = re.sub(r"\{(?:prefix|suffix)\}", lambda side: sides[side[0]], self.text)
        return Prompt(problem=problem.task_id, text=text, form="completion", stop=self.stop)


FIM: Mapping[str, Tokens] = {
    "fim-starcoder-v1": Tokens(
        "<fim_prefix>{prefix}<fim_suffix>{suffix}<fim_middle>",
        r"starcoder|stable-?code|granite-?(?:\d+b-)?code|codeqwen",
        ("<|endoftext|>", "<file_sep>", "<fim_pad>"),
    ),
    "fim-qwen-v1": Tokens(
        "<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>",
        r"qwen|codegemma|granite",
        ("<|endoftext|>", "<|file_sep|>", "<|fim_pad|>", "<|file_separator|>"),
    ),
    "fim-santacoder-v1": Tokens(
        "<fim-prefix>{prefix}<fim-suffix>{suffix}<fim-middle>", r"santacoder", ("<|endoftext|>",)
    ),
    "fim-codellama-v1": Tokens("<PRE> {prefix} <SUF>{suffix} <MID>", r"code-?llama", ("<EOT>", " <EOT>")),
    "fim-deepseek-v1": Tokens(
        "<｜fim▁begin｜>{prefix}<｜fim▁hole｜>{suffix}<｜fim▁end｜>",
        r"deepseek",
        ("<｜end▁of▁sentence｜>", "<|EOT|>"),
    ),
    "fim-codestral-v1": Tokens("[SUFFIX]{suffix}[PREFIX]{prefix}", r"codestral|mistral|devstral", ("</s>",)),
}
"""Style -> the tokens. A family is looked for in this order."""


def style_of_family(family: str, problem: Problem) -> str:
    """The style for a model card's family; empty for one whose tokens are not known, and without a gap."""
    if not has_gap(problem):
        return ""
    names = re.sub(r"[\s_]+", "-", family.casefold())
    return next((style for style, tokens in FIM.items() if re.search(tokens.families, names)), "")


STYLES: Mapping[str, Callable[[Problem], Prompt]] = {name: tokens.prompt for name, tokens in FIM.items()}
