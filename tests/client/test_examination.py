"""What is found out about a server before and beside a run."""

import random
from typing import Any

import pytest

from evalsite.client.description import Description
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.examination import PATTERN, Finding, _Examination, conclusion, examine, flags
from evalsite.client.patience import Patience
from evalsite.client.protocol import Answer, Choice
from evalsite.client.transport import Page
from evalsite.errors import EndpointError
from evalsite.rundir.schema import Prompt
from tests.client.helpers import MODELS, prompt, run, settings
from tests.faulty_server import FaultyServer, meant


def answer(text: str, seed: int | None, index: int) -> str:
    """Repeat the whitespace pattern as a model would, and otherwise be awkward."""
    return "\ty\n  z\nx\n" if text == PATTERN else "    " + meant(text, seed, index).strip() + "\n"


def findings(server: FaultyServer, **changes: object) -> dict[str, Finding]:
    async def go() -> list[Finding]:
        async with server:
            endpoint = parse_endpoint(server.url, changes.get("api", "completions"))  # type: ignore[arg-type]
            prompts = [prompt(), prompt(text="long " * 50)]
            return await examine(endpoint, settings(**changes), model="tiny", prompts=prompts)

    return {finding.check: finding for finding in run(go())}


@pytest.mark.parametrize("api", ["completions", "chat"])
def test_a_good_server_gets_a_clean_bill(api: str) -> None:
    """Everything that can be told is fine, and no flag is needed."""
    pages = {"/health": {"status": "ok"}, "/v1/models": {"data": [{"id": "tiny"}]}}
    found = findings(FaultyServer(pages=pages, answer=answer), api=api)
    assert [f for f in found.values() if f.ok is False or f.flag] == []
    certain = {
        "health",
        "model name",
        "completions API",
        "chat API",
        "streaming",
        "several choices (n)",
        "seed",
    }
    assert certain <= {f.check for f in found.values() if f.ok}
    assert ("stop" in found) == (api == "completions")


def test_a_model_of_another_name_is_pointed_out_with_the_flag() -> None:
    """The name that the server lists is the one to use."""
    found = findings(FaultyServer(pages={"/v1/models": MODELS}, answer=answer))
    assert found["model name"].ok is False
    assert found["model name"].flag == "--model-name /srv/models/tiny.gguf"


def test_a_context_that_is_too_small_is_found_before_the_run() -> None:
    """7 tokens of prompt and 200 of answer do not fit into 100."""
    found = findings(FaultyServer(pages={"/v1/models": MODELS}, answer=answer), max_tokens=200)
    assert found["context"].ok is False
    assert found["context"].flag == "--max-tokens 93"


def test_what_a_poor_server_lacks_is_found() -> None:
    """No streaming, no n, no stop sequences, no seed, leading whitespace cut off."""
    draw = random.Random(1)

    def poor(text: str, _seed: int | None, _index: int) -> str:
        return "y\n z" if text == PATTERN else f"the answer is surely {draw.random()}"

    found = findings(FaultyServer(streams=False, honours_n=False, honours_stop=False, answer=poor))
    assert found["streaming"].flag == "--no-stream"
    assert found["several choices (n)"].ok is None
    assert [found[name].ok for name in ("greedy twice", "seed", "stop", "whitespace")] == [False] * 4


def test_the_other_api_is_recommended_where_only_that_works() -> None:
    """The checks go on with the API that answers."""
    found = findings(FaultyServer(refused_words={"prompt": "use the chat API"}, answer=answer))
    assert found["completions API"].ok is None, "one that works is enough"
    assert "use the chat API" in found["completions API"].detail
    assert found["completions API"].flag == "--api chat"
    assert found["streaming"].ok


def test_a_server_that_is_not_there_is_one_finding() -> None:
    """Nothing else is tried."""
    found = run(examine(parse_endpoint("http://127.0.0.1:9"), settings(), model="m"))
    assert [(f.check, f.ok) for f in found] == [("server", False)]
    assert "cannot connect" in found[0].detail


def test_it_ends_with_a_sentence_and_the_flags() -> None:
    """What has to be mended, else what the server can do; each flag once."""
    bad = [Finding("server", True, ""), Finding("stop", False, "", "--api chat"), Finding("seed", False, "")]
    assert conclusion(bad) == "Not ready for a run: see stop and seed above."
    good = [
        Finding("server", True, ""),
        Finding("completions API", None, "", "--api chat"),
        Finding("chat API", True, ""),
        Finding("streaming", None, "", "--no-stream"),
        Finding("whitespace", True, "", "--api chat"),
    ]
    assert conclusion(good) == "Ready for a run: chat API and whitespace."
    assert flags(good) == ["--api", "chat", "--no-stream"]


