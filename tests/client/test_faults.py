"""Faults that pass: each costs an attempt, and a sample that cannot be had is missing, not wrong."""

import asyncio
import ssl

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from evalsite.client.faults import FaultError, RefusalError, UnsupportedError, from_status, translate
from evalsite.client.transport import Timeouts
from evalsite.client.trying import Missing
from evalsite.errors import EndpointFaultError
from evalsite.rundir.schema import Completion
from tests.client.helpers import client, outcomes, outcomes_of, prompt, run, settings
from tests.faulty_server import STALLS, TRANSIENT, FaultyServer, meant
from tests.gateway import Gateway

SHORT = Timeouts(idle_s=0.3, request_s=0.6, attempts=12, first_wait_s=0.005, longest_wait_s=0.02)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_server_that_has_moved_is_asked_no_further(status: int) -> None:
    """The address that it names is given, without what may be secret in it."""
    found = from_status("http://here/v1", status, {"Location": "http://me:key@there/v1?token=1"}, "")
    assert isinstance(found, RefusalError)
    assert (found.status, found.words) == (status, "it has moved to http://there/v1; give that URL instead")
    assert found.message == f"http://here/v1 answered {status}: {found.words}"
    assert isinstance(from_status("http://here/v1", 304, {}, ""), FaultError)


def test_a_feature_that_is_refused_is_told_with_the_servers_words() -> None:
    """The words of the server are kept."""
    found = UnsupportedError("seed", RefusalError("http://here/v1", 400, "no seeds"))
    assert found.kind == "unsupported"
    assert found.message == "without seed: http://here/v1 answered 400: no seeds"


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("fault", TRANSIENT)
def test_another_attempt_gets_round_a_passing_fault(fault: str, stream: bool) -> None:
    """Each costs one attempt but for a request to wait, and none of them leaves a trace in the text."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit(fault)
            async with client(server.url, settings(stream=stream, seed=1)) as asking:
                (got,) = await asking.complete(prompt(), (0,))
        assert got.text == meant(prompt().text, 1)
        assert got.attempts == (1 if fault in {"http-429", "http-503"} else 2)

    run(go())


@pytest.mark.parametrize("fault", STALLS)
def test_a_stalled_request_is_given_up_and_asked_again(fault: str) -> None:
    """Silence ends with a time limit: before the first byte the request's, within a stream the idle one."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit(fault)
            async with client(server.url, settings(seed=1), timeouts=SHORT) as asking:
                (got,) = await asking.complete(prompt(), (0,))
        assert got.text == meant(prompt().text, 1)
        assert got.attempts == len(server.requests) >= 2, "a busy machine may let another one take as long"

    run(go())


@pytest.mark.parametrize(
    "fault", [*(each for each in TRANSIENT if each not in {"http-429", "http-503"}), "stall"]
)
def test_a_sample_that_cannot_be_had_is_missing_and_the_error_says_why(fault: str) -> None:
    """After the last attempt the outcome is Missing, with the kind of the failure, not an exception."""
    limits = Timeouts(request_s=0.2, attempts=2, first_wait_s=0.001, longest_wait_s=0.001)

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit(fault, fault)
            (got,) = await outcomes(client(server.url, timeouts=limits), [(prompt(), (3,))])
            assert isinstance(got, Missing)
            assert (got.problem, got.sample) == ("T/0", 3)
            assert server.url in got.error
            assert len(server.requests) == 2
            assert got.kind in {
                "reset",
                "timeout",
                "http",
                "html",
                "malformed",
                "cut-off",
                "no-choices",
                "aborted",
            }

    run(go())


@pytest.mark.parametrize("header", ["Retry-After", "retry-after-ms", "x-ms-retry-after-ms"])
def test_the_servers_own_wish_replaces_our_backoff(header: str) -> None:
    """Which would have been far longer here; and it is no attempt."""
    patient = Timeouts(first_wait_s=500, longest_wait_s=1000)

    async def go() -> int:
        async with FaultyServer() as server, Gateway(server.url, per_s=20, tells=header) as gateway:
            async with client(gateway.url, timeouts=patient, concurrency=3) as asking:
                work = [(prompt(n), (0,)) for n in range(6)]
                got = await asyncio.wait_for(outcomes_of(asking, work), 60)
            assert gateway.refused
        return max(each.attempts for each in got)

    assert run(go()) == 1


