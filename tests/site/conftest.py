"""One small site for all tests of this room, a server for it, and one Chromium."""

import shutil

import msgspec
import pytest
import resvg_py
from playwright.sync_api import sync_playwright

from evalsite.rundir.schema import Verdict
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.build import build_site
from evalsite.site.evidence.judgement import judge_all
from evalsite.site.evidence.runs import gather
from evalsite.site.options import SiteOptions
from evalsite.stats.targets import named_targets
from tests.make import CANDIDATE, write_demo, write_rows, write_run
from tests.publish.conftest import repository as repository
from tests.site.serving import serving

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
"""The browser that ``scripts/system-packages`` sees to; the shell opens pages at a fifth of the cost."""

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
OPTIONS = SiteOptions(
    title="Toy results",
    site_url="https://example.org/results",
    repository="toy/results",
    targets=named_targets("qwen3-coder-80b-ternary"),
    jobs=1,
)


@pytest.fixture(scope="session", autouse=True)
def cards_drawn_once():
    """The same card is drawn once for all of the hundred sites that are built here: a third of their time."""
    draw, drawn = resvg_py.svg_to_bytes, {}

    def once(**asked):
        key = repr(sorted(asked.items()))
        if key not in drawn:
            drawn[key] = draw(**asked)
        return drawn[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resvg_py, "svg_to_bytes", once)
        yield


@pytest.fixture(scope="session")
def demo_runs(tmp_path_factory):
    runs = tmp_path_factory.mktemp("runs")
    write_demo(runs)
    return runs


@pytest.fixture(scope="session")
def site(demo_runs, tmp_path_factory):
    """The demo site, built once."""
    output = tmp_path_factory.mktemp("site")
    build_site(demo_runs, output, options=OPTIONS)
    return output


@pytest.fixture(scope="session")
def address(site):
    with serving(site, "/results/") as base:
        yield base


@pytest.fixture(scope="module")  # its event loop must not outlive the module: others run loops of their own
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, address):
    """Open pages of the site; any console error, page error or request off the site fails the test."""
    contexts, complaints = [], []

    def open_one(path="", **options):
        base = options.pop("base", address)
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: said.type in ("error", "warning") and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: request.url.startswith((base, "data:")) or complaints.append(request.url),
        )
        page.goto(base + path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}{% raw %}\u202e\x1b[31m"
    "\"'`${1}&amp;javascript:alert(3)\x00\ufffe"
) + 300 * "w"

TRACEBACK = f'File "<program>", line 1\nFile "<program>", line {10**12}\n{HOSTILE}'


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory):
    """A site whose every text was written by somebody who means harm."""
    runs, output = tmp_path_factory.mktemp("hostile-runs"), tmp_path_factory.mktemp("hostile")
    for day, role in (("2026-11-18", "baseline"), ("2026-11-19", "candidate")):
        run_dir = write_run(
            runs, "x", [1, 0, 0], n=3, day=day, notes=f"# {HOSTILE}\n[a](javascript:alert(4))\n"
        )
        _poison(run_dir, role)
    build_site(runs, output, options=OPTIONS)
    return output


def _poison(run_dir, role):
    replace = msgspec.structs.replace
    run = run_dir.read_run()
    card = replace(
        run.model.card, role=role, family=HOSTILE, quantization=HOSTILE, link="javascript:alert(5)"
    )
    model = replace(run.model, name=HOSTILE + role, card=card, server={HOSTILE: HOSTILE})
    run_dir.write_run(replace(run, model=model, origin=HOSTILE))
    problems = [
        replace(one, task_id=f"Evil/{HOSTILE}/{number}", prompt=HOSTILE, tests=HOSTILE, reference=HOSTILE)
        for number, one in enumerate(run_dir.problems())
    ]
    run_dir.write_problems(problems)
    rows = [
        Verdict(
            problem=one.task_id, sample=sample, verdict=VerdictClass.RUNTIME_ERROR, exception=HOSTILE,
            message=HOSTILE, traceback=TRACEBACK, line=1, failed_test=HOSTILE, output=HOSTILE,
            program=f"{HOSTILE}\n# {sample}\n{'x' * 5000}", rule=HOSTILE,
        )
        for one in problems
        for sample in range(3)
    ]  # fmt: skip
    write_rows(run_dir, rows)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """For charts and cards: runs of four days, name -> (entry, side), and what is concluded."""
    folder = tmp_path_factory.mktemp("charts")
    smaller = msgspec.structs.replace(CANDIDATE, bits_per_weight=2.0)
    write_run(folder, "Plain", [5, 10], day="2026-11-17")
    write_run(folder, "Small", [9, 10], card=CANDIDATE, day="2026-11-18")
    write_run(folder, "Smaller", [4, 6], card=smaller, day="2026-11-19")
    write_run(folder, "<b>Greedy", [1, 0], n=1, day="2026-11-20")
    evidence = gather(folder, SiteOptions())
    judgement = judge_all(evidence, SiteOptions().targets, 200)
    return {entry.model: (entry, judgement.side(entry)) for entry in evidence.entries}, judgement


@pytest.fixture
def built(tmp_path):
    """A site of its own for tests that change it."""
    runs, output = tmp_path / "runs", tmp_path / "site"
    runs.mkdir()
    write_demo(runs)
    build_site(runs, output, options=OPTIONS)
    return runs, output
