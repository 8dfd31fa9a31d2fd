"""One small site for all tests of this room, a server for it, and one Chromium."""

import asyncio
import shutil

import msgspec
import pytest
from playwright.sync_api import sync_playwright

from evalsite.rundir.schema import Verdict
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.build import build_site
from evalsite.site.evidence.judgement import judge_all
from evalsite.site.evidence.runs import gather
from evalsite.site.options import SiteOptions
from evalsite.stats.targets import named_targets
from tests.make import CANDIDATE, write_demo, write_rows, write_run
from tests.once import once_for_all
from tests.publish.conftest import repository as repository
from tests.site.serving import opening, serving
from tests.site.sparing import cards_as_published, in_one_process, small_cards

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


@pytest.fixture(scope="module", autouse=True)
def small_sites():
    """Whatever is built here is built quickly; commands of other rooms run in the same process."""
    with in_one_process(), small_cards():
        yield


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demo's runs and their site; for all processes, so nobody writes to it."""
    return once_for_all(tmp_path_factory, "demo", write_built)


def write_built(folder):
    """Write the demo's runs and build their site."""
    write_demo(folder / "runs")
    _build(folder)


def _build(folder):
    with in_one_process(), small_cards():
        build_site(folder / "runs", folder / "site", options=OPTIONS)


@pytest.fixture(scope="session")
def demo_runs(demo):
    return demo / "runs"


@pytest.fixture(scope="session")
def site(demo):
    """The demo site, built once."""
    return demo / "site"


@pytest.fixture(scope="session")
def published(demo_runs, tmp_path_factory):
    """The demo site with its cards as large as they are published."""
    with cards_as_published():
        build_site(demo_runs, output := tmp_path_factory.mktemp("published"), options=OPTIONS)
    return output


@pytest.fixture(scope="session")
def address(site):
    with serving(site, "/results/") as base:
        yield base


@pytest.fixture(scope="package")
def launched():
    """One Chromium for the modules of this room that follow one another, and the loop that it is asked in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        loop = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
        yield browser, loop
        asyncio._set_running_loop(loop)
        browser.close()


@pytest.fixture(scope="module")
def chromium(launched):
    """The browser; its event loop rests behind the module, as others run loops of their own."""
    browser, loop = launched
    asyncio._set_running_loop(loop)
    yield browser
    asyncio._set_running_loop(None)


@pytest.fixture
def open_page(chromium, address):
    """Open pages of the site; any console error, page error or request off the site fails the test."""
    with opening(chromium, address) as open_one:
        yield open_one


HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}{% raw %}\u202e\x1b[31m"
    "\"'`${1}&amp;javascript:alert(3)\x00\ufffe"
) + 300 * "w"

TRACEBACK = f'File "<program>", line 1\nFile "<program>", line {10**12}\n{HOSTILE}'


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory):
    """A site whose every text was written by somebody who means harm."""
    return once_for_all(tmp_path_factory, "hostile", _write_hostile) / "site"


def _write_hostile(folder):
    for day, role in (("2026-11-18", "baseline"), ("2026-11-19", "candidate")):
        notes = f"# {HOSTILE}\n[a](javascript:alert(4))\n"
        _poison(write_run(folder / "runs", "x", [1, 0, 0], n=3, day=day, notes=notes), role)
    _build(folder)


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
def built(demo, tmp_path):
    """A site of its own for tests that change it."""
    return tuple(shutil.copytree(demo / name, tmp_path / name) for name in ("runs", "site"))