def test_a_server_that_asks_for_longer_than_our_patience_ends_it() -> None:
    """Waiting an hour, where nobody wants to wait more than a minute, would only delay the bad news."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit("http-429-3600")
            with pytest.raises(EndpointFaultError, match=r"words of 429 .*asks for 3600 s"):
                await asyncio.wait_for(outcomes(client(server.url), [(prompt(), (0,))]), 30)

    run(go())


def test_the_limit_of_a_request_is_the_one_that_was_set() -> None:
    """However short everything else is, nothing cuts it in silence."""
    limits = Timeouts(request_s=30, patience_s=0.05, unproven_s=0.05, attempts=1)

    async def go() -> None:
        async with FaultyServer(latency_s=0.4) as server:
            (got,) = await outcomes(client(server.url, timeouts=limits), [(prompt(), (0,))])
        assert isinstance(got, Completion)

    run(go())


def test_the_silence_before_the_first_token_is_the_requests_own() -> None:
    """A stream that opens before a long queue with a role alone is not idle yet."""
    limits = Timeouts(idle_s=0.1, request_s=30, attempts=1)

    async def go() -> None:
        async with FaultyServer(role_first_s=0.6) as server:
            chosen = settings(api="chat", seed=1)
            (got,) = await outcomes(client(server.url, chosen, timeouts=limits), [(prompt(), (0,))])
        assert isinstance(got, Completion), got
        assert got.text == meant(prompt().text, 1)

    run(go())


def test_a_completion_that_cannot_be_had_is_raised_where_it_was_asked_for() -> None:
    """Whoever asks for completions gets completions, never an outcome that is none."""
    limits = Timeouts(request_s=5, attempts=1)

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit("http-500")
            async with client(server.url, timeouts=limits) as asking:
                with pytest.raises(EndpointFaultError, match="words of 500"):
                    await asking.complete(prompt(), (0,))

    run(go())


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("suffix is not currently supported", "--prompt"),
        ("m does not support tools", "--calls prompt"),
        ('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser', "--calls prompt"),
        ("Unsupported param: suffix", "--api chat"),
        ("Unrecognized request argument supplied: seed", "Perhaps without --seed"),
        ("'temperature' does not support 0.8", "Perhaps with --temperature 1"),
    ],
)
def test_a_refusal_of_an_option_names_what_may_do(words: str, hint: str) -> None:
    """The server's words name the field; the hint names the option."""
    assert hint in (from_status("http://x", 400, {}, words).hint or "")


def test_a_server_that_fails_at_tools_is_asked_in_words() -> None:
    """As llama.cpp does without --jinja, by status 500."""
    assert "--calls prompt" in (
        from_status("http://x", 500, {}, "tools param requires --jinja flag").hint or ""
    )


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Rate limit reached. Please try again in 7m12.5s.", 432.5),
        ("Please try again in 20s", 20.0),
        ("please try again in 850ms.", 0.85),
        ("Try again in 2m", 120.0),
        ("Try again in a while", None),
    ],
)
def test_a_wait_that_is_asked_for_in_words_is_kept(words: str, seconds: float | None) -> None:
    """OpenAI's, where no header says it."""
    fault = from_status("http://gpu/v1", 429, {}, words)
    assert isinstance(fault, FaultError)
    assert fault.wait_s == seconds


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        (ssl.SSLCertVerificationError("self-signed"), "its certificate is not trusted (SSLCertVerif"),
        (ssl.SSLError("wrong version number"), "no TLS connection, so no certificate of it was seen"),
    ],
)
def test_a_certificate_and_no_tls_at_all_are_told_apart(cause: ssl.SSLError, told: str) -> None:
    """What helps against the one is no help against the other."""
    key = ConnectionKey("gpu", 443, True, True, None, None, None)
    fault = translate("https://gpu/v1", aiohttp.ClientConnectorSSLError(key, cause))
    assert fault.kind == "tls"
    assert told in fault.message


@pytest.mark.parametrize(
    ("status", "away"), [(status, status in {502, 520, 521, 522, 523, 530}) for status in range(500, 540)]
)
def test_gateways_that_have_nobody_behind_them_are_told_by_their_status(status: int, away: bool) -> None:
    """Those of Cloudflare's own, too, which says 520 to 523 and 530; a slow server (524) is there."""
    assert FaultError("http", "no", status=status).is_away == away
