"""Keys, headers and credentials in a URL appear nowhere: not on disk, not on the terminal."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from evalsite.client.core import Client
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.faults import MOST_WORDS
from evalsite.client.transport import Timeouts
from evalsite.errors import EndpointError
from tests import preloaded
from tests.client.helpers import QUICK, answer_of, outcomes, prompt, run, saying, settings, stream_of
from tests.conftest import ROOT
from tests.faulty_server import FaultyServer

KEY = "sk-0123456789-the-key"
TOKEN = "tok-0123456789-the-header"
PASSWORD = "pw-0123456789-the-url"


async def evalsite(*args: str, cwd: Path, **variables: str) -> tuple[int, str]:
    environment = os.environ | {"HOME": str(cwd), "PYTHONPATH": str(ROOT), "OPENAI_API_KEY": KEY} | variables
    done = await asyncio.to_thread(
        preloaded.run, [sys.executable, "-m", "evalsite", *args],
        cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_a_run_leaks_no_secret(tmp_path: Path) -> None:
    """Neither a good run, nor one with faults and refusals that repeat the secrets, nor the examination."""

    async def go() -> list[str]:
        said = []
        words = f"Incorrect key: {KEY} with {TOKEN} and {PASSWORD}"
        pages = {"/v1/models": {"data": [{"id": "m"}]}}
        async with FaultyServer(rate=0.2, pages=pages) as server:
            host = server.url.removeprefix("http://")
            url = f"http://someone:{PASSWORD}@{host}/v1?token={PASSWORD}"
            common = ("--model-endpoint", url, "--model-name", "m", "--header", f"X-Token={TOKEN}")
            limits = ("--max-problems", "2", "--runs-dir", "runs", "--no-grade")
            code, output = await evalsite("run", *common, *limits, cwd=tmp_path)
            assert code == 0, output
            said.append(output)
            sent = server.requests[-1].headers
            assert KEY in sent["Authorization"] or "Basic" in sent["Authorization"]
            assert sent["X-Token"] == TOKEN
            server.refused_words = {"prompt": words, "messages": words}
            code, output = await evalsite("run", *common, *limits, cwd=tmp_path)
            assert code == 4
            assert "Incorrect key: *** with *** and ***" in " ".join(output.split())
            said.append(output)
        return said

    said = run(go())
    written = [path.read_text() for path in (tmp_path / "runs").rglob("*") if path.is_file()]
    assert len(written) >= 4
    for text in (*said, *written):
        for secret in (KEY, TOKEN, PASSWORD):
            assert secret not in text


def leaks(folder: Path, *said: str) -> list[str]:
    """Return every secret that was said, or stands in a file of the folder."""
    written = [path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file()]
    return [secret for secret in (KEY, TOKEN, PASSWORD) for text in (*said, *written) if secret in text]


def test_what_a_server_makes_of_our_secrets_is_struck_from_its_answers(tmp_path: Path) -> None:
    """It may repeat them in an answer, a model's name, a fingerprint, or what it tells of itself."""

    async def go() -> str:
        pages = {
            "/v1/models": {"data": [{"id": f"m-{KEY}", "owned_by": TOKEN}]},
            "/version": {"version": f"1-{PASSWORD}"},
        }
        echo = FaultyServer(
            answer=lambda *_: f"    return {{'Authorization': 'Bearer {KEY}', 'X-Token': '{TOKEN}'}}\n",
            pages=pages, model=f"m-{KEY}", fingerprint=TOKEN, finish_reason=PASSWORD,
        )  # fmt: skip
        async with echo as server:
            host = server.url.removeprefix("http://")
            common = ("--model-endpoint", f"http://me:{PASSWORD}@{host}", "--model-name", "m")
            header = ("--header", f"X-Token={TOKEN}")
            made = await evalsite(
                "-v", "run", *common, *header, "--max-problems", "2", "--no-grade", cwd=tmp_path
            )
            examined = await evalsite("doctor", *common, *header, cwd=tmp_path)
        assert made[0] == 0, made[1]
        return made[1] + examined[1]

    said = run(go())
    assert leaks(tmp_path, said) == []
    (rows,) = tmp_path.glob("runs/*/completions.jsonl")
    assert "{'Authorization': '***', 'X-Token': '***'}" in rows.read_text()


