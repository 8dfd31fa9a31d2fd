"""Where a site may be written: into a folder of its own, and nowhere that a link in it leads to."""

import os

import pytest

from evalsite.errors import OutputError
from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.site.output import folder as output_module
from evalsite.site.output.folder import STATE, Writer
from tests.make import write_run

OPTIONS = SiteOptions(jobs=1)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Some runs."""
    folder = tmp_path_factory.mktemp("runs")
    write_run(folder, "Toy", [1, 0], n=2)
    return folder


def contents(folder):
    """Every file below a folder, with what it holds."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["index.html", "404.html", "robots.txt", "notes.txt", "runs/mine"])
def test_somebody_elses_folder_is_left_alone(runs, tmp_path, name):
    """Whether or not a site would have a file of that name."""
    mine = tmp_path / "mine"
    (mine / name).parent.mkdir(parents=True)
    (mine / name).write_text("mine")
    before = contents(mine)
    with pytest.raises(OutputError, match=r"mine: is not empty and no site of ours") as told:
        build_site(runs, mine, options=OPTIONS)
    assert "evalsite build --output" in told.value.hint
    assert told.value.exit_code == 7
    assert contents(mine) == before


def test_the_runs_themselves_are_no_place_for_a_site(runs):
    """Run directories and pages in one folder could not be told apart."""
    with pytest.raises(OutputError, match="no site of ours"):
        build_site(runs, runs, options=OPTIONS)


def test_an_empty_branch_is_a_place_for_a_site(runs, tmp_path):
    """What git and GitHub keep there does not count; nor does an interrupted build's half a site."""
    output = tmp_path / "branch"
    output.mkdir()
    (output / ".git").write_text("gitdir: elsewhere")
    (output / "CNAME").write_text("example.org")
    assert build_site(runs, output, options=OPTIONS).written
    (output / "index.html").unlink()
    (output / STATE).write_text("{}")
    assert build_site(runs, output, options=OPTIONS).written
    assert (output / ".git").read_text() == "gitdir: elsewhere"


@pytest.mark.parametrize("name", ["runs", "data", "assets"])
def test_a_folder_that_is_a_link_is_not_written_through(runs, tmp_path, name):
    """It is named."""
    output, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    build_site(runs, output, options=OPTIONS)
    (output / name).rename(elsewhere)
    (output / name).symlink_to(elsewhere)
    for path in [path for path in elsewhere.rglob("*") if path.is_file()]:
        path.write_text("mine")
    before = contents(elsewhere)
    with pytest.raises(OutputError, match=rf"site/{name}: is a link"):
        build_site(runs, output, options=OPTIONS)
    assert contents(elsewhere) == before


def test_a_file_that_is_a_link_is_replaced_and_what_it_leads_to_kept(runs, tmp_path):
    """Also where it leads to the same bytes."""
    output, elsewhere = tmp_path / "site", tmp_path / "mine.html"
    build_site(runs, output, options=OPTIONS)
    page = output / "index.html"
    html = page.read_bytes()
    page.rename(elsewhere)
    page.symlink_to(elsewhere)
    build_site(runs, output, options=OPTIONS)
    assert not page.is_symlink()
    assert page.read_bytes() == html
    elsewhere.write_text("mine")
    build_site(runs, output, options=SiteOptions(jobs=1, title="Other"))
    assert elsewhere.read_text() == "mine"


def test_a_list_of_files_that_leads_elsewhere_removes_nothing_there(runs, tmp_path):
    """The state file lies in the folder, and may come from anywhere."""
    output, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    build_site(runs, output, options=OPTIONS)
    elsewhere.mkdir()
    (elsewhere / "a").write_text("mine")
    (output / "way").symlink_to(elsewhere)
    state = (output / STATE).read_text()
    (output / STATE).write_text(
        state.replace('"units":{', '"units":{"x":{"key":"","files":{"way/a":4,"../elsewhere/a":4}},', 1)
    )
    build_site(runs, output, options=OPTIONS)
    assert (elsewhere / "a").read_text() == "mine"


@pytest.mark.parametrize(
    ("number", "advice"),
    [(28, "The disk is full: free some space"), (13, "choose another folder with --output")],
)
def test_a_page_that_cannot_be_written_leaves_the_old_one_and_nothing_else(
    tmp_path, monkeypatch, number, advice
):
    """Half of the new one was written; what a browser is shown is the old one."""
    writer = Writer(tmp_path)
    writer.write("runs/index.html", b"old")

    def fill_up(source, file):
        file.write(source.read(3))
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(output_module.shutil, "copyfileobj", fill_up)
    with pytest.raises(OutputError, match="cannot be written") as told:
        writer.write("runs/index.html", b"new and longer")
    assert advice in told.value.hint
    assert contents(tmp_path) == {tmp_path / "runs/index.html": b"old"}
