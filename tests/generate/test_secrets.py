"""Keys, headers and credentials in a URL appear nowhere: not on disk, not on the terminal."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from evalsite.errors import EndpointError
from evalsite.generate.client import Client, parse_endpoint
from tests.conftest import ROOT
from tests.faulty_server import FaultyServer
from tests.generate.helpers import QUICK, outcomes, prompt, run, settings

KEY = "sk-0123456789-the-key"
TOKEN = "tok-0123456789-the-header"
PASSWORD = "pw-0123456789-the-url"


async def evalsite(*args: str, cwd: Path) -> tuple[int, str]:
    environment = os.environ | {"HOME": str(cwd), "PYTHONPATH": str(ROOT), "OPENAI_API_KEY": KEY}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "evalsite", *args,
        cwd=cwd, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


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
            server.refused_words = {"prompt": words}
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
