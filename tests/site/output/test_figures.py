"""Figures of comparisons outlast a build: the next one makes those of new runs alone."""

import pytest

from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.site.output import figures
from evalsite.site.output.figures import FIGURES, Figures
from evalsite.site.output.folder import Writer
from evalsite.stats.compare import numbers
from tests.make import BASELINE, write_run

OPTIONS = SiteOptions(jobs=1)


@pytest.fixture
def compared(monkeypatch):
    """How often counts were compared, and not remembered; all is kept, however little."""
    monkeypatch.setattr(figures, "FEWEST", 0)
    asked, compare = [], numbers._compared
    monkeypatch.setattr(numbers, "_compared", lambda *given: (asked.append(given), compare(*given))[1])
    return asked


@pytest.fixture
def runs(tmp_path):
    folder = tmp_path / "runs"
    folder.mkdir()
    write_run(folder, "Base", [2, 2, 1], n=2, card=BASELINE, day="2026-11-01")
    write_run(folder, "One", [2, 1, 0], n=2, day="2026-11-02")
    return folder


def pages(output):
    return {path.relative_to(output): path.read_bytes() for path in output.rglob("*") if path.is_file()}


def test_a_further_run_is_compared_and_no_other(runs, tmp_path, compared):
    """The site is that of a build from nothing, byte for byte."""
    build_site(runs, tmp_path / "site", options=OPTIONS)
    first = len(compared)
    assert first > 0
    write_run(runs, "Two", [0, 1, 2], n=2, day="2026-11-03")
    compared.clear()
    build_site(runs, tmp_path / "site", options=OPTIONS)
    again = len(compared)
    compared.clear()
    build_site(runs, tmp_path / "anew", options=OPTIONS)
    assert 0 < again < len(compared)
    assert pages(tmp_path / "site") == pages(tmp_path / "anew")


@pytest.mark.parametrize("damage", [b"", b"no file of ours", None])
def test_what_cannot_be_read_is_made_again(runs, tmp_path, compared, damage):
    """Of another program, too, and a link is not followed."""
    build_site(runs, tmp_path / "site", options=OPTIONS)
    kept = tmp_path / "site" / FIGURES
    before = kept.read_bytes()
    if damage is None:
        elsewhere = kept.rename(tmp_path / "elsewhere")
        kept.symlink_to(elsewhere)
    else:
        kept.write_bytes(damage)
    compared.clear()
    build_site(runs, tmp_path / "site", options=OPTIONS)
    assert len(compared) > 0
    assert not kept.is_symlink()
    assert kept.read_bytes() == before


def test_another_program_s_figures_are_none(runs, tmp_path, compared):
    """The statistics may have changed; the key says which program and which options made them."""
    build_site(runs, tmp_path / "site", options=OPTIONS)
    compared.clear()
    build_site(runs, tmp_path / "site", options=SiteOptions(jobs=1, title="Other"))
    assert len(compared) > 0


def test_few_comparisons_leave_nothing_behind(tmp_path, monkeypatch):
    """A small site has no file that it does not need."""
    kept = Figures(tmp_path, "program")
    writer = Writer(tmp_path)
    kept.write(writer)
    assert writer.files == {}
    monkeypatch.setattr(figures, "FEWEST", 0)
    kept.write(writer)
    assert list(writer.files) == [FIGURES]
