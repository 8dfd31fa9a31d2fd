"""Options that say how a server is reached and how long it is waited for, made into a connection."""

import pytest

from tests.cli.helpers import running, tiny
from tests.faulty_server import FaultyServer


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--patience", "soon"), "'soon' is no finite duration such as 90s, 30m or 2h"),
        (("--timeout", "0"), "no finite duration"),
        (("--concurrency", "many"), "neither a number from 1 nor 'auto'"),
        (("--header-env", "api-key=NOT_SET_ANYWHERE"), "there is no such environment variable"),
        (("--header-env", "api-key"), "--header-env number 1 is not of the form NAME=VALUE"),
        (("--ca-file", "absent.pem"), "absent.pem: no certificates can be read from it"),
        (("--proxy", "socks5://user:pw@h"), "--proxy is not the address of an HTTP proxy"),
    ],
)
def test_a_mistake_about_the_connection_is_told_at_once(evalsite, shared, options, words):
    """With exit code 2, and no secret of it."""
    with running(FaultyServer()) as server:
        done = evalsite(*tiny(shared, server, *options))
        assert server.requests == []
    assert done.returncode == 2, done.stderr
    assert words in " ".join(done.stderr.split())
    assert "pw@h" not in done.stderr
