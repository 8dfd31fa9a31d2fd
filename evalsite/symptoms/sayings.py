"""What an answer says in place of a solution: that it declines, thoughts alone, tokens of its own format."""

import re
from itertools import islice

from evalsite.rundir.schema import Completion

LEAST_BYTES = 3
"""Marks of a tokenizer's alphabet; one of them may be a letter of somebody's language."""

_BEGINNING = 600
"""Characters within which somebody who declines has said so."""
_DECLINES = re.compile(
    r"\bI(?:['’]m| am) (?:very |really |so |truly )?(?:sorry|afraid|unable|not able|not allowed)\b"
    r"|\bI(?: really)? (?:can(?:no|['’])t|can not|could not|couldn['’]t|won['’]t|will not|must decline"
    r"|decline|refuse|do not feel comfortable|don['’]t feel comfortable|apologi[sz]e)\b"
    r"|\b(?:as|being) an? (?:AI|artificial intelligence|language model|large language model)\b"
    r"|\b(?:unable|not able) to (?:assist|help|comply|provide|complete|fulfil|write|answer)"
    r"|^\s*(?:sorry|my apologies|unfortunately)\b|\bagainst my (?:guidelines|programming|principles|policy)"
    r"|\bEs tut mir leid\b|\bIch kann (?:dir |Ihnen )?(?:dabei )?nicht\b"
    r"|\bJe (?:suis désolé|ne peux pas|regrette)|\bLo siento\b|\bNo puedo\b|\bMi dispiace\b|\bNão posso\b"
    r"|抱歉|对不起|很遗憾|我无法|申し訳|できません|죄송|извините|не могу",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"<\|[\w▁/.:-]{1,40}\|>|<｜[^｜<>\n]{1,40}｜>|</s>|\A\s{0,9}<s>|</?(?:bos|eos|pad|unk)>|<(?:start|end)_of_turn>"
    r"|\[/?INST\]|<</?SYS>>|</?fim_(?:prefix|middle|suffix|pad)>|<0x[0-9A-F]{2}>|<unused\d{1,3}>"
    r"|<(?:filename|reponame|gh_stars|file_sep|empty_output|(?:issue|commit|jupyter)_[a-z_]{3,15})>"
)
_ALPHABET = re.compile("[▁ĠĊ](?=[A-Za-z(\\[{\"'])")


def declines(text: str) -> bool:
    """Whether a text begins with the model's saying that it cannot or will not."""
    return _DECLINES.search(text[:_BEGINNING]) is not None


def only_thinks(completion: Completion, said: str) -> bool:
    """Whether there are thoughts and nothing else, be they in the text or sent apart from it; ``said``: the
    text without thoughts.
    """
    thought = completion.text.strip() or completion.reasoning.strip()
    return bool(thought) and not said.strip() and not completion.calls


def leaks_markup(text: str) -> bool:
    """Whether special tokens stand in a text, those in quotes aside, of which code may speak."""
    for token in _TOKEN.finditer(text):
        before, behind = text[max(0, token.start() - 1) : token.start()], text[token.end() : token.end() + 1]
        if token[0] == "</s>" and "<s>" in text[: token.start()]:
            continue  # HTML
        if not (before and before == behind and before in "\"'`"):
            return True
    return len(list(islice(_ALPHABET.finditer(text), LEAST_BYTES))) == LEAST_BYTES
