"""Runs go for good: those that never began by themselves, others when asked for."""

import json
import re
import shutil
import sys

import pytest

from evalsite.rundir.removed import read_removed
from evalsite.rundir.store import RunDir
from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from tests import preloaded
from tests.cli.helpers import running
from tests.distance.make import write_distance
from tests.faulty_server import FaultyServer
from tests.make import write_run
from tests.site.helpers import every_internal_link_resolves, parse

RUN = "2026-11-20T10-00-00Z--gone--humaneval"


@pytest.fixture
def runs(tmp_path):
    """Two runs of two problems each."""
    for name in ("gone", "kept"):
        write_run(tmp_path / "runs", name, [1, 0], n=1)
    return tmp_path / "runs"


def test_rm_asks_first_and_says_what_to_type_where_nobody_can_answer(evalsite, runs):
    """As in a script: nothing is removed, and the command that removes without asking works as printed."""
    done = evalsite("rm", "gone")
    assert done.returncode == 2
    assert "gone on humaneval, 2 graded samples, complete" in done.stderr
    assert "interrupted" not in done.stderr
    assert (runs / RUN).is_dir()
    (line,) = re.findall(r"next: evalsite (rm .*)", done.stderr)
    assert line == f"rm runs/{RUN} --yes"
    assert evalsite(*line.split()).returncode == 0
    assert not (runs / RUN).exists()


