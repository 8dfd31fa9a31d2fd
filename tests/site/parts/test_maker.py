"""Parts are made side by side; where those who make them are ended, by who started them."""

import os
import pickle
import signal
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from evalsite.site.options import SiteOptions
from evalsite.site.output.bundle import Assets
from evalsite.site.parts.base import Data
from evalsite.site.parts.maker import Maker, beside, making
from tests.conftest import ROOT


@dataclass(frozen=True)
class Mortal:
    """A part of one file; in another process than ``home``, ``fatal`` ones end that, as the kernel would."""

    name: str
    home: int
    fatal: bool = False

    def files(self, _options):
        if self.fatal and os.getpid() != self.home:
            os.kill(os.getpid(), signal.SIGKILL)
        yield Data(f"{self.name}.txt", self.name.encode())


@pytest.fixture
def maker(tmp_path):
    return Maker(tmp_path / "site", SiteOptions(), Assets({}, {}))


@pytest.mark.linux
def test_what_a_process_did_not_make_that_was_ended_is_made_all_the_same(maker):
    """As where memory is short: each part once, in the next round, too, in which no process is left."""
    home = os.getpid()
    parts = [Mortal(str(number), home, fatal=number == 3) for number in range(6)]
    with making(maker, 2) as make:
        for round_of in (parts, parts[:2]):
            made = sorted(make(round_of))
            assert [name for name, _, _ in made] == [part.name for part in round_of]
    assert sorted(path.name for path in maker.output.iterdir()) == [f"{number}.txt" for number in range(6)]


@pytest.mark.linux
@pytest.mark.parametrize("refusal", [EOFError(), BlockingIOError(), RuntimeError("can't start new thread")])
def test_where_no_more_processes_can_be_had_the_others_do_the_rest(maker, monkeypatch, refusal):
    """What was refused is made here, and no part is lost."""
    home = os.getpid()
    parts = [Mortal(str(number), home) for number in range(4)]
    with making(maker, 2) as make:
        submit = ProcessPoolExecutor.submit

        def refusing(pool, work, part):
            if part.name == "2":
                raise refusal
            return submit(pool, work, part)

        monkeypatch.setattr(ProcessPoolExecutor, "submit", refusing)
        assert sorted(name for name, _, _ in make(parts)) == ["0", "1", "2", "3"]


def test_who_has_rendered_can_be_handed_to_a_process_that_begins_later(maker):
    """Templates cannot, and are made anew there."""
    assert maker._renderer is maker._renderer
    handed = pickle.loads(pickle.dumps(maker))
    assert (handed.output, handed.assets) == (maker.output, maker.assets)
    assert handed._renderer is not maker._renderer


def test_work_begins_while_others_make_parts_and_else_once_it_is_asked_for(monkeypatch):
    """One job alone means one thing after another, and so does a machine that has no thread left."""

    def asked_at_once(jobs):
        begun = threading.Event()
        with beside(lambda: begun.set() or "done", jobs) as outcome:
            before = begun.wait(30 if jobs > 1 else 0)
            assert outcome() == "done"
        return before

    assert asked_at_once(2)
    assert not asked_at_once(1)
    monkeypatch.setattr(ThreadPoolExecutor, "submit", refuse)
    with beside(lambda: "done", 2) as outcome:
        assert outcome() == "done"


def test_what_fails_beside_fails_once_it_is_asked_for():
    """What others made is kept until then."""
    with beside(lambda: 1 // 0, 2) as outcome, pytest.raises(ZeroDivisionError):
        outcome()


def refuse(*_args):
    raise RuntimeError("can't start new thread")


BEGINNING = """
from pathlib import Path

from evalsite.site.options import SiteOptions
from evalsite.site.output.bundle import Assets
from evalsite.site.parts.maker import Maker, making

if __name__ == "__main__":
    with making(Maker(Path("site"), SiteOptions(), Assets({}, {})), 2) as make:
        print(list(make([])))
"""


def test_processes_import_nothing_of_the_folder_that_a_site_is_built_in(environment, tmp_path):
    """It may be somebody else's results: what begins there is Python's own, as the command itself is."""
    program, here = tmp_path / "bin" / "program.py", tmp_path / "here"
    (here / "multiprocessing").mkdir(parents=True)
    program.parent.mkdir()
    program.write_text(BEGINNING)
    (here / "multiprocessing" / "__init__.py").write_text("open('imported', 'w')\n")
    variables = environment | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, program], cwd=here, env=variables, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
    assert not (here / "imported").exists()


STAYING = """
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from evalsite.site.options import SiteOptions
from evalsite.site.output.bundle import Assets
from evalsite.site.parts.maker import Maker, begin_early, making


@dataclass(frozen=True)
class Telling:
    name: str

    def files(self, _options):
        print(os.getpid(), os.getppid(), flush=True)
        return ()


if __name__ == "__main__":
    begin_early()
    with making(Maker(Path("site"), SiteOptions(), Assets({}, {})), 2) as make:
        list(make([Telling("one")]))
        sys.stdin.read()
"""


@pytest.mark.linux
def test_a_build_that_is_killed_leaves_no_process_behind(environment, tmp_path):
    """Neither one that makes parts nor the one that they are forked from: both would wait for ever."""
    program = tmp_path / "program.py"
    program.write_text(STAYING)
    with subprocess.Popen(
        [sys.executable, program],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as build:
        makes, forks = (int(pid) for pid in build.stdout.readline().split())
        assert len({makes, forks, build.pid}) == 3
        build.kill()
        assert build.stdout.read() == ""  # ends once nobody is left who could write: both can
