"""Flips in a real Chromium: both programs, other samples, what is copied, and the way there."""

import re

import pytest
from msgspec import structs

from evalsite.site.build import build_site
from tests.make import BASELINE, CANDIDATE, problem, write_rows, write_run
from tests.site.conftest import OPTIONS
from tests.site.helpers import RUN
from tests.site.serving import serving
from tests.site.test_browser import BASE, COMPARE, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("browser"),
]  # one Chromium for all


@pytest.mark.parametrize(("width", "columns"), [(768, 2), (767, 1)])
def test_both_programs_stand_side_by_side_where_there_is_room(open_page, width, columns):
    """Two columns from 768 pixels on; below, one after the other, and what both share only once."""
    page = open_page(f"{COMPARE}HumanEval-3/", viewport={"width": width, "height": 800})
    left, right = (page.locator(f".beside .head.{role}").bounding_box() for role in ("baseline", "candidate"))
    assert (left["y"] == right["y"]) is (columns == 2)
    shared = page.locator(".beside .same")
    assert sum(pane.is_visible() for pane in shared.all()) == shared.count() * columns // 2
    assert page.locator(".changed.candidate .l.failed", has_text="total = a + c").is_visible()


def test_flips_are_one_key_apart(open_page):
    """From the comparison to a flip, on to the next one, and to the sample in its run."""
    page = open_page(COMPARE)
    page.locator("#broken").get_by_role("link", name="HumanEval/3", exact=True).click()
    page.wait_for_url(re.compile("compare/.*/HumanEval-3/$"))
    for task in ("HumanEval-7", "HumanEval-2"):  # the surest changes first
        page.keyboard.press("]")
        page.wait_for_url(re.compile(f"compare/.*/{task}/$"))
    page.locator(".head.candidate p a").click()
    page.wait_for_url(re.compile(f"{RUN}HumanEval-2/#s4$"))


def test_any_two_samples_can_stand_beside_each_other(open_page):
    """Their programs come from their own pages; the pair stands in the address, and goes as it came."""
    page = open_page(f"{COMPARE}HumanEval-3/")
    before = page.locator(".beside").inner_text()
    page.locator('.head.candidate [data-choose="4"]').click()
    page.get_by_text("the sign is wrong in attempt 4").wait_for()
    assert page.url.endswith("#baseline=0&candidate=4")
    assert page.locator(".changed.candidate .l").count() == 2
    assert "Wrong answer" in page.locator(".head.candidate").inner_text()
    assert page.locator(".head.candidate dd").all_text_contents() == ["add3(1, 2)", "3", "-1"]
    page.reload()
    page.get_by_text("the sign is wrong in attempt 4").wait_for()
    page.locator('.head.candidate [data-choose="0"]').click()
    until(page, "() => document.querySelector('.beside').innerText.includes('total = a + c')")
    assert page.locator(".beside").inner_text() == before


def test_samples_can_be_chosen_without_scripts(open_page):
    """A sample to choose is a link to it."""
    page = open_page(f"{COMPARE}HumanEval-3/", java_script_enabled=False)
    page.locator('.head.candidate [data-choose="4"]').click()
    assert page.url.endswith(f"{RUN}HumanEval-3/#s4")


