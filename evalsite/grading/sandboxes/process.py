"""No sandbox: programs with the user's own rights, only limited in what they use. For whoever asks for it."""

import sys
import tempfile

from evalsite.grading.environments import Environment, package_paths
from evalsite.grading.sandboxes import base
from evalsite.grading.sandboxes.base import Backend
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Limits


class Process(Backend):
    """A process as any other."""

    name = Sandbox.PROCESS
    title = "process"

    def make_work_folder(self) -> str:
        return tempfile.mkdtemp(prefix="evalsite-")

    def words(self, limits: Limits, environment: Environment, index: int, work: str) -> list[str]:
        setup = self.setup(limits, environment, work, packages=package_paths(environment), readable=["/"])
        python = [sys.executable, "-P", "-B", "-c"]
        if environment.packages_stay:
            python = [environment.interpreter.executable, *base.FLAGS]
        return [*python, base.BOOTSTRAP.format(code=str(base.PACKAGE_ROOT)), setup]