@pytest.mark.parametrize("escaped_first", [True, False])
@pytest.mark.parametrize("stream", [True, False])
def test_half_a_secret_is_hidden_too(stream: bool, escaped_first: bool) -> None:
    """Long words are cut short, but not in the middle of a key; and a slash may come escaped."""
    key = "sk-0123456789/abcdefghij"
    padding = "x" * (MOST_WORDS - 10)
    escaped = key.replace("/", "\\/")
    words = f"{padding}{escaped} and {key}" if escaped_first else f"{padding}{key} and {escaped}"
    refusal = b'{"error": {"message": "%s"}}' % words.encode()
    head = b"HTTP/1.1 401 No\r\nContent-Length: %d\r\n\r\n" % len(refusal)

    async def go() -> str:
        said = []
        for answer in (head + refusal, stream_of(refusal) if stream else answer_of(refusal)):
            async with saying(answer) as (url, _):
                asking = Client(
                    [parse_endpoint(url)], settings(stream=stream), model="m", api_key=key,
                    timeouts=Timeouts(attempts=1),
                )  # fmt: skip
                try:
                    said += [repr(each) for each in await outcomes(asking, [(prompt(), (0,))])]
                except EndpointError as error:
                    said.append(str(error))
        return " ".join(said)

    said = run(go())
    assert "***" in said
    assert "sk-0" not in said


def test_a_short_secret_is_no_reason_to_touch_an_answer(tmp_path: Path) -> None:
    """A header may have an everyday value; text has to arrive as the model wrote it."""

    async def go() -> None:
        async with FaultyServer(answer=lambda *_: "    return numbers\n") as server:
            asking = Client([parse_endpoint(server.url)], settings(), model="m", headers={"X-Mode": "return"})
            async with asking:
                (got,) = await asking.complete(prompt(), (0,))
        assert got.text == "    return numbers\n"

    run(go())


@pytest.mark.parametrize("name", ["Content-Type", "accept", "USER-AGENT"])
def test_a_header_that_holds_no_secret_is_no_reason_to_touch_an_answer(name: str) -> None:
    """Whoever copies a request from elsewhere gives it its content type, which programs name, too."""
    text = "    return {'Accept': 'application/json'}\n"

    async def go() -> None:
        async with FaultyServer(answer=lambda *_: text) as server:
            endpoint = parse_endpoint(server.url)
            async with Client(
                [endpoint], settings(), model="m", headers={name: "application/json"}
            ) as asking:
                (got,) = await asking.complete(prompt(), (0,))
            sent = [
                value for key, value in server.requests[-1].headers.items() if key.lower() == name.lower()
            ]
        assert got.text == text
        assert sent == ["application/json"]

    run(go())


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
def test_an_authorization_header_goes_before_the_key(name: str) -> None:
    """The key in the environment is often that of another server; it is sent to nobody then."""

    async def go() -> None:
        async with saying(answer_of(b'{"choices": [{"text": "x"}]}')) as (url, asked):
            options = {"headers": {name: f"Bearer {TOKEN}"}, "api_key": KEY}
            async with Client([parse_endpoint(url)], settings(), model="m", **options) as asking:
                await asking.complete(prompt(), (0,))
        head = asked[-1].decode()
        assert head.lower().count("authorization:") == 1
        assert TOKEN in head
        assert KEY not in head

    run(go())


@pytest.mark.parametrize(
    "refusal",
    [
        {"pages": {"/v1/models": (401, f"Bearer {KEY} is not known, nor is {TOKEN} of {PASSWORD}")}},
        {"moved_to": f"https://me:{PASSWORD}@elsewhere/{KEY}?token={TOKEN}"},
        {"moved_to": "https://someone:else's-password@elsewhere/v1"},
    ],
)
def test_refusals_repeat_no_secret(refusal: dict, tmp_path: Path) -> None:
    """Neither the first page that is asked for, in a note, nor the place where a redirect leads."""

    async def go() -> tuple[int, str]:
        async with FaultyServer(**refusal) as server:
            if "moved_to" in refusal:
                server.commit(*["http-307"] * 8)
            url = f"http://me:{PASSWORD}@{server.url.removeprefix('http://')}"
            return await evalsite(
                "run", "--model-endpoint", url, "--model-name", "m", "--header", f"X-Token={TOKEN}",
                "--no-grade", cwd=tmp_path,
            )  # fmt: skip

    code, said = run(go())
    assert code == (0 if "pages" in refusal else 4), said  # a page that a key may not see is a doubt only
    assert leaks(tmp_path, said) == []
    assert "else's-password" not in said


