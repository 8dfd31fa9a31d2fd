"""What is made again, and what is not: a part of a site is never older than anything that it shows."""

import dataclasses
import json
import shutil

import msgspec
import pytest

import evalsite.assets
import evalsite.site.build
from evalsite.rundir.store import RunDir
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.build import build_site
from evalsite.site.options import RunRule
from evalsite.site.output.folder import STATE
from evalsite.site.parts import PARTS
from evalsite.site.parts.base import Data, Part
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.stats.targets import parse_targets
from tests.conftest import ROOT
from tests.make import BASELINE, CANDIDATE, write_rows, write_run
from tests.site.conftest import OPTIONS

FP8, TERNARY, OTHER = (
    "2026-11-18T10-00-00Z--toy-fp8--humaneval",
    "2026-11-20T10-00-00Z--toy-ternary--humaneval",
    "2026-11-16T10-00-00Z--other--humaneval",
)
replace = msgspec.structs.replace


def files_of(site):
    """Every file of a site, but for the account of the build."""
    return {
        str(path.relative_to(site)): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and path.name != STATE
    }


def with_card(run_id, **changes):
    def change(runs):
        run_dir = RunDir(runs / run_id)
        run = run_dir.read_run()
        run_dir.write_run(replace(run, model=replace(run.model, card=replace(run.model.card, **changes))))

    return change


def with_name(run_id, name):
    def change(runs):
        run_dir = RunDir(runs / run_id)
        run = run_dir.read_run()
        run_dir.write_run(replace(run, model=replace(run.model, name=name)))

    return change


def with_verdict(run_id, row, **changes):
    def change(runs):
        run_dir = RunDir(runs / run_id)
        rows = list(run_dir.verdicts())
        rows[row] = replace(rows[row], **changes)
        write_rows(run_dir, rows)

    return change


def with_problem(run_id, **changes):
    def change(runs):
        run_dir = RunDir(runs / run_id)
        first, *rest = run_dir.problems()
        run_dir.write_problems([replace(first, **changes), *rest])

    return change


def with_notes(text):
    def change(runs):
        (runs / TERNARY / "NOTES.md").write_text(text)

    return change


def with_run(model, passes, **changes):
    def change(runs):
        write_run(runs, model, passes, **changes)

    return change


def with_options(**changes):
    """A change of the options alone."""
    return lambda _runs: dataclasses.replace(OPTIONS, **changes)


def in_templates(name):
    """A change of a template of this program."""

    def change(runs):
        path = runs.parent / "program" / "templates" / name
        path.write_text(path.read_text().replace("<h1>", '<h1 class="other">'))

    return change


TARGETS = parse_targets(
    'format = 1\n[[target]]\nname = "Another"\nmetric = "pass@1"\ndataset = "humaneval"\nabove = 61\n',
    "other.toml",
)

