"""``make test-local`` builds for minutes: how far it is can be seen, and what went wrong is kept."""

import subprocess
import sys

from tests.conftest import ROOT

SAYS = """
print("Collecting llama-cpp-python")
print("  Downloading smollm2-1.0.whl.metadata (2 kB)")
print("  Downloading llama_cpp_python-0.3.tar.gz (50.7 MB)")
print("  *** Configuring CMake...")
for step in range(1, 141):
    print(f"  [{step}/140] Building CXX object {step}.o")
print("Installing collected packages: llama-cpp-python")
raise SystemExit(%d)
"""


def run(code):
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "show_build.py", sys.executable, "-c", SAYS % code],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_what_is_fetched_and_built_is_shown_in_a_few_lines():
    """Downloads, stages, each tenth of the steps; the hundred others are not."""
    done = run(0)
    assert done.returncode == 0
    lines = [line.split(" ", 3)[3] for line in done.stdout.splitlines()]
    assert lines[:3] == [
        "fetching smollm2-1.0.whl.metadata (2 kB)",
        "fetching llama_cpp_python-0.3.tar.gz (50.7 MB)",
        "Configuring CMake...",
    ]
    assert lines[3:14] == [f"building: step {step} of 140" for step in (1, *range(14, 141, 14))]
    assert lines[14:] == ["Installing collected packages: llama-cpp-python"]
    assert done.stderr == ""


def test_a_build_that_fails_tells_its_last_words():
    """With its own exit code."""
    done = run(3)
    assert done.returncode == 3
    assert "[140/140] Building CXX object 140.o" in done.stderr
    assert "[2/140]" not in done.stderr