@pytest.mark.parametrize(
    "wrong",
    [
        ("--header", f"Authorization: Bearer {TOKEN}"),
        ("--header", f"Authorization: Basic {TOKEN}=="),
        ("--header", TOKEN),
        ("--header", f"{TOKEN}: x=y"),
        ("--header", f"X-Token={TOKEN}\r\nX-More: yes"),
        ("--model-endpoint", f"ftp://host/v1?key={TOKEN}"),
        ("--model-endpoint", f"http://me:{PASSWORD}@/v1"),
        ("--model-endpoint", f"http://me:1/{PASSWORD}@host/v1"),
        ("--model-endpoint", f"http://me:{PASSWORD}@[host/v1"),
    ],
)
def test_a_mistake_on_the_command_line_is_not_repeated(wrong: tuple[str, str], tmp_path: Path) -> None:
    """A header in curl's form, or a URL with a slip, may hold a key where none is looked for."""
    base = ("run", "--model-endpoint", "http://127.0.0.1:9", "--model-name", "m", "--no-grade")
    code, said = run(evalsite(*base, *wrong, cwd=tmp_path))
    assert code == 2, said
    assert "Traceback" not in said
    assert leaks(tmp_path, said) == []


def test_a_key_that_cannot_be_sent_is_told_without_being_shown(tmp_path: Path) -> None:
    """A line break in the middle, as from a file with two lines; one at the end does no harm."""

    async def go() -> tuple[tuple[int, str], tuple[int, str]]:
        async with FaultyServer() as server:
            base = ("run", "--model-endpoint", server.url, "--model-name", "m", "--no-grade")
            few = ("--max-problems", "1")
            broken = await evalsite(*base, *few, cwd=tmp_path, OPENAI_API_KEY=f"{KEY}\n{TOKEN}")
            return broken, await evalsite(*base, *few, cwd=tmp_path, OPENAI_API_KEY=f"{KEY}\n")

    (code, said), (fine, more) = run(go())
    assert (code, fine) == (2, 0), said + more
    assert "Traceback" not in said
    assert leaks(tmp_path, said, more) == []


def test_a_proxys_password_is_neither_used_nor_written(tmp_path: Path) -> None:
    """The environment's proxies are for other programs."""

    async def go() -> tuple[int, str]:
        proxy = f"http://me:{PASSWORD}@127.0.0.1:9"
        async with FaultyServer() as server:
            return await evalsite(
                "run", "--model-endpoint", server.url, "--model-name", "m", "--no-grade",
                "--max-problems", "1", cwd=tmp_path, HTTP_PROXY=proxy, http_proxy=proxy, ALL_PROXY=proxy,
            )  # fmt: skip

    code, said = run(go())
    assert code == 0, said
    assert leaks(tmp_path, said) == []


def test_a_model_card_with_credentials_is_refused(tmp_path: Path) -> None:
    """It would be published; the message names the field and leaves out its value."""
    card = tmp_path / "card.toml"
    card.write_text(f'family = "f"\nlink = "https://me:{PASSWORD}@weights.example/m"\n')
    base = ("run", "--model-endpoint", "http://127.0.0.1:9", "--model-name", "m", "--no-grade")
    code, said = run(evalsite(*base, "--model-card", str(card), cwd=tmp_path))
    assert code == 2
    assert "`link`" in said
    assert PASSWORD not in said


SECRET = "sk-very-secret-0123456789"


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("http://{host}", {"api_key": SECRET}),
        ("http://{host}", {"headers": {"X-Token": SECRET}}),
        ("http://{host}", {"headers": {"Authorization": f"Bearer {SECRET}"}}),
        ("http://someone:" + SECRET + "@{host}", {}),
        ("http://{host}/v1?key=" + SECRET, {}),
    ],
)
def test_secrets_are_sent_but_never_said(url: str, options: dict, caplog: pytest.LogCaptureFixture) -> None:
    """Not in errors, though the server repeats them; not in logs of retries; not in any repr."""

    async def go() -> list[str]:
        async with FaultyServer() as server:
            server.commit("http-500")
            endpoint = parse_endpoint(url.format(host=server.url.removeprefix("http://")), "completions")
            asking = Client([endpoint], settings(), model="m", timeouts=QUICK, **options)
            said = [repr(endpoint), endpoint.url, repr(asking)]
            async with asking:
                said += [repr(each) for each in await asking.complete(prompt(), (0,))]
            sent = json.dumps([dict(r.headers) | {"url": r.path} for r in server.requests])
            assert SECRET in sent or "Basic " in sent or "key=" in url
        server.refused_words = {"max_tokens": f"Incorrect API key provided: {SECRET}."}
        async with server:
            endpoint = parse_endpoint(url.format(host=server.url.removeprefix("http://")), "completions")
            with pytest.raises(EndpointError) as caught:
                await outcomes(Client([endpoint], settings(), model="m", **options), [(prompt(), (0,))])
            assert "Incorrect API key provided: ***." in caught.value.message
            said += [str(caught.value), repr(caught.value), repr(caught.value.args)]
        return said

    with caplog.at_level("DEBUG"):
        said = run(go())
    assert not [each for each in said if SECRET in each]
    assert SECRET not in caplog.text