CHANGES = {
    "model card": with_card(OTHER, quantization="4 bits", bits_per_weight=4.0),
    "role in a model card": with_card(OTHER, role="candidate"),
    "baseline's model card": with_card(FP8, server="another"),
    "name of a model": with_name(OTHER, "Renamed"),
    "name of the baseline": with_name(FP8, "Renamed"),
    "notes": with_notes("Other notes.\n"),
    "message of a verdict": with_verdict(TERNARY, 7, message="another message"),
    "program of the baseline": with_verdict(FP8, 8, program="def add2(a, b):\n    return 0\n"),
    "score of another run": with_verdict(OTHER, 1, verdict=VerdictClass.TIMEOUT),
    "score of the baseline": with_verdict(FP8, 0, verdict=VerdictClass.TIMEOUT),
    "prompt of a problem": with_problem(FP8, prompt="Another prompt.", kind="text"),
    "entry point of a problem": with_problem(OTHER, entry_point="other_name"),
    "problem that only a new run asks": with_run("Longer", [1] * 5, n=1, day="2026-11-22"),
    "run of another model": with_run("Fourth", [1] * 4, n=3, day="2026-11-22"),
    "repeat of the baseline": with_run("Toy-FP8", [2] * 4, n=3, day="2026-11-22"),
    "problems under a known name": with_run(
        "Else", [1], n=1, dataset="else", prefix="HumanEval", day="2026-11-22", card=CANDIDATE
    ),
    "removal of a run": lambda runs: shutil.rmtree(runs / OTHER),
    "removal of the baseline": lambda runs: shutil.rmtree(runs / FP8),
    "baseline": with_options(baseline="Other"),
    "title": with_options(title="Renamed"),
    "address of the site": with_options(site_url="https://example.com/"),
    "no address of the site": with_options(site_url=""),
    "repository": with_options(repository=""),
    "limit of samples": with_options(max_samples_per_problem=1),
    "rule": with_options(rules=(RunRule(match=("Toy-FP8",), archive="counts"),)),
    "run that is left out": with_options(exclude=("Other",)),
    "downloads": with_options(downloads=False),
    "targets": with_options(targets=TARGETS),
    "redirects": with_options(redirects=(("an-old-name", OTHER),)),
    **{
        f"template of a {name}": in_templates(f"pages/{name}.html")
        for name in ("run", "compare", "flip", "problem", "problem_in_run", "leaderboard")
    },
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Four small runs, and their site, to be copied."""
    folder = tmp_path_factory.mktemp("built")
    runs = folder / "runs"
    write_run(runs, "Toy-FP8", [3, 3, 2, 0], n=3, card=BASELINE, day="2026-11-18")
    write_run(runs, "Toy-Ternary", [3, 1, 0, 2], n=3, card=CANDIDATE, day="2026-11-20", notes="Notes.\n")
    write_run(runs, "Other", [1, 1, 0, 1], n=1, day="2026-11-16")
    write_run(
        runs, "Toy-Ternary", [1, 0], n=1, card=CANDIDATE, day="2026-11-21", dataset="mbpp-test", kind="text",
        prefix="MBPP",
    )  # fmt: skip
    build_site(folder / "runs", folder / "site", options=OPTIONS)
    return folder


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A copy of the program's templates and static files, to be changed."""
    for name in ("templates", "static"):
        shutil.copytree(ROOT / name, tmp_path / "program" / name)
    monkeypatch.setattr(evalsite.assets, "_PACKAGE", tmp_path / "program" / "evalsite")


@pytest.mark.usefixtures("program")
@pytest.mark.parametrize("change", CHANGES)
def test_a_build_after_a_change_is_a_build_from_nothing(change, built, tmp_path):
    """Whatever changes, of all that pages show: no part stays as it was."""
    runs, site = (shutil.copytree(built / name, tmp_path / name) for name in ("runs", "site"))
    before = files_of(site)
    options = CHANGES[change](runs) or OPTIONS
    build_site(runs, site, options=options)
    build_site(runs, tmp_path / "anew", options=options)
    after, anew = files_of(site), files_of(tmp_path / "anew")
    assert after != before
    assert {name for name in anew if after.get(name) != anew[name]} == set()
    further = sorted(after.keys() - anew.keys())
    assert [name for name in further if b'<a id="to"' not in after[name]] == [], "they lead on"


@pytest.mark.usefixtures("program")
def test_pages_that_a_cache_holds_keep_their_looks(built, tmp_path):
    """The style of the last generation stays, whatever is built meanwhile; that of the one before goes."""
    runs, site = (shutil.copytree(built / name, tmp_path / name) for name in ("runs", "site"))
    style = tmp_path / "program" / "static" / "css" / "base.css"

    def generation(number):
        style.write_text(f"{style.read_text()}\n.generation-{number} {{ color: red }}\n")
        build_site(runs, site, options=OPTIONS)
        return {path.name for path in (site / "assets").glob("site.*.css")}

    (first,) = {path.name for path in (site / "assets").glob("site.*.css")}
    (second,) = generation(2) - {first}
    assert generation(2) != {first, second}, "a third has come"
    with_notes("Other notes.\n")(runs)
    build_site(runs, site, options=OPTIONS)
    kept = {path.name for path in (site / "assets").glob("site.*.css")}
    assert second in kept
    assert first not in kept
    assert len(kept) == 2


def test_a_run_that_is_left_out_may_take_an_address(built, tmp_path):
    """Runs that no page shows still have their slugs: the pages of others move, and links with them."""
    runs, site = (shutil.copytree(built / name, tmp_path / name) for name in ("runs", "site"))
    options = dataclasses.replace(OPTIONS, exclude=("Loud",))
    build_site(runs, site, options=options)
    loud = write_run(tmp_path / "elsewhere", "Loud", [1], n=1)
    loud.write_run(replace(loud.read_run(), id=OTHER.upper()))
    shutil.copytree(loud.path, runs / OTHER.upper())
    build_site(runs, site, options=options)
    build_site(runs, tmp_path / "anew", options=options)
    assert not (site / "runs" / OTHER).exists()
    assert files_of(site) == files_of(tmp_path / "anew")


@dataclasses.dataclass(frozen=True)
class LengthPart(Part):
    """A toy: how many problems a run was asked."""

    what = "lengths"
    path: str
    length: int

    @classmethod
    def all_of(cls, judgement):
        for run in judgement.evidence.entries:
            yield cls(f"lengths/{judgement.evidence.urls.runs[run.id]}/", len(run.task_ids))

    @property
    def name(self):
        return f"length:{self.path}"

    @property
    def listed(self):
        return (self.path,)

    def files(self, options):
        frame = Frame(self.path, "Length", f"{self.length} problems", (Crumb(options.title, self.path),))
        yield Page("pages/404.html", frame, None)
        yield Data(f"{self.path}length.json", json.dumps(self.length).encode())


def test_a_kind_of_page_is_added_in_one_place(built, tmp_path, monkeypatch):
    """It is rendered, counted, listed for crawlers, kept while it may be, and taken away with its run."""
    runs, site = (shutil.copytree(built / name, tmp_path / name) for name in ("runs", "site"))
    monkeypatch.setattr(evalsite.site.build, "PARTS", (*PARTS, LengthPart))
    with_notes("Other notes.\n")(runs)
    report = build_site(runs, site, options=OPTIONS)
    page = site / "lengths" / OTHER / "index.html"
    assert '<meta name="description" content="4 problems">' in page.read_text()
    assert (page.parent / "length.json").read_text() == "4"
    assert f"lengths/{OTHER}/" in (site / "sitemap.xml").read_text()
    assert [(made.count, made.total) for made in report.made if made.what == "lengths"] == [(4, 4)]

    write_run(runs, "Longer", [1] * 5, n=1, day="2026-11-22")
    shutil.rmtree(runs / OTHER)
    report = build_site(runs, site, options=OPTIONS)
    assert [(made.count, made.total) for made in report.made if made.what == "lengths"] == [(1, 4)]
    assert not page.parent.exists()
