"""Runs that cannot be read keep no other from being shown: they are named, by the command and on the site."""

import shutil

import pytest

from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from tests.make import write_run
from tests.site.helpers import every_internal_link_resolves, parse

POINTER = (
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)
RUN = "2026-11-20T10-00-00Z--other--humaneval"


@pytest.fixture
def runs(tmp_path):
    """Three runs of two problems."""
    for name, passes in (("fp8", [2, 1]), ("ternary", [1, 1]), ("other", [0, 1])):
        write_run(tmp_path / "runs", name, passes, n=2)
    return tmp_path / "runs"


FILES = ["run.json", "summary.json", "problems.jsonl", "completions.jsonl", "verdicts.jsonl"]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(("text", "why"), [(POINTER, "is a pointer of Git LFS"), ('{"id": \n', ": ")])
def test_the_others_are_built_and_the_site_names_it(evalsite, runs, tmp_path, file, text, why):
    """Exit code 5 behind the site; with --strict there is none; mended, it is there and named no more."""
    before = (runs / RUN / file).read_bytes()
    (runs / RUN / file).write_text(text)
    strict = evalsite("build", "--strict")
    assert strict.returncode == 5
    assert not (tmp_path / "site").exists()
    done = evalsite("build")
    assert done.returncode == 5, done.stderr
    assert done.stdout.strip() == "site/index.html"
    assert f"{RUN}/{file}" in done.stderr.replace("\n", "")
    page = (tmp_path / "site/index.html").read_text()
    assert "Runs that could not be read" in page
    assert f"{RUN}: {file}" in page
    assert why in page
    assert str(tmp_path) not in page
    assert {path.name for path in (tmp_path / "site/runs").iterdir()} == {
        path.name for path in runs.iterdir() if path.is_dir() and path.name != RUN
    }
    parse(tmp_path / "site/index.html")
    assert every_internal_link_resolves(tmp_path / "site")
    (runs / RUN / file).write_bytes(before)
    assert evalsite("build").returncode == 0
    assert "could not be read" not in (tmp_path / "site/index.html").read_text()


def test_no_run_at_all_could_be_read(evalsite, runs, tmp_path):
    """Then nobody is told to make a first one."""
    for path in runs.iterdir():
        (path / "run.json").write_text(POINTER)
    assert evalsite("build").returncode == 5
    page = (tmp_path / "site/index.html").read_text()
    assert page.count("is a pointer of Git LFS") == 3
    assert "No runs yet" not in page


def test_a_run_that_is_not_sound_is_left_out_when_asked_for(evalsite, runs, tmp_path):
    """A verdict twice: shown where nobody asks, and left out with the first of its faults with --validate."""
    verdicts = runs / RUN / "verdicts.jsonl"
    verdicts.write_text(verdicts.read_text() + verdicts.read_text().splitlines()[0] + "\n")
    assert evalsite("build").returncode == 0
    assert (tmp_path / "site/runs" / RUN / "index.html").is_file()
    done = evalsite("build", "--validate")
    assert done.returncode == 5
    assert "is not sound: verdicts.jsonl: HumanEval/0 sample 0 stands there more than once" in " ".join(
        done.stderr.split()
    )
    assert not (tmp_path / "site/runs" / RUN).exists()
    assert f"{RUN}: is not sound" in (tmp_path / "site/index.html").read_text()


def test_a_redirect_to_a_run_that_cannot_be_read_stops_nothing(runs, tmp_path):
    """What it leads to is missing for now, which is told."""
    renamed = (("former", RUN),)
    build_site(runs, tmp_path / "site", options=SiteOptions(redirects=renamed, jobs=1))
    assert (tmp_path / "site/runs/former/index.html").is_file()
    (runs / RUN / "verdicts.jsonl").write_text(POINTER)
    report = build_site(runs, tmp_path / "site", options=SiteOptions(redirects=renamed, jobs=1))
    assert [one.run_id for one in report.unread] == [RUN]


def test_its_own_address_is_kept_for_it(runs, tmp_path):
    """A run beside it whose name differs in case alone gets the same slug with and without it."""
    twin = runs / RUN.replace("other", "OTHER")
    shutil.copytree(runs / RUN, twin)
    (twin / "run.json").write_text((twin / "run.json").read_text().replace(RUN, twin.name))
    build_site(runs, tmp_path / "site", options=SiteOptions(jobs=1))
    slugs = {path.name for path in (tmp_path / "site/runs").iterdir() if "other" in path.name.lower()}
    assert len(slugs) == 2
    (twin / "completions.jsonl").write_text(POINTER)
    build_site(runs, tmp_path / "site", options=SiteOptions(jobs=1))
    left = {path.name for path in (tmp_path / "site/runs").iterdir() if "other" in path.name.lower()}
    assert len(left) == 1
    assert left < slugs
