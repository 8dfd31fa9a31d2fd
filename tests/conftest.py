"""What tests share: the data beside the checkout, and a command runner."""

import contextlib
import functools
import gc
import io
import logging
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest
import resvg_py
from hypothesis import settings

from evalsite.cli import console
from evalsite.cli.main import run_command
from evalsite.grading.sandboxes import BACKENDS
from evalsite.rundir.sandboxes import Sandbox
from tests import preloaded
from tests.site.sparing import draw_small

LINUX = sys.platform == "linux" and hasattr(os, "fork")
OF_LINUX = """
    test_linear extraction/test_hostile languages/test_limited machine/test_environments
    grading/executors/test_cluster
    grading/inside/test_clocks grading/inside/test_commands grading/inside/test_disk
    grading/inside/test_filtering grading/inside/test_guarding grading/inside/test_lockdown
    grading/inside/test_python_script grading/inside/test_verifying grading/inside/test_watching
"""
collect_ignore = [] if LINUX else [f"{name}.py" for name in OF_LINUX.split()]
"""What cannot even be imported elsewhere; all of it bears a mark that ``make test-portable`` leaves out."""

SELDOM = (20_000, 20, 20)
"""How often garbage is looked for in a process that runs tests: most of what it holds stays until its end."""
LONGEST_NAME = 80
"""Characters of a text that a test is called by; some are of two million."""
TESTS = Path(__file__).parent
SLOW = TESTS / "slow.txt"
ROOT = TESTS.parent
SHARED = ROOT.parent / "shared"


os.environ.setdefault("EVALSITE_EXPECTED", "off")  # nobody's own cache decides what tests find
settings.register_profile("any machine", deadline=None)  # a busy one takes as long as it takes
settings.load_profile("any machine")


def pytest_addoption(parser):
    parser.addoption("--quick", action="store_true", help="leave out the tests that tests/slow.txt names")


def pytest_configure(config):
    """What takes long begins first, as :func:`_turn` says: by default groups of many tests would."""
    config.option.loadscopereorder = False


def pytest_itemcollected(item):
    """The tests of a file share a process, and with it what they start; what takes long goes by itself."""
    if " at 0x" in item.nodeid:
        raise pytest.UsageError(f"{item.nodeid} is named by an address, which each process has another of")
    if not any(map(item.get_closest_marker, ("long", "xdist_group"))):
        item.add_marker(pytest.mark.xdist_group(_file(item)))


def _file(item):
    return _name_of(item.path)


@functools.cache
def _name_of(path):
    """Asked for ten thousand times, of some five hundred files."""
    return path.relative_to(TESTS).with_suffix("").as_posix()


def _turn(item):
    """When a test begins: first what takes long, then what shares a costly start, then all others."""
    if item.get_closest_marker("long"):
        return 0
    return 1 if item.get_closest_marker("xdist_group").args[0] != _file(item) else 2


def pytest_make_parametrize_id(val):
    """A long text is called by how it begins: names are told to every process, with each report.

    None leaves it to pytest, which also numbers those that begin alike.
    """
    if isinstance(val, str | bytes) and len(val) > LONGEST_NAME:
        return f"{val[:LONGEST_NAME]!a}... {len(val)}"
    return None


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Nothing of what is collected is garbage: to look for some takes a third of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(*SELDOM)
        gc.enable()


@pytest.hookimpl(trylast=True)  # behind the one that shuffles
def pytest_collection_modifyitems(config, items):
    """Begin with the tests that take long, or one of them would be the last, and run alone.

    Those that need namespaces are skipped, and named, where the machine gives none.
    """
    if config.getoption("quick"):
        slow = {*SLOW.read_text(encoding="utf-8").splitlines()}
        left_out = [item for item in items if f"{_file(item)}::{item.originalname}" in slow]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in {*left_out}]
    items.sort(key=_turn)
    wanting = [item for item in items if item.get_closest_marker("namespaces")]
    if LINUX and wanting and (refusal := BACKENDS[Sandbox.BUBBLEWRAP].refusal()):
        for item in wanting:
            item.add_marker(pytest.mark.skip(reason=f"needs namespaces: {refusal}"))


@pytest.fixture(autouse=True)
def evalsite_log():
    """What evalsite logs reaches ``caplog``, whatever commands that ran in this process made of logging."""
    log = logging.getLogger("evalsite")
    log.handlers.clear()
    log.setLevel(logging.NOTSET)
    log.propagate = True


@pytest.fixture(autouse=True)
def processes_of_others():
    """A test that ends what other tests have started fails itself, and not one of these some time later."""
    yield
    assert not (ended := preloaded.ended()), f"{ended} of this process's children, which stay, have ended"


@pytest.fixture(scope="session")
def shared():
    """The folder of data sets and samples beside the checkout; tests that need it skip where it is not."""
    if not (SHARED / "README.md").is_file():
        pytest.skip("needs the data sets and samples in ../shared, which are not here")
    return SHARED


@pytest.fixture
def environment(tmp_path):
    """The variables of a command's process: an empty home, and of what anybody has set the way to modules."""
    home = tmp_path / "home"
    home.mkdir()
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": path, "COLUMNS": "100"}


@pytest.fixture
def evalsite(environment, tmp_path, monkeypatch):
    """Run a command in an empty folder with an empty home; returns what a finished process would have.

    It runs in this process, as hundreds of starts of Python would take minutes.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console.stderr, "width", 100)
    monkeypatch.setattr(resvg_py, "svg_to_bytes", draw_small)
    for who in ("site.build", "grading.executors.fitting", "grading.executors.local"):
        monkeypatch.setattr(f"evalsite.{who}.usable_cpus", lambda: 1)  # small work is done before a pool is

    def run(*args, cwd=tmp_path, env=None):
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(cwd),
            mock.patch.dict(os.environ, {**environment, **(env or {})}, clear=True),
            mock.patch.object(sys, "stdin", io.StringIO()),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = run_command([str(arg) for arg in args])
        return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())

    return run


@pytest.fixture
def evalsite_process(environment, tmp_path):
    """Run ``python -m evalsite ARGS`` in an empty folder with an empty home; returns the finished process."""

    def run(*args, cwd=tmp_path, env=None, timeout=300):
        return preloaded.run(
            [sys.executable, "-m", "evalsite", *map(str, args)],
            cwd=cwd, env={**environment, **(env or {})}, capture_output=True, text=True, timeout=timeout,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip

    return run
