"""The index that the search field of every page looks through."""

import json
import re

import pytest

from evalsite.site.exports.search import prompt_words, search_index
from tests.site.conftest import OPTIONS
from tests.site.helpers import PROBLEM, RUN, judged


def in_browser(test):
    """Marks a test that shares the one Chromium."""
    for mark in (pytest.mark.browser, pytest.mark.long, pytest.mark.xdist_group("browser")):
        test = mark(test)
    return test


@in_browser
def test_search_by_keyboard(open_page):
    """Slash focuses, typing finds, arrows and Enter go there, from any depth."""
    page = open_page(PROBLEM)
    page.keyboard.press("/")
    page.keyboard.type("add5")
    page.locator("#hits li").first.wait_for()
    assert page.locator("#hits li[aria-selected=true]").text_content().startswith("HumanEval/5")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("problems/HumanEval-5/$"))


HITS = {
    "a function": ("add5", "HumanEval/5", "problems/HumanEval-5/"),
    "words of a prompt": ("sum HumanEval/3", "HumanEval/3", "problems/HumanEval-3/"),
    "a comparison": ("ternary against fp8", "Toy-Ternary against Toy-FP8", "compare/"),
    "a target": ("target", "", "targets.html"),
    "failures of a class": (
        "runtime ternary",
        "runtime error: Toy-Ternary",
        "failures.html#class=runtime_error",
    ),
    "a problem in a run": ("ternary HumanEval/2", "HumanEval/2: Toy-Ternary", "HumanEval-2/"),
}


@in_browser
@pytest.mark.parametrize("what", HITS)
def test_search_finds(open_page, what):
    """By function, words of the prompt, both models, a target's name, a class, and model with problem."""
    words, title, path = HITS[what]
    page = open_page()
    page.locator("#search").fill(words)
    hit = page.locator("#hits li[data-path]").first
    hit.wait_for()
    assert hit.text_content().startswith(title)
    assert path in hit.get_attribute("data-path")
    hit.click()
    page.wait_for_url(re.compile(re.escape(path)))


def test_a_prompt_is_found_by_the_words_that_few_prompts_have():
    """Each once, without those that nearly all have, and no more than forty."""
    assert prompt_words("def f(x: int):\n  Return the monotonic sum, the sum of a2b.") == "monotonic sum a2b"
    assert len(prompt_words(" ".join(f"word{number}" for number in range(99))).split()) == 40


def test_the_index_holds_what_the_script_makes_hits_of(demo_runs):
    """Runs, the newest first, with their failures by class; problems with the data sets that ask them."""
    text = search_index(judged(demo_runs, OPTIONS)).decode()
    entries = json.loads(text.removeprefix("globalThis.evalsiteIndex = ").removesuffix(";\n"))
    runs = [entry for entry in entries if entry["kind"].startswith("run")]
    assert [(run["title"], run["kind"], run["set"], run["failed"]) for run in runs] == [
        ("Toy-Ternary, mbpp-test", "run, 2026-11-21", 1, {"runtime_error": 1}),
        ("Toy-Ternary, humaneval", "run, 2026-11-20", 0, {"runtime_error": 14, "wrong_answer": 21}),
        ("Toy-FP8, humaneval", "run, 2026-11-18", 0, {"runtime_error": 8, "wrong_answer": 10}),
        ("Other, humaneval", "run, 2026-11-16", 0, {"runtime_error": 2}),
    ]
    assert runs[1]["path"] == RUN
    assert runs[1]["words"].startswith("toy-ternary ternary 2026-11-20t")
    problems = [entry for entry in entries if "sets" in entry]
    assert [(one["title"], one["sets"]) for one in problems] == [
        *((f"HumanEval/{number}", [0]) for number in range(8)),
        *((f"MBPP/{number}", [1]) for number in range(3)),
    ]
    assert (problems[5]["kind"], problems[5]["path"]) == ("add5", "problems/HumanEval-5/")
    assert (problems[5]["words"], problems[5]["asks"]) == ("humaneval/5 add5", "add5 sum")
    compared = [entry for entry in entries if entry["kind"] == "comparison, humaneval"]
    assert "toy-ternary against toy-fp8 compare humaneval" in [one["words"] for one in compared]
    assert "Toy-Ternary against Toy-FP8" in [one["title"] for one in compared]
    targets = [entry["title"] for entry in entries if entry["kind"] == "target"]
    assert targets == list(dict.fromkeys(row.name for row in OPTIONS.targets.rows))
