"""The sandbox without namespaces: whose its programs are, what they read, and what is left of them."""

import os
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


def test_what_was_made_is_open_to_all(tmp_path):
    """Whatever the umask: to read, to enter, to run what may be run, and not to change."""
    folder = tmp_path / "made"
    (folder / "inner").mkdir(parents=True)
    modes = {
        "text": (0o600, 0o644),
        "program": (0o700, 0o755),
        "shared": (0o666, 0o644),
        "group": (0o710, 0o755),
    }
    for name, (mode, _) in modes.items():
        (folder / "inner" / name).touch()
        (folder / "inner" / name).chmod(mode)
    (tmp_path / "outside").touch()
    (tmp_path / "outside").chmod(0o600)
    (folder / "link").symlink_to(tmp_path / "outside")
    (folder / "inner").chmod(0o700)
    folder.chmod(0o700)
    in_place.open_to_all(folder)
    for path in (folder, folder / "inner"):
        assert path.stat().st_mode & 0o777 == 0o755
    found = {name: (folder / "inner" / name).stat().st_mode & 0o777 for name in modes}
    assert found == {name: mode for name, (_, mode) in modes.items()}
    assert (tmp_path / "outside").stat().st_mode & 0o777 == 0o600


def test_who_may_read_what_is_told_by_its_rights_and_those_of_its_folders():
    """A file that all may read in a folder that they may enter; a folder with all that lies in it."""
    with tempfile.TemporaryDirectory(dir="/tmp") as made:
        top, folder = Path(made), Path(made, "folder")
        top.chmod(0o755)
        folder.mkdir()
        file = folder / "file"
        file.touch()
        (folder / "gone").symlink_to("nowhere")
        for rights, open_file, open_folder in (
            ((0o755, 0o755, 0o604), True, True),
            ((0o711, 0o755, 0o604), True, True),
            ((0o755, 0o755, 0o640), False, False),
            ((0o755, 0o744, 0o644), False, False),
            ((0o744, 0o755, 0o644), False, False),
        ):
            for path, mode in zip((top, folder, file), rights, strict=True):
                path.chmod(mode)
            assert (in_place._is_open(str(file)), in_place._is_open(str(folder))) == (open_file, open_folder)
        top.chmod(0o755)


def test_a_copy_leaves_out_what_no_program_needs(tmp_path):
    """Of the standard library; of packages that people named, nothing."""
    names = ["os.py", "site-packages", "test", "tests", "os.cpython-311.opt-1.pyc", "config-3.11", "testing"]
    assert in_place._left_out("", names) == set(names) - {"os.py", "testing"}
    for name in names:
        (tmp_path / "from" / name).mkdir(parents=True)
    in_place._copy(tmp_path / "from", tmp_path / "a" / "b", whole=False)
    in_place._copy(tmp_path / "from", tmp_path / "c", whole=True)
    assert {each.name for each in (tmp_path / "a" / "b").iterdir()} == {"os.py", "testing"}
    assert {each.name for each in (tmp_path / "c").iterdir()} == set(names)


def test_a_copy_is_another_one_when_something_changes(tmp_path):
    """The time of a file; anything in packages that people work on."""
    (tmp_path / "file").write_text("a")
    os.utime(tmp_path / "file", ns=(5, 7))
    assert in_place._age("/python/bin/python3", tmp_path / "file") == "7"
    ages = [in_place._age(f"{in_place.INSIDE_SITE}/0", tmp_path)]
    os.utime(tmp_path / "file", ns=(5, 8))
    ages.append(in_place._age(f"{in_place.INSIDE_SITE}/0", tmp_path))
    (tmp_path / "file").write_text("ab")
    os.utime(tmp_path / "file", ns=(5, 8))
    ages.append(in_place._age(f"{in_place.INSIDE_SITE}/0", tmp_path))
    (tmp_path / "file").rename(tmp_path / "other")
    ages.append(in_place._age(f"{in_place.INSIDE_SITE}/0", tmp_path))
    assert len(set(ages)) == 4
    assert in_place._age(f"{in_place.INSIDE_SITE}/0", tmp_path) == ages[-1]


@pytest.mark.parametrize("mode", [0o777, 0o775, 0o757])
def test_a_copy_is_not_taken_from_where_others_may_write(tmp_path, mode):
    """The interpreter would be theirs to change."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(mode)
    with pytest.raises(PermissionError, match="is not ours alone"):
        in_place._copy_into(tmp_path / "cache", "copy", {})
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        in_place._copy_into(tmp_path / "file", "copy", {})


def test_a_copy_makes_the_folders_above_it(monkeypatch, tmp_path):
    """As where nothing has a cache yet, and once."""
    monkeypatch.setattr(in_place, "_can_be_entered", lambda _path: True)  # which a test's folders cannot
    (tmp_path / "python3").write_bytes(b"an interpreter")
    wanted, cache = {"/python/bin/python3": str(tmp_path / "python3")}, tmp_path / "var" / "cache"
    copy = in_place._copy_into(cache, "copy", wanted)
    assert copy == str(cache / "copy") == in_place._copy_into(cache, "copy", wanted)
    assert list(cache.iterdir()) == [Path(copy)]


def test_a_copied_interpreter_finds_its_libraries(tmp_path):
    """Beside its own folder, or in the one that is written in it, where that is another one."""
    python = tmp_path / "python" / "bin" / "python3"
    python.parent.mkdir(parents=True)
    (tmp_path / "python" / "lib").mkdir()
    python.write_bytes(b"a\0/a/folder/of/libraries\0b\0/short\0c")
    wanted = {
        "/python/libraries/one.so": "/a/folder/of/libraries/one.so",
        "/python/libraries/two.so": "/short/two.so",
        "/python/lib/python3": "/short/python3",
    }
    in_place._let_it_find_its_libraries(tmp_path, wanted)
    written = b"$ORIGIN/../libraries".ljust(len("/a/folder/of/libraries") + 1, b"\0")
    assert python.read_bytes() == b"a\0" + written + b"b\0/short\0c"
    found = {each.name: str(each.readlink()) for each in (tmp_path / "python" / "lib").iterdir()}
    assert found == {"one.so": "../libraries/one.so", "two.so": "../libraries/two.so"}
