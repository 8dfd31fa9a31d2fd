"""The way to a server: certificates, proxies, lists of models that a key may not see."""

import asyncio
import ssl
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from evalsite.client.core import Client
from evalsite.client.description import greet
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.route import Route
from evalsite.errors import EndpointError, UsageError
from tests.client.helpers import QUICK, outcomes, prompt, run, settings, texts
from tests.faulty_server import FaultyServer
from tests.gateway import Gateway


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody signed, with its key in one file."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", "key.pem", "-out", "cert.pem",
        ],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    both = folder / "both.pem"
    both.write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())
    return both


async def over_tls(certificate: Path, route: Route) -> list[object]:
    """Ask a server that speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    faulty = FaultyServer()
    app = web.Application()
    app.router.add_post("/v1/completions", faulty._post)
    app.router.add_get("/{path:.*}", faulty._get)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        endpoint = parse_endpoint(f"https://127.0.0.1:{runner.addresses[0][1]}")
        endpoint = type(endpoint)(endpoint.url, endpoint.api, route=route)
        await greet([endpoint])
        return [
            *await outcomes(Client([endpoint], settings(), model="m", timeouts=QUICK), [(prompt(), (0,))])
        ]
    finally:
        await runner.cleanup()


def test_a_certificate_that_nobody_signed_is_told_as_such_and_taken_from_a_file(certificate: Path) -> None:
    """Not as "Operation not permitted"; the hint names what helps."""
    with pytest.raises(EndpointError, match="its certificate is not trusted") as caught:
        run(over_tls(certificate, Route()))
    assert "--ca-file" in caught.value.hint
    assert "SSL_CERT_FILE" in caught.value.hint
    assert texts(run(over_tls(certificate, Route(ca_file=str(certificate)))))


def test_tls_to_a_server_without_it_is_told_as_such() -> None:
    """The URL begins with https by mistake."""

    async def go() -> None:
        async with FaultyServer() as server:
            await greet([parse_endpoint(server.url.replace("http:", "https:"))])

    with pytest.raises(EndpointError, match="no TLS connection, so no certificate") as caught:
        run(go())
    assert "http://" in caught.value.hint


def test_a_proxy_is_used_where_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its address, or as the environment has it; one that nobody asked for is left alone."""

    async def go(proxy: str) -> tuple[int, int]:
        async with FaultyServer() as server, Gateway("") as gateway:
            monkeypatch.setenv("http_proxy", gateway.url)
            monkeypatch.setenv("no_proxy", "")
            chosen = proxy.replace("URL", gateway.url)
            endpoint = parse_endpoint(server.url)
            endpoint = type(endpoint)(endpoint.url, endpoint.api, route=Route(proxy=chosen))
            got = await outcomes(
                Client([endpoint], settings(), model="m", timeouts=QUICK), [(prompt(), (0,))]
            )
            assert len(texts(got)) == 1
            return gateway.passed, len(server.requests)

    assert run(go("")) == (0, 1)
    assert run(go("URL")) == (1, 1)
    assert run(go("env")) == (1, 1)


def test_a_proxys_password_is_a_secret() -> None:
    """Struck from whatever is said."""
    endpoint = parse_endpoint("http://h/v1")
    routed = replace(endpoint, route=Route(proxy="http://me:hunter22@p:1"))
    assert {"me", "hunter22"} & routed.secrets() == {"hunter22"}
    assert "hunter22" not in repr(routed)
    with pytest.raises(UsageError) as caught:
        Route(proxy="ftp://me:hunter22@p")
    assert "hunter22" not in str(caught.value)


def test_a_list_of_models_that_the_key_may_not_see_is_a_doubt_and_no_end() -> None:
    """Keys that are good for requests alone lack that page; one dead server of two ends nothing either."""

    async def go() -> None:
        async with FaultyServer() as gone:
            dead = parse_endpoint(gone.url)
        async with FaultyServer(pages={"/v1/models": (403, "not for you")}) as server:
            found = await greet([parse_endpoint(server.url), dead])
        doubts = [list(each.doubts("m", 10)) for each in found]
        assert "it does not list its models (403: not for you)" in doubts[0][0]
        assert "cannot connect" in doubts[1][0]
        with pytest.raises(EndpointError, match="cannot connect"):
            await greet([dead, dead])

    run(asyncio.wait_for(go(), 60))
