"""Slugs, links, numbers and hostile text."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsite.languages.python import PYTHON
from evalsite.site.code import highlight, plain_lines
from evalsite.site.slugs import slug_map
from evalsite.site.urls import Urls, file_of, relative
from evalsite.words import cells
from evalsite.words.text import cut_out, ranges, shorten, unbroken, visible


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("HumanEval/0", "HumanEval-0"),
        ("MBPP/11", "MBPP-11"),
        ("11", "11"),
        ("2026-11-22T16-54-00Z--smollm2-135m-ternary--humaneval",) * 2,
    ],
)
def test_usual_names_have_plain_slugs(name, slug):
    """Links to problems and runs read like their names."""
    assert slug_map([name]) == {name: slug}


def test_a_newcomer_that_clashes_takes_the_hash_itself():
    """A name that needs no change keeps its URL when one that maps to the same slug appears."""
    slugs = slug_map(["HumanEval-0", "HumanEval/0"])
    assert slugs["HumanEval-0"] == "HumanEval-0"
    assert slugs["HumanEval/0"].startswith("HumanEval-0-")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("index.html", "index.html-0eb54730"),
        ("a b", "a-b-c8687a08"),
        ("Größe/1", "Gr-e-1-11e2fa7e"),
        ("", "unnamed-e3b0c442"),
        ("/", "unnamed-8a5edab2"),
        ("x" * 101, "x" * 100 + "-c675a2e6"),
    ],
)
def test_unusual_names_keep_their_addresses_for_ever(name, slug):
    """Hash, digits and length are part of addresses that were pasted somewhere."""
    assert slug_map([name]) == {name: slug}


@given(st.sets(st.text(min_size=1), max_size=8))
def test_slugs_do_not_depend_on_the_order_of_names(names):
    """Nor on what has been asked before."""
    assert slug_map(sorted(names)) == slug_map(sorted(names, reverse=True))


@given(st.text(alphabet="ab ", max_size=30), st.integers(1, 20))
def test_what_is_shortened_is_a_beginning(text, limit):
    """A text that fits stays; another ends in an ellipsis, and is no longer than it may be."""
    short = shorten(text, limit)
    if len(text) <= limit:
        assert short == text
    else:
        assert short.endswith("…")
        assert len(short) <= limit
        assert short[:-1] == text[: limit - 1].rstrip()


@pytest.mark.parametrize("name", ["index.html", "Files", "problems.csv", "card.png"])
def test_no_slug_is_the_name_of_a_file_of_the_site(name):
    """A problem of that name would otherwise stand where the run's own page or its files do."""
    assert slug_map([name])[name] != name


@given(st.sets(st.text(min_size=1), max_size=12))
def test_slugs_are_injective_whatever_the_case_and_safe_in_a_path(names):
    """No two names share a page, also where the file system ignores case."""
    slugs = slug_map(names)
    folded = {slug.casefold() for slug in slugs.values()}
    assert len(folded) == len(names)
    assert {"", ".", ".."}.isdisjoint(slugs.values())
    assert set("".join(slugs.values())) <= SAFE


SAFE = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")


def test_the_url_scheme_is_fixed():
    """Addresses are pasted into issues: this test fails when one would change."""
    run = "2026-11-22T16-54-00Z--smollm2-135m-ternary--humaneval"
    urls = Urls.of([run, "base"], ["HumanEval/0"])
    assert urls.run(run) == f"runs/{run}/"
    assert urls.problem_in_run(run, "HumanEval/0", 3) == f"runs/{run}/HumanEval-0/#s3"
    assert urls.problem("HumanEval/0") == "problems/HumanEval-0/"
    assert urls.compare("base", run) == f"compare/base--{run}/"
    assert urls.flip("base", run, "HumanEval/0") == f"compare/base--{run}/HumanEval-0/"
    assert file_of("") == "index.html"
    assert file_of("problems/x/") == "problems/x/index.html"
    assert file_of("targets.html") == "targets.html"


