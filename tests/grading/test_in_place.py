"""The sandbox without namespaces: whose its programs are, what they read, and what is left of them."""

import subprocess
import tempfile
from pathlib import Path

import pytest

from evalsite.errors import SandboxError
from evalsite.grading import in_place
from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from evalsite.languages.running import PLAIN
from tests.grading.helpers import QUICK, RIGHT, belonging_to, verdict_of

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize("whom", ["users of their own", "a user"])
def test_nothing_is_left_in_the_folder_for_temporary_files(monkeypatch, whom):
    """Neither the private folder nor what a program has hidden in it; and deep folders are no way to stay."""
    deep = "import os\nfor _ in range(600):\n    os.mkdir('deep', 0o700)\n    os.chdir('deep')\n"
    hidden = "import os\nos.makedirs('a/b')\nopen('a/b/.c', 'w')\nos.chmod('a', 0)\n"
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr(in_place.tempfile, "tempdir", folder)
        with belonging_to(whom), Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
            assert verdict_of(grader, hidden + RIGHT).verdict == "passed"
            assert verdict_of(grader, deep + RIGHT).verdict in ("passed", "file_limit")
            assert verdict_of(grader, "import os\nassert not os.listdir('.')\n" + RIGHT).verdict == "passed"
            assert len(list(Path(folder).iterdir())) == 1
        assert list(Path(folder).iterdir()) == []


def test_a_copy_of_the_interpreter_is_made_once_and_used_again(monkeypatch, tmp_path):
    """Where users of their own cannot enter its folder. A folder that others may write is not trusted."""
    monkeypatch.setattr(in_place, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(in_place, "_is_open", lambda _: False)
    monkeypatch.setattr(in_place, "_can_be_entered", lambda _: True)
    in_place.house.cache_clear()
    try:
        found = in_place.house(PLAIN, for_others=True)
        assert Path(found.python).is_relative_to(tmp_path / "cache")
        said = subprocess.run(
            [found.python, "-s", "-S", "-c", "import os, json, ssl; print(os.__file__)"],
            env={"LD_LIBRARY_PATH": found.libraries}, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert Path(said.strip()).is_relative_to(tmp_path / "cache")
        of_copy = [path for path in found.readable if Path(path).is_relative_to(tmp_path / "cache")]
        assert of_copy == [str(next((tmp_path / "cache").iterdir()))]  # one rule, which each sample pays for
        assert not list(Path(of_copy[0]).rglob("site-packages"))
        made = Path(found.python).stat().st_mtime_ns, Path(found.python).stat().st_ino
        in_place.house.cache_clear()
        again = in_place.house(PLAIN, for_others=True)
        assert again == found
        assert (Path(again.python).stat().st_mtime_ns, Path(again.python).stat().st_ino) == made
        (tmp_path / "cache").chmod(0o777)
        monkeypatch.setattr(in_place.tempfile, "tempdir", str(tmp_path / "nowhere"))
        (tmp_path / "nowhere").write_text("")
        in_place.house.cache_clear()
        with pytest.raises(SandboxError, match="is not ours alone"):
            in_place.house(PLAIN, for_others=True)
    finally:
        in_place.house.cache_clear()


@pytest.mark.parametrize("option", ["", ",hidepid=0", ",hidepid=off", ",hidepid=invisible", ",hidepid=2"])
def test_a_proc_that_hides_processes_is_refused(tmp_path, option):
    """Of who counts its programs' there; the option stands among others."""
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nproc /proc proc rw,relatime{option} 0 0\n")
    if option in ("", ",hidepid=0", ",hidepid=off"):
        assert in_place.require_visible_processes(mounts) is None
        return
    with pytest.raises(SandboxError, match=f"hides processes here .{option[1:]}.") as refused:
        in_place.require_visible_processes(mounts)
    assert "remount,hidepid=0" in refused.value.hint
