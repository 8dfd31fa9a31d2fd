"""A server in a thread, and how a command fails as documented."""

import asyncio
import contextlib
import threading

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
