"""What the grader asks a sandbox: how a fork server is started in it, where its programs find things, and
what people should know of it.
"""

import shutil
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from evalsite.grading.environments import Environment, compile_ours, environment_of
from evalsite.grading.inside.setup import Setup
from evalsite.grading.toolchains import find
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Limits

FLAGS = ("-s", "-S", "-P", "-B", "-c")
PACKAGE_ROOT = Path(__file__).resolve().parents[3]
BOOTSTRAP = (
    "import gc, sys; gc.disable(); sys.path.insert(0, {code!r}); "
    "from evalsite.grading.inside import server; server.main()"
)
FIRST_TO_GO = [
    "/bin/sh",
    "-c",
    'echo 1000 2>/dev/null >/proc/self/oom_score_adj; ulimit -S -s 8192 2>/dev/null; exec "$@"',
    "sh",
]
"""When memory runs out, the kernel is to end the sandbox before anything of the user's; and a thread's stack
has the same size on every machine, as it counts against a sample's memory.
"""
C_LIBRARY = {"MALLOC_ARENA_MAX": "2", "LD_BIND_NOW": "1"}
"""It would reserve memory by the number of processors, for up to eight threads on each, and look functions up
where they are first called, which every sample would do anew.
"""
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
VARIABLES = {"PYTHONHASHSEED": "0", "LANG": "C.UTF-8"} | C_LIBRARY | dict.fromkeys(_THREADS, "1")
"""What a fork server finds in its environment that begins with none."""
_finding_out = threading.Lock()
"""What an interpreter needs is found out once for all workers, which start at the same time."""


class Backend(ABC):
    """Starts fork servers in one sandbox; ``work`` is what :meth:`make_work_folder` made for a server."""

    name: ClassVar[Sandbox]
    title: ClassVar[str]
    """As the doctor calls it, which tells it from its layers."""
    has_namespaces: ClassVar[bool] = False
    """Programs have namespaces of their own, so that what they mount and start ends with them."""
    makes_promises: ClassVar[bool] = False
    """In place of namespaces it makes the promises of :data:`..inside.setup.PROMISED`."""
    way_with_fewer_calls: ClassVar[str] = ""
    """The sentence that leads to it where a call is refused that this one does without."""

    @abstractmethod
    def make_work_folder(self) -> str:
        """A new folder of the host's for one fork server; empty where the sandbox brings its own."""

    def work_folder(self, work: str) -> str:
        """The private folder as programs see it."""
        return work

    def built_folder(self, work: str) -> str:
        """The folder of what was compiled, as programs see it."""
        return f"{work}.built"

    def packages_folder(self, environment: Environment) -> str:
        """The folder of further packages as programs see it; empty where there is none."""
        return environment.further

    def remove(self, work: str) -> None:
        """Remove what is left of a fork server's folders on the host."""
        if work:
            shutil.rmtree(work, ignore_errors=True)
            shutil.rmtree(self.built_folder(work), ignore_errors=True)

    def refusal(self) -> str:
        """Why it does not start here, in words; empty where it does, or where only a start can tell."""
        return ""

    def praise(self) -> str:
        """What the doctor says where it starts."""
        return "starts"

    def command(self, limits: Limits, *, environment: str | Environment, index: int, work: str) -> list[str]:
        """The command that starts one fork server. Raises SandboxError where something for it is missing."""
        found = environment_of(environment)
        with _finding_out:
            compile_ours()
            return [*FIRST_TO_GO, *self.words(limits, found, index, work)]

    @abstractmethod
    def words(self, limits: Limits, environment: Environment, index: int, work: str) -> list[str]:
        """The command itself. ``index`` is the worker's number."""

    def setup(
        self,
        limits: Limits,
        environment: Environment,
        work: str,
        *,
        packages: list[str],
        readable: Sequence[str],
        listable: Sequence[str] = (),
        uid: int | None = None,
    ) -> str:
        """What the fork server is told, as a word of its command."""
        setup = Setup(
            has_namespaces=self.has_namespaces,
            makes_promises=self.makes_promises,
            uid=uid,
            work=self.work_folder(work),
            built=self.built_folder(work) if environment.runs_tools else "",
            disk=limits.disk_mib << 20,
            readable=list(readable),
            listable=list(listable),
            packages=packages,
            packages_stay=environment.packages_stay,
            imports=list(environment.imports),
        )
        return setup.to_json()


def further(environment: Environment) -> list[str]:
    """The folder of further packages on the host, if there is one."""
    return [environment.further] if environment.further else []


def of_tools(environment: Environment) -> tuple[str, ...]:
    """What a language's tools read of the host; nothing where there are none."""
    return find(environment.name, environment.further).readable if environment.runs_tools else ()
