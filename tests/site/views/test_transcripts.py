"""An agent's transcript on its problem's page: turn by turn, folded, each with an address of its own."""

import json

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from msgspec import structs

from evalsite.counts.tally import rebuild_summary
from evalsite.rundir.agents import AgentEnd
from evalsite.rundir.calls import CallPiece
from evalsite.rundir.schema import Completion, Verdict
from evalsite.rundir.steps import Step, StepAnswer, StepResults, Steps, ToolResult, append_steps
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.build import build_site
from evalsite.site.views.transcripts import MOST_TEXT, transcript_of
from tests.edits.exercises import PROBLEMS
from tests.make import write_run
from tests.site.conftest import HOSTILE, OPTIONS
from tests.site.helpers import every_internal_link_resolves, parse
from tests.site.serving import serving
from tests.site.test_accessibility import RULES, violations
from tests.site.test_widths import overhangs

pytestmark = pytest.mark.xdist_group("transcripts")
EDITED = {"path": "add.py", "old": "    pass\n", "new": "    return a - b\n"}


def answer(text="", calls=(), **told):
    pieces = tuple(CallPiece(index=at, name=name, arguments=given) for at, (name, given) in enumerate(calls))
    return Completion(problem="p", sample=0, text=text, form="response", calls=pieces, **told)


def result(tool, arguments, text, **told):
    return ToolResult(tool=tool, arguments=json.dumps(arguments), text=text, **told)


def step(*results, text="", **told):
    return Step(answer(text, [(one.tool, one.arguments) for one in results], **told), results)


STEPS = Steps(
    [
        step(result("read_file", {"path": "add.py"}, "def add(a, b):\n    pass\n"), text="Let me look."),
        step(result("edit_file", EDITED, "add.py is changed.", changed=True), completion_tokens=40),
        step(result("run_tests", {}, "1 of 2 tests failed", passed=False), latency_s=1.5, reasoning="Hm."),
        step(ToolResult(tool="open", arguments="", text="there is no tool open", broken=True)),
        Step(answer("I can't.")),
    ]
)
ENDED = Verdict(
    problem="p",
    sample=3,
    verdict="gave_up",
    rule="agent",
    agent=AgentEnd(ending=VerdictClass.GAVE_UP, turns=5),
)


def test_each_turn_says_in_a_line_what_it_does():
    """With the mark of its tests, or of a call that nobody could carry out."""
    shown = transcript_of(ENDED, STEPS)
    assert shown.says == "5 turns, ended by: gave up"
    assert [(turn.anchor, turn.says, turn.mark and turn.mark.word) for turn in shown.turns] == [
        ("s3-t1", "read_file add.py", None),
        ("s3-t2", "edit_file add.py", None),
        ("s3-t3", "run_tests", "tests fail"),
        ("s3-t4", "open", "cannot be carried out"),
        ("s3-t5", "words, and no call", None),
    ]
    assert [turn.facts for turn in shown.turns] == ["", "40 tokens", "1.50 s", "", ""]
    assert (shown.turns[0].text, shown.turns[2].thought) == ("Let me look.", "Hm.")


def test_an_edit_is_a_diff():
    """Of the text that goes and the one that comes; its path stands above."""
    (call,) = transcript_of(ENDED, STEPS).turns[1].calls
    assert call.arguments == (("path", "add.py"),)
    assert [line.text for line in call.diff.lines[1:]] == ["-    pass", "+    return a - b"]


def test_what_is_missing_odd_or_endless_is_told_and_bounded():
    """Nothing recorded, calls that were not carried out, arguments that are no object, long texts."""
    assert transcript_of(ENDED, None) is None
    assert transcript_of(ENDED, Steps()) is None
    many = step(*[result("read_file", {"path": "x" * 500}, "y" * 20_000) for _ in range(6)])
    odd = step(ToolResult(tool="", arguments="[1]", text=""), ToolResult(tool="f", arguments="{", text=""))
    left = Step(answer(calls=[("run_tests", "{}")]))
    shown = transcript_of(ENDED, Steps([many, odd, left])).turns
    assert shown[0].says.endswith(" and 2 more")
    assert len(shown[0].says) < 500
    assert len(shown[0].calls[0].result) < MOST_TEXT + 100
    assert [call.arguments for call in shown[1].calls] == [(("", "[1]"),), (("", "{"),)]
    assert (shown[2].says, shown[2].pending) == ("calls that were not carried out", True)


