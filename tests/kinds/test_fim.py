"""Infilling by tokens of a model's family."""

import pytest

from evalsite.errors import UsageError
from evalsite.kinds.fim import FIM, style_of_family
from evalsite.kinds.prompts import build_prompt, style_for
from tests.kinds.helpers import CODE
from tests.kinds.test_infill import HEAD, PROBLEM


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("fim-qwen-v1", f"<|fim_prefix|>{HEAD}<|fim_suffix|>{PROBLEM.suffix}<|fim_middle|>"),
        ("fim-starcoder-v1", f"<fim_prefix>{HEAD}<fim_suffix>{PROBLEM.suffix}<fim_middle>"),
        ("fim-codellama-v1", f"<PRE> {HEAD} <SUF>{PROBLEM.suffix} <MID>"),
        ("fim-codestral-v1", f"[SUFFIX]{PROBLEM.suffix}[PREFIX]{HEAD}"),
        ("fim-deepseek-v1", f"<｜fim▁begin｜>{HEAD}<｜fim▁hole｜>{PROBLEM.suffix}<｜fim▁end｜>"),
        ("fim-santacoder-v1", f"<fim-prefix>{HEAD}<fim-suffix>{PROBLEM.suffix}<fim-middle>"),
    ],
)
def test_both_sides_stand_between_the_tokens(style: str, text: str) -> None:
    """To the byte; and nothing goes beside it."""
    prompt = build_prompt(PROBLEM, style)
    assert (prompt.text, prompt.suffix, prompt.form) == (text, "", "completion")
    assert prompt.stop
    assert style in FIM


@pytest.mark.parametrize(
    ("family", "style"),
    [
        ("Qwen2.5-Coder", "fim-qwen-v1"),
        ("CodeQwen1.5", "fim-starcoder-v1"),
        ("StarCoder2", "fim-starcoder-v1"),
        ("Code Llama", "fim-codellama-v1"),
        ("codellama", "fim-codellama-v1"),
        ("DeepSeek-Coder-V2", "fim-deepseek-v1"),
        ("CodeGemma", "fim-qwen-v1"),
        ("granite-8b-code", "fim-starcoder-v1"),
        ("Codestral", "fim-codestral-v1"),
        ("", ""),
        ("GPT-4", ""),
    ],
)
def test_a_family_tells_the_tokens(family: str, style: str) -> None:
    """As model cards name it; by default, then, for a problem with a gap alone."""
    assert style_of_family(family, PROBLEM) == style
    assert style_for("completions", PROBLEM, family) == (style or "completion-v1")
    assert style_for("completions", CODE, family) == "completion-v1"
    assert style_for("chat", PROBLEM, family) == "chat-v1"


def test_what_has_no_gap_cannot_be_asked_so() -> None:
    """It would be asked for something that nobody reads."""
    with pytest.raises(UsageError, match="Code/1 has no gap"):
        build_prompt(CODE, "fim-qwen-v1")
