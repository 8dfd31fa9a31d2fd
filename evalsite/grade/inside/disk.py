"""The folder that samples may write to, brought back to its clean state after each of them."""

import os
import shutil
import time

from evalsite.grade.inside import lockdown
from evalsite.grade.inside.plan import Plan

_SETTLE_S = 0.01
_BYTES_EACH = 14
_FEWEST_FILES = 256


class Disk:
    """A tmpfs of the fork server's own, which is thrown away when anything about it has changed."""

    def __init__(self, plan: Plan) -> None:
        """Mount it. Raises OSError."""
        self._plan = plan
        self._mount()

    def _mount(self) -> None:
        owner = self._plan.uid or 0
        files = max(self._plan.disk >> _BYTES_EACH, _FEWEST_FILES)
        options = f"size={self._plan.disk},nr_inodes={files},mode=0700,uid={owner},gid={owner}"
        lockdown.mount_tmpfs(self._plan.work, options)
        time.sleep(_SETTLE_S)  # any later change gets a time of change that differs from the mount's
        self._pristine = self._state()

    def _state(self) -> tuple[int, int]:
        """Changes with everything a sample can do to its disk: files, modes, attributes."""
        state = os.stat(self._plan.work)  # noqa: PTH116
        return state.st_ctime_ns, state.st_mtime_ns

    def clean_up(self) -> bool:
        """Bring it back to its clean state; True where it is another one now."""
        if self._state() == self._pristine:
            return False
        lockdown.unmount(self._plan.work)
        self._mount()
        return True


class Folder:
    """A folder of the host's, where there is no isolation."""

    def __init__(self, plan: Plan) -> None:
        self._path = plan.work

    def clean_up(self) -> bool:
        """Remove everything in it, without following a link out of it; it stays the same folder."""
        with os.scandir(self._path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    os.chmod(entry.path, 0o700)  # noqa: PTH101
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    os.unlink(entry.path)  # noqa: PTH108
        return False

    def remove(self) -> None:
        """Leave nothing behind."""
        self.clean_up()
        os.rmdir(self._path)  # noqa: PTH106
