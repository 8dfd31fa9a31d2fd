"""What a server tells of itself, asked before a run: cheap, and nothing is generated."""

import pytest

from evalsite.client.description import Description, greet
from evalsite.client.endpoints import parse_endpoint
from evalsite.errors import EndpointFaultError
from tests.client.helpers import MODELS, run
from tests.faulty_server import FaultyServer


def test_greeting_tells_what_the_server_says_of_itself() -> None:
    """/v1/models, llama.cpp's /props and vLLM's /version, as plain strings and without folders."""
    pages = {
        "/v1/models": MODELS,
        "/props": {"build_info": "b42", "total_slots": 2, "default_generation_settings": {"n_ctx": 2048}},
        "/version": {"version": "0.9"},
    }

    async def go() -> list[Description]:
        async with FaultyServer(pages=pages) as server:
            return await greet([parse_endpoint(server.url)])

    told = {"models": "tiny.gguf", "owner": "someone", "context": "2048", "version": "0.9", "slots": "2"}
    assert run(go()) == [Description(told, ("/srv/models/tiny.gguf",))]


def test_doubts_name_what_speaks_against_a_run() -> None:
    """A model that is not listed, and an answer as long as the context; nothing where nothing is told."""
    described = Description({"context": "2048"}, ("a", "b"))
    assert list(described.doubts("a", 1024)) == []
    assert list(Description({}, ()).doubts("c", 10**6)) == []
    stored = Description({}, ("/srv/models/tiny.gguf",))
    assert list(stored.doubts("tiny.gguf", 9)) == list(stored.doubts("/srv/models/tiny.gguf", 9)) == []
    unlisted, full = described.doubts("c", 2048)
    assert unlisted == "the server does not list the model 'c', but a, b"
    assert full.startswith("the server's context holds 2048 tokens: --max-tokens 2048 leaves no room")


@pytest.mark.parametrize("page", [404, 500, {"data": "odd"}, {"data": [3]}, ["odd"]])
def test_a_server_that_tells_nothing_is_greeted_all_the_same(page: object) -> None:
    """Servers need not have these pages, and need not fill them with sense."""

    async def go() -> list[Description]:
        async with FaultyServer(pages={"/v1/models": page, "/props": page, "/version": page}) as server:
            return await greet([parse_endpoint(server.url)])

    assert run(go()) == [Description({}, ())]


def test_greeting_fails_where_a_web_page_answers() -> None:
    """A wrong address shows before the first prompt is sent; a key that may not list models does no harm."""

    async def go(page: object) -> list[str]:
        async with FaultyServer(pages={"/v1/models": page}) as server:
            (found,) = await greet([parse_endpoint(server.url)])
            return list(found.doubts("m", 10))

    with pytest.raises(EndpointFaultError, match="web page"):
        run(go("<html>Welcome</html>"))
    for status in (401, 403):
        assert f"does not list its models ({status}" in run(go(status))[0]


def test_greeting_a_closed_port_says_so_without_secrets() -> None:
    """The key and the URL's password are not in the message."""
    endpoint = parse_endpoint("http://user:hunter2@127.0.0.1:9")
    with pytest.raises(EndpointFaultError, match="cannot connect") as caught:
        run(greet([endpoint], api_key="sk-hunter2"))
    assert "hunter2" not in str(caught.value) + repr(caught.value)