def write_agent_run(runs, text=""):
    """A run with two samples of one exercise that came to the same files by other ways."""
    run_dir = write_run(runs, "Agent", [0], n=2)
    problem = structs.replace(PROBLEMS["python"], kind="agent")
    run_dir.write_problems([problem])
    rows = [
        structs.replace(ENDED, problem=problem.task_id, sample=at, program=problem.reference) for at in (0, 1)
    ]
    run_dir.write_verdicts(rows)
    (run_dir.path / "completions.jsonl").unlink(missing_ok=True)
    with run_dir.append_completions() as appender:
        for row in rows:
            made = structs.replace(answer(problem.reference), problem=problem.task_id, form="solution")
            appender.append(structs.replace(made, sample=row.sample, calls=(), agent=row.agent))
    poisoned = (
        step(result(text, {text: text, "old": text}, text), text=text, reasoning=text) if text else None
    )
    with append_steps(run_dir) as appender:
        for row in rows:
            for turn, one in enumerate([*([poisoned] if poisoned else []), *STEPS.rows], start=1):
                of = {"problem": row.problem, "sample": row.sample, "turn": turn}
                appender.append(StepAnswer(answer=one.answer, **of))
                if one.results is not None:
                    appender.append(StepResults(results=one.results, **of))
    run_dir.write_summary(rebuild_summary(run_dir))
    return run_dir


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    runs, output = (tmp_path_factory.mktemp(name) for name in ("agent-runs", "agent-site"))
    write_agent_run(runs)
    build_site(runs, output, options=OPTIONS)
    return output


@pytest.fixture(scope="module")
def path(site):
    (page,) = site.glob("runs/*/*/index.html")
    return str(page.parent.relative_to(site)) + "/"


def test_the_page_has_every_transcript_folded_with_a_link_for_each_turn(site, path):
    """Also of samples that came to the same files; and the steps can be downloaded."""
    tree = parse(site / path / "index.html")
    found = [one for one in tree.iter("section") if one.get("class") == "transcript"]
    assert len(found) == 2
    turns = [each.get("id") for one in found for each in one.iter("div") if each.get("class") == "turn"]
    assert turns == [f"s{sample}-t{turn}" for sample in (0, 1) for turn in range(1, 6)]
    folds = [one for each in found for one in each.iter("details")]
    assert len(folds) == 10
    assert not any("open" in one.attrib for one in folds)
    links = [one.get("href") for each in found for one in each.iter("a")]
    assert links == [f"#{turn}" for turn in turns]
    assert every_internal_link_resolves(site) > 20
    assert list(site.glob("runs/*/files/steps.jsonl*"))


def test_a_report_leads_to_the_turn_after_which_it_had_failed(chromium, site, path):
    """By its whole address, as it is pasted into an issue; a turn that the reader came to stays meant."""
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    with serving(site, "/results/") as base:
        for anchor, wanted in (("", "#s0-t5"), ("#s0-t2", "#s0-t2")):
            page = context.new_page()
            page.goto(base + path + anchor)
            page.locator("#s0").get_by_role("button", name="Copy as Markdown").click()
            page.locator("#s0").get_by_text("Copied").wait_for()
            copied = page.evaluate("() => navigator.clipboard.readText()")
            assert f"](https://example.org/results/{path}{wanted}): gave up" in copied
    context.close()


def test_hostile_words_of_a_model_stay_text(tmp_path):
    """As a tool's name, an argument's name and value, an answer, a thought and a result."""
    write_agent_run(tmp_path / "runs", HOSTILE.replace("\ufffe", ""))
    build_site(tmp_path / "runs", tmp_path / "site", options=OPTIONS)
    (page,) = (tmp_path / "site").glob("runs/*/*/index.html")
    tree, text = parse(page), page.read_text()
    assert text.count("&lt;/script&gt;&lt;script&gt;alert(1)") > 8
    assert not list(tree.iter("img"))
    assert not [one for one in tree.iter() if any(name.startswith("on") for name in one.attrib)]
    assert "\u202e" not in text
    assert "\x1b" not in text


@pytest.mark.browser
def test_it_fits_every_screen_and_reader_and_opens_what_a_link_names(chromium, site, path):
    """Light and dark, on paper, and without JavaScript: the turn that an address names is unfolded."""
    with serving(site) as base:
        for options in ({}, {"color_scheme": "dark"}):
            with chromium.new_context(bypass_csp=True, **options) as context:
                page = context.new_page()
                page.goto(f"{base}{path}#s1-t3")
                assert page.locator("#s1-t3").is_visible()
                assert not page.locator("#s1-t2").is_visible()
                assert overhangs(page) == []
                page.evaluate(AXE_SCRIPT)
                assert violations(page, RULES) == []
        with chromium.new_context(java_script_enabled=False) as context:
            page = context.new_page()
            page.goto(f"{base}{path}#s1-t3")
            assert page.locator("#s1-t3").is_visible()
            assert not page.locator("#s1-t2").is_visible()
            page.emulate_media(media="print")
            assert page.locator("#s1-t2").is_visible()
