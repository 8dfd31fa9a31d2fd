"""An ordinary user, for tests that root runs: fork servers that belong to nobody else."""

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from evalsite.grading import in_place, isolation
from evalsite.grading.sandboxes import base

USER = 54321
BECOME = ("setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--bounding-set=-all")


@contextmanager
def ordinary_user():
    """Meanwhile, fork servers of the sandbox ``landlock`` are started by an ordinary user.

    Where the tests themselves are run by one, nothing has to be done for it.
    """
    if os.geteuid() != 0:
        yield
        return
    house = in_place.house

    def make_work_folder(**_):
        folder = original(for_others=True)
        os.chown(folder, USER, USER)
        return folder

    original = in_place.make_work_folder
    inside = Path(isolation.__file__).parent / "inside"
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as code,  # the checkout may lie where no other user enters
        mock.patch.object(base, "PACKAGE_ROOT", Path(code)),
        mock.patch.object(isolation, "has_own_users", return_value=False),
        mock.patch.object(base, "FIRST_TO_GO", [*BECOME, *base.FIRST_TO_GO]),
        mock.patch.object(in_place, "house", lambda environment, **_: house(environment, for_others=True)),
        mock.patch.object(in_place, "make_work_folder", make_work_folder),
    ):
        Path(code).chmod(0o755)
        shutil.copytree(
            inside, Path(code, "evalsite/grading/inside"), ignore=shutil.ignore_patterns("__pycache__")
        )
        yield
