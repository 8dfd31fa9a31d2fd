"""What is found out about a server before and beside a run."""

import random

import pytest

from evalsite.client.endpoints import parse_endpoint
from evalsite.client.examination import PATTERN, Finding, conclusion, examine, flags
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