@pytest.mark.parametrize(("names", "asked"), [(["gone"], "Remove it"), (["gone", "kept"], "Remove them")])
def test_who_says_no_keeps_all(environment, runs, names, asked):
    """As a person would, at a terminal."""
    before = sorted(path for path in runs.rglob("*"))
    done = preloaded.run(
        [sys.executable, "-m", "evalsite", "rm", *names],
        cwd=runs.parent, env=environment, input="n\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 130
    said = done.stderr.replace("[y/N]:nothing", "[y/N]: nothing")  # older click writes the blank to stdout
    assert f"{asked} for good? [y/N]: nothing was removed\n" in said
    assert sorted(path for path in runs.rglob("*")) == before


def test_rm_removes_what_was_named_and_nothing_else(evalsite, runs):
    """By any name that a run goes by; a broken one as well; a wrong name removes none of them."""
    wrong = evalsite("rm", "gone", "nobody", "--yes")
    assert wrong.returncode == 5
    assert (runs / RUN).is_dir()
    done = evalsite("rm", "gone", "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"removed runs/{RUN}\n"
    (kept,) = (path for path in runs.iterdir() if path.is_dir())
    (kept / "run.json").write_text("{")
    assert evalsite("rm", kept.name, "--yes").returncode == 0
    assert [gone.id for gone in read_removed(runs)] == [RUN, kept.name]


def test_a_run_at_work_is_not_removed(evalsite, runs):
    """Somebody else's run stays."""
    with RunDir(runs / RUN).lock():
        assert evalsite("rm", "gone", "--yes").returncode == 5
    assert (runs / RUN).is_dir()


def test_published_addresses_of_a_removed_run_say_so(evalsite, runs, tmp_path):
    """The run's page and those of its problems; a run that comes back has its address again."""
    site, options = tmp_path / "site", SiteOptions(site_url="https://me.github.io/results/", jobs=1)
    build_site(runs, site, options=options)
    before = {path.relative_to(site) for path in (site / "runs" / RUN).rglob("index.html")}
    assert evalsite("rm", "gone", "--yes").returncode == 0
    build_site(runs, site, options=options)
    after = {path.relative_to(site) for path in (site / "runs" / RUN).rglob("index.html")}
    assert after == before
    for path in after:
        text = (site / path).read_text()
        assert "This run was removed" in text
        assert "gone on humaneval, made on 2026-11-20" in text
        assert 'content="noindex"' in text
        parse(site / path)
    assert every_internal_link_resolves(site)
    assert "gone" not in (site / "index.html").read_text()
    assert RUN not in json.dumps(json.loads((site / "data/runs.json").read_text()))
    write_run(runs, "gone", [1, 1], n=1)
    build_site(runs, site, options=options)
    assert "This run was removed" not in (site / "runs" / RUN / "index.html").read_text()


def test_comparisons_with_a_removed_run_say_so(evalsite, runs, tmp_path):
    """At the address that they had, whichever run came first; one with a run that came later was none."""
    site, options = tmp_path / "site", SiteOptions(jobs=1)
    third = write_run(runs, "third", [1, 0], n=1, day="2026-11-22").path.name
    build_site(runs, site, options=options)
    compared = {path.parent.name for path in site.glob("compare/*/index.html") if RUN in path.parent.name}
    assert len(compared) == 2
    assert evalsite("rm", "gone", "--yes").returncode == 0
    write_run(runs, "later", [1, 0], n=1, day="2099-01-01")
    build_site(runs, site, options=options)
    for name in compared:
        text = (site / "compare" / name / "index.html").read_text()
        assert "A run of this comparison was removed" in text
        assert "which is still there" in text
        parse(site / "compare" / name / "index.html")
    assert not [path for path in site.glob("compare/*") if RUN in path.name and "later" in path.name]
    assert every_internal_link_resolves(site)
    assert evalsite("rm", third, "--yes").returncode == 0
    build_site(runs, site, options=options)
    text = (site / "compare" / f"{RUN}--{third}" / "index.html").read_text()
    assert "which was removed, too" in text


@pytest.mark.parametrize("noted", [True, False])
def test_pages_below_comparisons_with_a_removed_run_say_so(evalsite, tmp_path, noted):
    """Those of problems that changed sides, which issues link to; of a run that was removed by an older
    evalsite nobody knows which these were: all have one.
    """
    runs, site = tmp_path / "runs", tmp_path / "site"
    for name, passes in (("gone", [2, 0, 1, 2]), ("kept", [0, 2, 1, 2]), ("third", [2, 2, 2, 2])):
        write_run(runs, name, passes, n=2)
    build_site(runs, site, options=SiteOptions(jobs=1))
    folders = [path for path in site.glob("compare/*") if RUN in path.name]
    below = {path.relative_to(site) for folder in folders for path in folder.glob("*/index.html")}
    assert len(below) == 3
    assert evalsite("rm", "gone", "third", "--yes").returncode == 0
    if not noted:
        listed = [json.loads(line) for line in (runs / "removed.jsonl").read_text().splitlines()]
        assert [one.pop("solved") for one in listed] == [[f"HumanEval/{n}" for n in own] for own in SOLVED]
        (runs / "removed.jsonl").write_text("".join(json.dumps(one) + "\n" for one in listed))
    build_site(runs, site, options=SiteOptions(jobs=1))
    for path in below:
        assert "A run of this comparison was removed" in (site / path).read_text()
        parse(site / path)
    made = {path.relative_to(site) for path in site.glob("compare/*/*/index.html")}
    pairs = 3
    assert len(made) == 2 * (2 + 1 + 1 if noted else 4 * pairs)
    assert every_internal_link_resolves(site)


SOLVED = ((0, 2, 3), (0, 1, 2, 3))
"""Numbers of the problems that at least half of the samples of the removed runs pass."""


def test_former_names_of_a_removed_run_say_so_too(evalsite, runs, tmp_path):
    """A redirect that led to it keeps nobody from publishing."""
    renamed = (("older", "former"), ("former", RUN))
    assert evalsite("rm", "gone", "--yes").returncode == 0
    build_site(runs, tmp_path / "site", options=SiteOptions(redirects=renamed, jobs=1))
    for name in ("older", "former", RUN):
        for page in ("index.html", "HumanEval-1/index.html"):
            assert "This run was removed" in (tmp_path / "site/runs" / name / page).read_text()


def test_a_run_that_was_never_published_leaves_no_page(evalsite, runs, tmp_path):
    """It is remembered nowhere."""
    assert evalsite("rm", "gone", "--yes", "--unpublished").returncode == 0
    assert read_removed(runs) == ()


@pytest.mark.parametrize("name", ["a copy", "z copy", ".hidden"])
def test_a_copy_goes_without_a_record(evalsite, runs, name):
    """Its run is still there; it is recorded when the last folder that holds it goes."""
    shutil.copytree(runs / RUN, runs / name)
    done = evalsite("rm", f"runs/{name}", "--yes")
    assert done.returncode == 0, done.stderr
    assert "removed.jsonl" not in done.stderr
    assert (runs / RUN).is_dir()
    assert read_removed(runs) == ()
    assert evalsite("rm", RUN, "--yes").returncode == 0
    assert [gone.id for gone in read_removed(runs)] == [RUN]


def test_an_original_whose_copy_stays_is_not_gone(evalsite, runs):
    """The copy counts as the run from then on; both at once are one removal."""
    shutil.copytree(runs / RUN, runs / "copy")
    assert evalsite("rm", RUN, "--yes").returncode == 0
    assert read_removed(runs) == ()
    shutil.copytree(runs / "copy", runs / RUN)
    assert evalsite("rm", RUN, "copy", "--yes").returncode == 0
    assert [gone.id for gone in read_removed(runs)] == [RUN]


@pytest.mark.parametrize("broken", ["{", '{"id": 5}'])
def test_a_broken_list_of_removed_runs_is_told_with_its_line(evalsite, runs, broken):
    """With the file and what to do."""
    (runs / "removed.jsonl").write_text(f"{broken}\n")
    done = evalsite("build")
    assert done.returncode == 5
    assert "removed.jsonl:1:" in done.stderr.replace("\n", "")


@pytest.mark.parametrize(
    ("faults", "api", "code"),
    [
        ({"rate": 1.0, "faults": ("http-404",)}, "auto", 4),
        ({"rate": 1.0, "faults": ("http-401",)}, "auto", 4),
        (
            {"refused_prompts": dict.fromkeys(("has_close_elements", "separate_paren_groups"), "no room")},
            "completions",
            4,
        ),
    ],
)
def test_a_run_that_never_got_an_answer_leaves_nothing(evalsite_process, tmp_path, faults, api, code):
    """A wrong name of the model: no phantom in report, check or site, and no advice to go on with it."""
    with running(FaultyServer(**faults)) as server:
        done = evalsite_process(
            "run", "--model-endpoint", server.url, "--model-name", "nobody", "--dataset", "humaneval",
            "--no-grade", "--problems", "HumanEval/0,HumanEval/1", *(() if api == "auto" else ("--api", api)),
        )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert "no run is left" in done.stderr
    assert "resume" not in done.stderr
    assert not (tmp_path / "runs").exists()


def test_a_run_that_got_one_answer_is_kept(evalsite_process, tmp_path):
    """The rest can be asked for."""
    server = FaultyServer()
    server.commit("none", *["http-402"] * 20)
    with running(server):
        done = evalsite_process(
            "run", "--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m",
            "--no-grade", "--max-problems", "2", "--concurrency", "1",
        )  # fmt: skip
    assert done.returncode != 0
    assert "evalsite resume" in done.stderr
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_a_distance_is_removed_as_a_run_is(evalsite, runs):
    """By its folder's name; nothing is noted for it, and runs beside it stay."""
    folder = write_distance(runs, "gone", "kept")
    asked = evalsite("rm", folder.path.name)
    assert asked.returncode == 2
    assert "a distance, kept against gone, 60 positions, complete" in asked.stderr
    done = evalsite("rm", folder.path.name, "gone", "--yes")
    assert done.returncode == 0, done.stderr
    assert not folder.path.exists()
    assert [path.name for path in runs.iterdir() if path.is_dir()] == [RUN.replace("gone", "kept")]
