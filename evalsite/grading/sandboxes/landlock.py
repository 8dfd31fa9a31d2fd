"""The sandbox that needs no namespaces: Landlock, seccomp and users of its own, where programs lie on the
host's disk beside everything else.
"""

from evalsite.grading import in_place, isolation
from evalsite.grading.environments import Environment
from evalsite.grading.inside.setup import DEVICES
from evalsite.grading.sandboxes import base
from evalsite.grading.sandboxes.base import Backend
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Limits


class Landlock(Backend):
    """Promises in place of namespaces, each tried before anything is graded."""

    name = Sandbox.LANDLOCK
    title = "landlock sandbox"
    makes_promises = True
    way_with_fewer_calls = "--sandbox landlock does with fewer calls."

    def make_work_folder(self) -> str:
        return in_place.make_work_folder(for_others=isolation.has_own_users())

    def work_folder(self, work: str) -> str:
        return f"{work}/work"

    def built_folder(self, work: str) -> str:
        return f"{work}/built"

    def praise(self) -> str:
        return "starts; needs no namespaces"

    def words(self, limits: Limits, environment: Environment, index: int, work: str) -> list[str]:
        """Python where it lies, or in a copy that its programs' user may enter."""
        own_users = isolation.has_own_users()
        if not own_users:
            in_place.require_visible_processes()
        house = in_place.house(environment, for_others=own_users)
        tools = base.of_tools(environment)
        setup = self.setup(
            limits,
            environment,
            work,
            uid=isolation.worker_uid(index) if own_users else None,
            readable=[*(tools or house.readable), *base.further(environment), *DEVICES[1:]],
            listable=[] if environment.runs_tools else house.listable,
            packages=house.packages,
        )
        variables = {"LD_LIBRARY_PATH": house.libraries, **base.VARIABLES}
        return [
            *("/usr/bin/env", "-i", *(f"{name}={value}" for name, value in variables.items())),
            *(house.python, *base.FLAGS, base.BOOTSTRAP.format(code=str(base.PACKAGE_ROOT)), setup),
        ]
