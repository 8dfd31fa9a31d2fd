"""What servers tell of log-probabilities, in their own shapes."""

import math

import pytest

from evalsite.forcing.ways import UnhonouredError, as_row, read_along, read_next, settings_for

CONTENT = {
    "content": [
        {"token": "a", "logprob": -0.1, "top_logprobs": [
            {"token": "b", "logprob": -2.0, "bytes": [98]},
            {"token": "?", "logprob": -0.1, "bytes": [97]},
            {"token": "?", "logprob": -3.0, "bytes": [0xE2, 0x82]},
            {"token": "c", "logprob": None},
        ]}
    ]
}  # fmt: skip
LISTS = {
    "tokens": ["a"],
    "token_logprobs": [-0.1],
    "top_logprobs": [{"a": -0.1, "b": -2.0, "<0xE2><0x82>": -3.0}],
}


@pytest.mark.parametrize("told", [CONTENT, LISTS])
def test_both_shapes_of_openai_are_read_alike(told):
    """By bytes where they are told; what has no number is left out; the likeliest first."""
    assert read_next(told).named == (("a", -0.1), ("b", -2.0), ("<0xE2><0x82>", -3.0))


NOTHING = [None, {}, [], {"content": []}, {"content": None}, {"tokens": ["a"], "top_logprobs": None}, "yes",
           3, {"content": [7]}, {"content": [{"token": "a", "top_logprobs": "x"}]}]  # fmt: skip


@pytest.mark.parametrize("told", NOTHING, ids=str)
def test_what_tells_nothing_is_told(told):
    """Whatever stands there in place of log-probabilities."""
    with pytest.raises(UnhonouredError):
        read_next(told)
    with pytest.raises(UnhonouredError):
        read_along(told, "ab")


def vllm(*tokens):
    likeliest = {"logprob": -0.5, "decoded_token": "z"}
    return [None, *({"7": {"logprob": -9.0, "decoded_token": token}, "8": likeliest} for token in tokens)]


ALONG = [
    (vllm(" b", "c"), "a bc", [1, 3]),
    (vllm("a", " b", "c"), "a bc", [1, 3]),
    (vllm("\ufffd", "\ufffd", " b"), "a\u20ac b", [2]),
    ({"tokens": ["<s>", "a", " b"], "top_logprobs": [None, {"x": -1.0}, {"y": -1.0}]}, "a b", [1]),
    ({"tokens": ["a", " b", "!"], "top_logprobs": [None, {"y": -1.0}, {"z": -1.0}]}, "a b", [1]),
]


@pytest.mark.parametrize(("told", "text", "places"), ALONG, ids=str)
def test_tokens_are_found_in_the_text(told, text, places):
    """With or without a mark before it, beyond characters that tokens tear apart, and up to its end."""
    assert list(read_along(told, text)) == places


def test_tokens_of_another_text_are_not_believed():
    """As where ``echo`` is ignored, and what came back tells of what was generated."""
    with pytest.raises(UnhonouredError):
        read_along(LISTS, "def a(b):")


def test_rows_keep_what_matters():
    """The five likeliest, whatever they have, and others down to one in a thousand million."""
    named = {f"t{place}": -float(4 * place) for place in range(9)}
    row = as_row("A", 3, read_next({"tokens": ["t0"], "top_logprobs": [named]}), 7, 1000)
    assert row.tokens == ("t0", "t1", "t2", "t3", "t4", "t5")
    assert row.logprobs == (0.0, -4.0, -8.0, -12.0, -16.0, -20.0)
    assert math.copysign(1, row.logprobs[0]) == 1


FIELDS = [
    ("prefix", "completions", {"logprobs": 20}),
    ("prefix", "chat", {"logprobs": True, "top_logprobs": 20}),
    ("echo", "completions", {"logprobs": 20, "echo": True}),
    ("prompt_logprobs", "completions", {"prompt_logprobs": 20}),
]


@pytest.mark.parametrize(("way", "api", "fields"), FIELDS)
def test_what_is_sent(way, api, fields):
    """One token to follow, at a temperature that changes no probabilities."""
    settings = settings_for(way, api, 20)
    assert settings.extra == fields
    assert (settings.max_tokens, settings.temperature, settings.stream) == (1, 1.0, False)


def test_a_row_has_no_more_than_was_asked_for_and_nothing_likelier_is_left_out():
    """The token that was drawn stands beside the likeliest, and tells nothing of others."""
    top = {"a": -0.5, "b": -2.0, "c": -3.0}
    drawn = read_next({"tokens": ["z"], "top_logprobs": [top | {"z": -9.0}]})
    assert as_row("A", 3, drawn, 7, 4).tokens == ("a", "b", "c")
    assert as_row("A", 3, drawn, 7, 2).tokens == ("a", "b")
    assert as_row("A", 3, read_next({"tokens": ["a"], "top_logprobs": [top]}), 7, 4).tokens == ("a", "b", "c")


def test_five_are_kept_however_unlikely():
    """Of more those alone that matter."""
    top = {f"t{place}": -100.0 - place for place in range(8)}
    row = as_row("A", 3, read_next({"tokens": ["t0"], "top_logprobs": [top]}), 7, 20)
    assert row.tokens == ("t0", "t1", "t2", "t3", "t4")


HOSTILE = [
    ({"tokens": ["a"], "top_logprobs": [{"a": -0.1, "b": -0.2}]}, "add up to 1.72"),
    ({"tokens": ["a"], "top_logprobs": [{"a": 3.5, "b": -2.0}]}, "add up to"),
    (
        {"tokens": ["token_id:5"], "top_logprobs": [{"token_id:5": -0.1, "token_id:7": -3.0}]},
        "by their numbers",
    ),
    (
        {"content": [{"token": 5, "logprob": -0.1, "top_logprobs": [{"token": 5, "logprob": -0.1}]}]},
        "numbers",
    ),
    ({"tokens": ["a"], "top_logprobs": [{"a": float("nan"), "b": float("-inf")}]}, "no log-probabilities"),
]


@pytest.mark.parametrize(("told", "why"), HOSTILE, ids=str)
def test_what_cannot_be_probabilities_of_tokens_is_refused(told, why):
    """Sums above one, numbers in place of texts, and what is no number."""
    with pytest.raises(UnhonouredError, match=why):
        read_next(told)
