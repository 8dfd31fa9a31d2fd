"""Does memory grow with the number of samples? Peak memory of a whole run, small and twenty times as large.

``python bench/memory.py`` runs ``evalsite run --no-preflight`` on HumanEval with 10 and with 200 samples a
problem, grading included, against a loopback server that answers at once with another program of a kilobyte
each time. It prints the peak of the evalsite process in MiB, and the ratio; more than 1.5 is a failure.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.cli.helpers import running
from tests.faulty_server import FaultyServer

SMALL, LARGE = 10, 200
ENOUGH = 1.5
MEASURE = """
import resource, sys
from evalsite.cli.main import run_command
code = run_command(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(code)
"""


def main() -> None:
    """Measure both sizes and print the ratio."""
    peaks = []
    server = FaultyServer(answer=answer, keep_requests=False)
    with running(server), tempfile.TemporaryDirectory() as folder:
        for samples in (SMALL, LARGE):
            done = subprocess.run(
                [
                    *(
                        sys.executable,
                        "-c",
                        MEASURE,
                        "run",
                        "--model-endpoint",
                        server.url,
                        "--model-name",
                        "m",
                    ),
                    *("--num-samples", str(samples), "--temperature", "1", "--seed", "1", "--no-preflight"),
                    *("--concurrency", "32", "--runs-dir", folder),
                ],
                capture_output=True,
                text=True,
                check=True,
            )
            peaks.append(int(done.stdout.split()[-1]) / 1024)
            print(f"{164 * samples:6} samples: peak {peaks[-1]:.0f} MiB", flush=True)
    ratio = peaks[1] / peaks[0]
    print(f"ratio {ratio:.2f} (at most {ENOUGH})")
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process of all: {largest:.0f} MiB")
    raise SystemExit(1 if ratio > ENOUGH else 0)


def answer(_prompt: str, seed: int | None, _index: int) -> str:
    """Return a program like no other, and as long as such programs are."""
    return f"    return {seed}\n" + "    # why this is right\n" * 45


if __name__ == "__main__":
    main()
