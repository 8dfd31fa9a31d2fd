"""A server of models as a program: ``server.py PORT NAME LOG``; it begins a child that never ends by itself.

Each request is a line of the log. A model called ``broken`` ends while it loads, and one called ``right...``
doubles a number as it was asked to; all others answer wrongly.
"""

import asyncio
import subprocess
import sys
from pathlib import Path

from tests.faulty_server import FaultyServer


async def serve(port: int, name: str, log: Path) -> None:
    """Answer after a moment, so that a kill meets something under way."""
    said = "    return 2 * x\n" if name.startswith("right") else "    return None\n"

    def answer(prompt: str, _seed: int | None, _index: int) -> str:
        with log.open("a") as lines:
            lines.write(f"{prompt.split('def ')[-1].split('(')[0]}\n")
        return said

    server = FaultyServer(answer=answer, latency_s=0.03, pages={"/health": {"status": "ok"}})
    server.port = port
    async with server:
        await asyncio.Event().wait()


if __name__ == "__main__":
    if sys.argv[2] == "broken":
        sys.exit("no such weights")
    subprocess.Popen(["sleep", "1000"], start_new_session=True)
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