class Scripted(_Examination):
    """Gets answers that were thought out before, and keeps what it asked for."""

    def __init__(
        self, *answers: Answer | EndpointError, described: Description | None = None, **changes: Any
    ) -> None:
        super().__init__(None, parse_endpoint("http://127.0.0.1:9"), settings(**changes), "m", Patience(0))  # type: ignore[arg-type]
        self.answers, self.wanted = list(answers), []
        self._described = described or self._described

    async def ask(self, text: str | Prompt, **changes: Any) -> Answer | EndpointError:
        self.wanted.append(changes)
        return self.answers.pop(0)

    def row(self, name: str) -> tuple[bool | None, str, str]:
        (found,) = [each for each in self.findings if each.check == name]
        return found.ok, found.detail, found.flag


def told(text: str, thought: str = "", **answer: Any) -> Answer:
    return Answer({0: Choice([text], [thought], chunks=3)}, **answer)


REFUSED = EndpointError("no such thing")
SAME = "the same seed gives the same answer, "
ANOTHER, IT_TOO = f"{SAME}and another seed another", f"{SAME}but another seed gives it too"
NOT_AGAIN = "the same seed gives another answer: runs cannot be repeated"
FILLED = "T/1 takes {} tokens, and 64 may follow; "
UNTOLD = "the server does not tell its context size"
ONE_PIECE = "answers in one piece: no time to the first token"
HOLDS = "the context holds 100"
COUNTS = (True, "the server counts tokens", "")
NO_COUNTS = (None, "no token counts: no time per output token", "")


@pytest.mark.parametrize(
    ("answers", "greedy", "seeded"),
    [
        ("aabbc", (True, "the same answer"), (True, ANOTHER)),
        ("adbbb", (False, "two answers to the same question"), (True, IT_TOO)),
        ("aabcd", (True, "the same answer"), (False, NOT_AGAIN)),
        ("  bb ", (None, "nothing was said"), (True, ANOTHER)),
        ("a   b", (None, "nothing was said"), (None, "nothing was said")),
        ("aa b-", (True, "the same answer"), (False, NOT_AGAIN)),
        ("aab--", (True, "the same answer"), (None, "the server does not take a seed")),
        ("--- b", (None, "nothing was said"), (None, "the server does not take a seed")),
    ],
)  # fmt: skip
def test_what_comes_twice_is_compared(answers: str, greedy: tuple[Any, str], seeded: tuple[Any, str]) -> None:
    """Greedy answers, then those of seeds 1, 1 and 2; what was thought is part of them."""
    doctor = Scripted(*[REFUSED if each == "-" else told("", each.strip()) for each in answers])
    run(doctor.repeatability())
    assert doctor.row("greedy twice") == (*greedy, "")
    assert doctor.row("seed") == (*seeded, "")
    assert [each.get("seed") for each in doctor.wanted] == [None, None, 1, 1, 2]
    assert [each["temperature"] for each in doctor.wanted] == [0, 0, 1, 1, 1]


def test_of_a_model_of_one_temperature_no_greedy_answers_are_compared() -> None:
    """Two that are the same by luck prove nothing."""
    doctor = Scripted(*map(told, "aabbc"))
    doctor.takes_temperature = False
    run(doctor.repeatability())
    assert doctor.row("greedy twice") == (None, "it cannot be asked for the likeliest answer", "")


@pytest.mark.parametrize(
    ("whole", "cut", "row"),
    [
        ("abcdef", told("abc"), (True, "'def' ends the answer", "")),
        ("abcdef", told("abcdef"), (False, "stop sequences are ignored: answers run on", "--api chat")),
        ("abcdef", told("ab def"), (False, "stop sequences are ignored: answers run on", "--api chat")),
        ("abcdef", told("a" * 6), (False, "stop sequences are ignored: answers run on", "--api chat")),
        ("abcdef", REFUSED, (False, "the server refuses stop sequences", "")),
        ("abcd", told("ab"), (True, "'cd' ends the answer", "")),
        ("abc", REFUSED, (None, "the answer is too short to cut", "")),
    ],
)
def test_a_stop_sequence_out_of_the_answer_ends_it(
    whole: str, cut: Answer | EndpointError, row: object
) -> None:
    """The same answer once more, up to its half."""
    doctor = Scripted(told(whole), cut)
    run(doctor.stops())
    assert doctor.row("stop") == row


