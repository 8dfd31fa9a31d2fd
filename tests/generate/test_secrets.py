"""Keys, headers and credentials in a URL appear nowhere: not on disk, not on the terminal."""

import asyncio
import os
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.faulty_server import FaultyServer
from tests.generate.helpers import run

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
