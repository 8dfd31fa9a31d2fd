"""What users type as an endpoint, and what may be shown of it."""

import pytest

from evalsite.client.endpoints import access, parse_endpoint
from evalsite.errors import UsageError


@pytest.mark.parametrize(
    ("typed", "api", "url", "chosen"),
    [
        ("http://host:8081", "chat", "http://host:8081/v1/chat/completions", "chat"),
        ("http://host:8081/", None, "http://host:8081/v1/completions", "completions"),
        ("http://host:8081/v1", "chat", "http://host:8081/v1/chat/completions", "chat"),
        ("http://host:8081/v1/", "completions", "http://host:8081/v1/completions", "completions"),
        ("http://host:8081/v1/completions", None, "http://host:8081/v1/completions", "completions"),
        ("http://host/v1/chat/completions/", None, "http://host/v1/chat/completions", "chat"),
        ("https://host/openai/v1", "chat", "https://host/openai/v1/chat/completions", "chat"),
        ("http://[::1]:80/v1", "chat", "http://[::1]:80/v1/chat/completions", "chat"),
        (" http://host ", "chat", "http://host/v1/chat/completions", "chat"),
    ],
)
def test_a_base_or_a_full_path_is_understood(typed: str, api: str | None, url: str, chosen: str) -> None:
    """A full path decides the API; a base is completed with that of the API asked for."""
    endpoint = parse_endpoint(typed, api)  # type: ignore[arg-type]
    assert (endpoint.url, endpoint.api) == (url, chosen)


def test_the_servers_own_pages_are_found_from_any_form() -> None:
    """/health and /props live at the root, /models beside the API."""
    for typed in ("http://h:1", "http://h:1/v1", "http://h:1/v1/chat/completions"):
        endpoint = parse_endpoint(typed, "chat")
        assert (endpoint.base, endpoint.root) == ("http://h:1/v1", "http://h:1")


@pytest.mark.parametrize(
    "typed", ["localhost:8081", "ftp://host", "http://", "", "http://host:70000", "http://["]
)
def test_what_is_no_url_of_a_server_is_refused_with_an_example(typed: str) -> None:
    """The message says what a right one looks like."""
    with pytest.raises(UsageError) as caught:
        parse_endpoint(typed)
    assert "http://localhost:8081" in caught.value.hint


def test_a_path_that_contradicts_the_api_is_refused() -> None:
    """--api chat with a path that ends in /completions would ask the wrong thing."""
    with pytest.raises(UsageError, match="not that of the chat API"):
        parse_endpoint("http://host/v1/completions", "chat")


@pytest.mark.parametrize(
    "typed",
    [
        "http://user:hunter2@host/v1?key=hunter2",
        "user:hunter2@host",
        "http://u:hunter2@",
        "htp://host/v1?key=me@hunter2",
        "http://u:p?hunter2@host:x/",
    ],
)
def test_credentials_are_never_shown(typed: str) -> None:
    """Neither in the URL that is recorded, nor in a repr, nor in the error about a broken URL."""
    try:
        shown = repr(parse_endpoint(typed)) + parse_endpoint(typed).url
    except UsageError as error:
        shown = str(error)
    assert "hunter2" not in shown


def test_credentials_and_query_are_kept_to_be_sent() -> None:
    """They move out of the URL: one becomes a header, the other stays a query."""
    endpoint = parse_endpoint("http://user:pass%40word@host/v1?api-version=7&key=hunter2")
    assert endpoint.authorization == "Basic dXNlcjpwYXNzQHdvcmQ="
    assert endpoint.query == (("api-version", "7"), ("key", "hunter2"))
    assert {"pass@word", "hunter2"} <= endpoint.secrets()


def test_what_is_as_short_as_a_word_is_no_secret() -> None:
    """Four characters are one, or half of every answer would go; as it stands in addresses, too."""
    assert access([], {}, "ab/d")[1] == {"ab/d", "ab%2Fd", "Bearer ab/d", "Bearer%20ab%2Fd"}
    assert access([], {}, "abc")[1] == {"Bearer abc", "Bearer%20abc"}
    assert access([], {"X-Token": "1234", "X-Short": "123"}, "")[1] == {"1234"}
    assert access([], {"AUTHORIZATION": "Basic xyz1"}, " Bearer abcd ")[0] == {"AUTHORIZATION": "Basic xyz1"}
    assert access([parse_endpoint("http://u:abcd@host")], {}, "")[1] >= {"abcd"}
    assert not {"abc", "u"} & access([parse_endpoint("http://u:abc@host")], {}, "")[1]