def test_a_flip_is_copied_with_its_address(open_page, address):
    """Its link, to the line where one is meant, and a report in Markdown."""
    page = open_page(f"{COMPARE}HumanEval-3/#candidate-L2", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == f"https://example.org/results/{COMPARE}HumanEval-3/#candidate-L2"
    page = open_page(f"{COMPARE}HumanEval-3/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy as Markdown").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith(
        f"[HumanEval/3: broken, −80 points](https://example.org/results/{COMPARE}HumanEval-3/)"
    )


def test_what_is_copied_and_reported_is_the_pair_that_is_shown(open_page):
    """Other samples than the page's own: each with its address, and an issue of the one that failed."""
    page = open_page(f"{COMPARE}HumanEval-3/", permissions=["clipboard-read", "clipboard-write"])
    issue = page.locator(".acts .issue")
    own = issue.get_attribute("href")
    page.locator('.head.candidate [data-choose="4"]').click()
    page.get_by_text("the sign is wrong in attempt 4").wait_for()
    page.get_by_role("button", name="Copy as Markdown").click()
    page.get_by_role("button", name="Copied").wait_for()
    head, *told = page.evaluate("() => navigator.clipboard.readText()").split("\n\n")
    where = f"https://example.org/results/{COMPARE}HumanEval-3/#baseline=0&candidate=4"
    assert head == f"[HumanEval/3: broken, −80 points]({where}) (`Toy-Ternary` against `Toy-FP8`)"
    assert told[0].startswith(
        f"**baseline**: [HumanEval/3, sample 0](https://example.org/results/{BASE}HumanEval-3/#s0)"
    )
    (candidate,) = [each for each in told if each.startswith("**candidate**")]
    assert candidate.startswith(
        f"**candidate**: [HumanEval/3, sample 4](https://example.org/results/{RUN}HumanEval-3/#s4)"
    )
    assert "in attempt 4" in "".join(told)
    assert "sample+4" in issue.get_attribute("href") or "sample%204" in issue.get_attribute("href")
    page.locator('.head.candidate [data-choose="0"]').click()
    until(page, "() => document.querySelector('.beside').innerText.includes('total = a + c')")
    assert issue.get_attribute("href") == own


def test_a_failed_sample_leads_to_its_flip(open_page):
    """From its head; where the problem has not changed sides, to both programs further down."""
    page = open_page(f"{RUN}HumanEval-3/")
    page.locator(".sample").first.get_by_role("link", name="Beside the baseline").click()
    assert page.url.endswith(f"{COMPARE}HumanEval-3/")
    page = open_page(f"{RUN}HumanEval-5/")
    page.locator(".sample.bad").first.get_by_role("link", name="Beside the baseline").click()
    assert page.url.endswith("#baseline-h")


SHARED = "".join(f"    step = {i}\n" for i in range(12))
FIRST, LAST = 6, 19
"""Lines of a program: the first that is its own, behind the prompt, and the one that differs."""


@pytest.fixture(scope="module")
def folded(tmp_path_factory):
    """A site, and a flip in it whose programs begin with the prompt and share most of the rest."""
    folder = tmp_path_factory.mktemp("folded")
    asked = problem(0).prompt
    for model, card, passes in (("Toy-FP8", BASELINE, [2]), ("Toy-Ternary", CANDIDATE, [0])):
        run_dir = write_run(folder / "runs", model, passes, n=2, card=card, day=f"2026-11-2{len(model) % 7}")
        rows = [
            structs.replace(
                row,
                program=f"{asked}{SHARED}    # {row.sample}\n    return a {'-+'[bool(passes[0])]} b\n",
                line=None,
            )
            for row in run_dir.verdicts()
        ]
        write_rows(run_dir, rows)
    build_site(folder / "runs", folder / "site", options=OPTIONS)
    with serving(folder / "site") as base:
        (page,) = (folder / "site").glob("compare/*/HumanEval-0/index.html")
        yield base, f"{page.parent.relative_to(folder / 'site')}/"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [360, 1440])
def test_a_link_to_a_line_that_is_folded_away_shows_it(open_page, folded, scripts, width):
    """Of the prompt, and of what both programs share, on either side and on any screen."""
    base, path = folded
    lines = [f"{role}-L{number}" for role in ("baseline", "candidate") for number in (2, FIRST + 1, LAST)]
    page = open_page(path, base=base, java_script_enabled=scripts, viewport={"width": width, "height": 740})
    for line in lines:
        page.goto(f"{base}{path}?{line}#{line}")  # another address each time, so that it is loaded again
        found = page.locator(f".l:target[id={line}]")
        found.wait_for()
        until(page, f"() => document.getElementById('{line}').getBoundingClientRect().top < innerHeight")
        assert found.bounding_box()["y"] > 0, line
        assert found.evaluate("line => line.checkVisibility({ contentVisibilityAuto: true })"), line


def test_what_is_folded_away_unfolds(open_page, folded):
    """By hand, too: the prompt and what both share; on a phone once."""
    base, path = folded
    page = open_page(path, base=base, viewport={"width": 1440, "height": 900})
    folds = page.locator(".beside .shared > summary")
    assert folds.all_text_contents() == ["5 lines of the prompt in both", "10 lines that both share"]
    for fold in folds.all():
        fold.click()
    assert page.locator(".beside .shared .l:visible").count() == 2 * (5 + 10)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.locator(".beside .shared .l:visible").count() == 5 + 10


def test_a_line_beside_another_sample_has_an_address(open_page, folded):
    """It names both samples and the line, folds or not, and goes on showing them."""
    base, path = folded
    page = open_page(path, base=base)
    page.locator('.head.candidate [data-choose="1"]').click()
    until(page, "() => document.querySelector('.beside[data-turned]') !== null")
    folds = page.locator(".beside .shared > summary")
    assert folds.all_text_contents() == ["5 lines of the prompt in both", "9 lines that both share"]
    page.locator(f"#candidate-L{LAST} a").click()
    line = f"#baseline=0&candidate=1&line=candidate-L{LAST}"
    assert page.url.endswith(line)
    page.locator(f"#candidate-L{LAST}.aimed").wait_for()  # the address changes first
    line = line.replace(str(LAST), "2")
    page = open_page(f"{path}{line}", base=base, viewport={"width": 360, "height": 740})
    aimed = page.locator("#candidate-L2.aimed")
    aimed.wait_for()
    assert aimed.is_visible()
    assert page.locator('.head.candidate [aria-current="true"]').get_attribute("data-choose") == "1"
