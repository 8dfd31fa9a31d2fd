"""What programs do besides calculating, tried wherever something is graded: two sandboxes, or one on two
kernels, are alike where these programs have the same verdicts in both.

What is not tried, and can differ, is told in ``docs/security.md``.
"""

from collections.abc import Mapping

from evalsite.grading.engine import Grader, Job
from evalsite.grading.verdicts import Ungraded
from evalsite.rundir.schema import Problem, Program

_REFERENCE = "def probe():\n    return True\n"
_PROBLEM = Problem(
    task_id="probe",
    prompt="",
    kind="code",
    entry_point="probe",
    tests="assert probe()\n",
    reference=_REFERENCE,
)
_PROGRAMS: Mapping[str, str] = {
    "files": """
import os, shutil, tempfile
def probe():
    with tempfile.TemporaryDirectory() as folder:
        for name in ("one", "two"):
            os.mkdir(os.path.join(folder, name))
        path = os.path.join(folder, "one", "text")
        with open(path, "w") as file:
            file.write("text")
        os.rename(path, os.path.join(folder, "two", "text"))
        shutil.copy2(os.path.join(folder, "two", "text"), path)
        os.truncate(path, 2)
        with open(path) as file:
            return file.read() == "te" and len(list(os.walk(folder))) == 3
""",
    "processes": """
import os, subprocess, sys
def probe():
    pid = os.fork()
    if pid == 0:
        os._exit(7)
    said = subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7 and said.stdout == "42\\n"
""",
    "signals": """
import os, signal, subprocess, sys
def probe():
    seen = []
    signal.signal(signal.SIGUSR1, lambda *_: seen.append(1))
    os.kill(os.getpid(), signal.SIGUSR1)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    child.terminate()
    return child.wait() == -signal.SIGTERM and seen == [1]
""",
    "threads": """
from concurrent.futures import ThreadPoolExecutor
import asyncio
async def double(number):
    await asyncio.sleep(0)
    return 2 * number
def probe():
    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(abs, range(-9, 9))) == 81 and asyncio.run(double(4)) == 8
""",
    "network": "import socket\ndef probe():\n    return socket.socket()\n",
    "large-file": "def probe():\n    with open('large', 'w') as file:\n        file.truncate(1 << 40)\n",
}


def likeness(grader: Grader) -> dict[str, str]:
    """Name of each program -> its verdict here. Raises as grading does."""
    told = {
        name: grader.submit(
            Job(Program(problem="probe", sample=number, source=source, rule="preflight"), _PROBLEM)
        )
        for number, (name, source) in enumerate(_PROGRAMS.items())
    }
    found = {name: future.result() for name, future in told.items()}
    return {
        name: "ungraded" if isinstance(verdict, Ungraded) else verdict.verdict.value
        for name, verdict in found.items()
    }