@pytest.mark.parametrize(
    ("source", "target", "link"),
    [
        ("", "", "./"),
        ("", "runs/a/", "runs/a/"),
        ("runs/a/b/", "", "../../../"),
        ("runs/a/b/", "runs/a/", "../"),
        ("runs/a/b/", "runs/a/c/#s3", "../c/#s3"),
        ("runs/a/b/", "runs/a/b/#s3", "#s3"),
        ("runs/a/", "#board", "../../#board"),
        ("targets.html", "methods.html", "methods.html"),
        ("runs/a/", "assets/site.css", "../../assets/site.css"),
    ],
)
def test_links_are_relative(source, target, link):
    """A site works below any prefix because no link begins at the root."""
    assert relative(source, target) == link


def test_what_is_invisible_is_spelled_out():
    """Controls, direction overrides and characters that HTML forbids can be read; the rest stays."""
    assert visible("a\x00\x1b[0m\u202eb\u200b\ufeff\x85\ud800\U0001fffe") == (
        "a␀␛[0m⟨U+202E⟩b⟨U+200B⟩⟨U+FEFF⟩⟨U+0085⟩⟨U+D800⟩⟨U+1FFFE⟩"
    )
    assert visible("tab\tline\né 漢 🙂") == "tab\tline\né 漢 🙂"


@given(st.text(alphabet=st.characters(), max_size=200))
def test_highlighting_shows_every_character_of_the_source(source):
    """Code is shown as it is, whatever it holds: no line lost, nothing added, markup escaped."""
    shown = [html.unescape(re.sub(r"</?span[^>]*>", "", line)) for line in highlight(source, PYTHON)]
    assert shown == plain_lines(source, PYTHON)


def test_highlighting_closes_what_spans_lines():
    """Every line of a docstring stands alone, so line anchors can wrap it."""
    first, second = highlight('"""one\ntwo"""\n', PYTHON)
    assert first == '<span class="s">&quot;&quot;&quot;one</span>'
    assert second == '<span class="s">two&quot;&quot;&quot;</span>'


def test_a_per_cent_sign_stays_with_its_number():
    """No line begins with one."""
    assert unbroken("from 6.1 % to 0.0 %, % alone") == "from 6.1\xa0% to 0.0\xa0%, % alone"


def test_numbers_are_written_for_readers():
    """One place rounds: true minus signs, fitting units, no idle zeros."""
    assert cells.percent(0.53902) == "53.9"
    assert [cells.points(x) for x in (0.018, -0.101, -0.0001)] == ["+1.8", "−10.1", "0.0"]
    assert [cells.seconds(x) for x in (None, 0.000_4, 0.0123, 0.25, 1.234, 200)] == [
        "–", "400 µs", "12.3 ms", "250 ms", "1.23 s", "3 min 20 s",
    ]  # fmt: skip
    assert [cells.size(x) for x in (None, 999, 2_900_000_000, 31_000_000)] == [
        "–",
        "999 B",
        "2.9 GB",
        "31.0 MB",
    ]
    assert [cells.p_value(x) for x in (0.0001, 0.0313)] == ["< 0.001", "0.031"]
    assert ranges([0, 2, 3, 4, 7]) == "0, 2–4, 7"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a<x>b</x>c", "ac"),
        ("a<x>b<x>c</x>d</x>e", "ad</x>e"),
        ("a<x>b<y>c</y>d</x>e<y>f</y>g", "aeg"),
        ("a<x>b", "a<x>b"),
        ("a</x>b<x>c</x>d", "a</x>bd"),
        ("<x>a</y>b</x>c", "c"),
        ("", ""),
    ],
)
def test_what_stands_between_two_tags_is_cut_out(text, left):
    """Up to the next tag that closes it, of the same name; what nothing closes stays."""
    assert cut_out(text, re.compile("<(?P<end>/?)(?P<name>[xy])>")) == left
