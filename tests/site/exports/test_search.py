"""The index that the search field of every page looks through."""

import re

import pytest

from evalsite.site.exports.search import prompt_words
from tests.site.helpers import PROBLEM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("browser"),
]  # one Chromium for all


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
