"""Servers on loopback that tell log-probabilities as llama.cpp, vLLM and OpenAI's two APIs do, or do not.

Behind them stands a toy: its tokens are words and marks, and what it holds likely next is made of the last
characters and of its ``weights``. So a test can work out what any place of a text has to give.
"""

import functools
import hashlib
import math
import re

from aiohttp import web

from tests.loopback import LoopbackServer

TOKEN = re.compile(r" ?[^\W\d_]+|\d| ?[^\s\w]|_|\n| +(?= )|\s")
WORDS = (
    *(
        " return",
        " n",
        " s",
        " xs",
        " +",
        " 1",
        "(",
        ")",
        "\n",
        " max",
        "xs",
        " if",
        " for",
        ":",
        "    ",
        ",",
    ),
    *(" *", " is", " the", " not", "_", " x", " a", " b", "=", " =", " in", " and", "n", "s"),
)


def tokens_of(text):
    """The toy's tokens; joined they are the text."""
    return TOKEN.findall(text)


def _gauss(*key):
    """A number as if drawn from a normal distribution, always the same for a key."""
    digest = hashlib.sha256("|".join(map(str, key)).encode()).digest()
    first, second = (int.from_bytes(digest[at : at + 6], "big") / 2**48 for at in (0, 6))
    return math.sqrt(-2 * math.log(first + 1e-12)) * math.cos(2 * math.pi * second)


def distribution(prefix, weights=0.0):
    """Token -> log-probability, the likeliest first; ``weights`` is how far from the original they are."""
    return _distribution(prefix[-12:], weights)


@functools.cache
def _distribution(tail, weights):
    scores = {word: 2 * _gauss(tail, word) + weights * _gauss("other", tail, word) for word in WORDS}
    total = math.log(sum(map(math.exp, scores.values())))
    named = {word: score - total for word, score in scores.items()}
    return dict(sorted(named.items(), key=lambda pair: -pair[1]))


class LogprobServer(LoopbackServer):
    """``shape``: llama.cpp, vllm, openai, early, chat, or silent, which tells no log-probabilities."""

    def __init__(self, shape="llama.cpp", weights=0.0, *, most=1000, cut=TOKEN, begins=0, noise=0.0):
        self.shape, self.weights, self.most = shape, weights, most
        self.cut, self.begins, self.noise = cut, begins, noise
        self.goes_on = True
        """Whether it goes on with an answer that is begun; else it answers anew."""
        self.asked = []
        self.fails_after = None

    async def _get(self, request):
        return web.json_response({"data": [{"id": "toy"}]})

    async def _post(self, request):
        body = await request.json()
        chat = "messages" in body
        if chat != (self.shape == "chat"):
            return web.json_response({"error": {"message": "no such API"}}, status=404)
        self.asked.append(body)
        if self.fails_after is not None and len(self.asked) > self.fails_after:
            return web.json_response({"error": {"message": "out of memory"}}, status=400)
        prefix = self._talk(body["messages"]) if chat else body["prompt"]
        wanted = body.get("top_logprobs") if chat else body.get("logprobs")
        along = body.get("prompt_logprobs") if self.shape == "vllm" else None
        if max(wanted or 0, along or 0) > self.most:
            words = (
                f"Requested logprobs of {max(wanted or 0, along or 0)}, greater than max allowed: {self.most}"
            )
            return web.json_response({"error": {"message": words}}, status=400)
        choice = {"index": 0, "finish_reason": "length", "text": next(iter(self._named(prefix)))}
        if chat:
            choice["message"] = {"content": choice.pop("text")}
        if along:
            choice["prompt_logprobs"] = self._of_vllm(prefix, along)
        if wanted:
            choice["logprobs"] = self._logprobs(prefix, wanted, echo=bool(body.get("echo")))
        counted = len(self.cut.findall(prefix)) + self.begins
        return web.json_response({"model": "toy", "choices": [choice], "usage": {"prompt_tokens": counted}})

    def _talk(self, messages):
        said = "".join(each["content"] for each in messages)
        return said if self.goes_on or len(messages) == 1 else f"{said}\n### Answer: "

    def _named(self, prefix):
        exact = distribution(prefix, self.weights)
        if not self.noise:
            return exact
        return {word: value + self.noise * _gauss(len(self.asked), word) for word, value in exact.items()}

    def _top(self, prefix, number):
        return dict(list(self._named(prefix).items())[:number])

    def _steps(self, text):
        """Each token of a text and what stands before it."""
        at = 0
        for token in self.cut.findall(text):
            yield token, text[:at]
            at += len(token)

    def _of_vllm(self, text, number):
        told = [None]
        for token, before in list(self._steps(text))[1:]:
            own = self._named(before).get(token, -25.0)
            named = {token: own} | self._top(before, number)
            told.append(
                {str(place): {"logprob": value, "rank": place, "decoded_token": word}
                 for place, (word, value) in enumerate(named.items())}
            )  # fmt: skip
        return told

    def _logprobs(self, prefix, number, *, echo):
        if self.shape == "silent":
            return None
        if self.shape in ("llama.cpp", "chat"):
            top = [{"token": word, "logprob": value, "bytes": list(word.encode())}
                   for word, value in self._top(prefix, number).items()]  # fmt: skip
            return {"content": [{**top[0], "top_logprobs": top}]}
        if not echo:
            top = self._top(prefix, number)
            word = next(iter(top))
            return {"tokens": [word], "token_logprobs": [top[word]], "top_logprobs": [top]}
        steps = list(self._steps(prefix))
        early = self.shape == "early"
        tops = [self._top(before + (token if early else ""), number) for token, before in steps]
        own = [self._named(before).get(token, -25.0) for token, before in steps]
        return {"tokens": [token for token, _ in steps], "token_logprobs": [None, *own[1:]],
                "top_logprobs": [None, *tops[1:]]}  # fmt: skip