@pytest.mark.parametrize(
    ("api", "text", "row"),
    [
        ("completions", "\ty\n", (True, "tabs and newlines survive", "")),
        (
            "completions",
            "y\n",
            (False, "leading whitespace is cut off: indentation will be wrong", "--api chat"),
        ),
        ("completions", " y\n", (None, "cannot tell from ' y\\n'", "")),
        ("chat", "```\nif x:\n\treturn 1\n```", (True, "tabs and newlines survive", "")),
        ("chat", "y" * 99, (None, f"cannot tell from '{'y' * 59}…", "")),
    ],
)
def test_whitespace_arrives_as_it_was_written_or_is_told(api: str, text: str, row: object) -> None:
    """What cannot be told is no fault."""
    doctor = Scripted(told(text), api=api)
    run(doctor.whitespace())
    assert doctor.row("whitespace") == row


@pytest.mark.parametrize(
    ("answer", "size", "row"),
    [
        (told("", prompt_tokens=36), 100, (True, FILLED.format(36) + HOLDS, "")),
        (told("", prompt_tokens=37), 100, (False, FILLED.format(37) + HOLDS, "--max-tokens 63")),
        (told("", prompt_tokens=200), 100, (False, FILLED.format(200) + HOLDS, "--max-tokens 1")),
        (told("", prompt_tokens=36), None, (None, FILLED.format(36) + UNTOLD, "")),
        (told(""), 100, (None, "the server does not count the prompt's tokens", "")),
        (REFUSED, 100, (False, "T/1: no such thing", "")),
    ],
)  # fmt: skip
def test_the_longest_prompt_and_answer_fit_into_the_context(
    answer: Any, size: int | None, row: object
) -> None:
    """To the last token; else the option that makes them fit is told."""
    doctor = Scripted(answer, described=Description({"context": str(size)} if size else {}, ()))
    run(doctor.context([prompt(2, "l"), prompt(1, "x" * 99), prompt()]))
    assert doctor.row("context") == row


@pytest.mark.parametrize(
    ("answer", "streams", "counts"),
    [
        (told("a", streamed=True, completion_tokens=3), (True, "3 chunks", ""), COUNTS),
        (told("a", completion_tokens=0), (None, ONE_PIECE, "--no-stream"), COUNTS),
        (told("a", streamed=True), (True, "3 chunks", ""), NO_COUNTS),
        (REFUSED, (False, "no such thing", "--no-stream"), NO_COUNTS),
    ],
)  # fmt: skip
def test_a_stream_and_its_counts_are_told(answer: Any, streams: object, counts: object) -> None:
    """What is lost without them, too; where no stream is asked for, none is missed."""
    doctor = Scripted(answer, stream=True)
    run(doctor.streaming())
    assert (doctor.row("streaming"), doctor.row("token counts")) == (streams, counts)
    doctor = Scripted(answer, stream=False)
    run(doctor.streaming())
    assert (doctor.row("streaming"), doctor.row("token counts")) == (
        (None, "is not to be asked for", ""),
        counts,
    )


@pytest.mark.parametrize(
    ("answer", "row"),
    [
        (Answer({0: Choice(), 1: Choice()}), (True, "2 asked for, 2 came", "")),
        (Answer({0: Choice()}), (None, "samples are asked for one by one", "")),
        (REFUSED, (None, "samples are asked for one by one (no such thing)", "")),
    ],
)
def test_two_choices_are_asked_for(answer: Any, row: object) -> None:
    """One that comes is no fault."""
    doctor = Scripted(answer)
    run(doctor.choices())
    assert doctor.row("several choices (n)") == row
    assert doctor.wanted == [{"n": 2, "temperature": 0.8}]


@pytest.mark.parametrize(
    ("status", "ok"), [(200, True), (404, None), (401, None), (405, None), (500, False), (503, False)]
)
def test_a_page_for_health_may_be_missing_but_says_no_ill(status: int, ok: bool | None) -> None:
    """Its row stands behind the server's."""

    class Looking:
        async def look(self, url: str, _endpoint: object, *, within_s: float) -> Page:
            assert (url, within_s > 1) == ("http://127.0.0.1:9/health", True)
            return Page(status, b"")

    doctor = Scripted()
    doctor.transport = Looking()  # type: ignore[assignment]
    doctor.findings = [Finding("server", True, ""), Finding("model name", True, "m")]
    run(doctor.health())
    assert doctor.findings[1] == Finding("health", ok, f"/health answers {status}")
    assert len(doctor.findings) == 3
