"""A server in a thread, the words of a small run, and how a command fails as documented."""

import asyncio
import contextlib
import threading
from pathlib import Path

from evalsite.rundir.store import RunDir

HUMANEVAL_2 = "    return number % 1.0\n"


@contextlib.contextmanager
def running(server):
    """Run a FaultyServer in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def failed(process, code, *said):
    """Assert that a command failed as documented: its exit code, its words, and no traceback."""
    assert process.returncode == code, process.stderr
    assert "Traceback" not in process.stderr
    for words in said:
        assert words in " ".join(process.stderr.split())


def asking(url, shared):
    """The words of a run of the tiny data set."""
    return (
        "run", "--model-endpoint", f"{url}/v1/completions", "--model-name", "m", "--dataset", "tiny",
        "--data-path", shared / "cases/tiny.jsonl",
    )  # fmt: skip


def tiny(shared, server, *options):
    return (
        "run", "--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m", "--dataset", "tiny",
        "--data-path", shared / "cases/tiny.jsonl", "--no-grade", "--progress", "lines", *options,
    )  # fmt: skip


def made(done):
    return RunDir(Path(done.stdout.splitlines()[-1]))


def children_of(pid):
    """The processes that any thread of a process has started and that are still its own."""
    children = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += [int(child) for child in path.read_text().split()]
        except OSError:
            continue  # the thread has ended meanwhile
    return children
