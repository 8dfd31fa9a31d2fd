"""Numbers, what is shortened, and hostile text."""

import re
from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsite.words.text import cut_out, shared_beginning, shorten, unbroken, visible


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


def test_what_is_invisible_is_spelled_out():
    """Controls, direction overrides and characters that HTML forbids can be read; the rest stays."""
    assert visible("a\x00\x1b[0m\u202eb\u200b\ufeff\x85\ud800\U0001fffe") == (
        "a␀␛[0m⟨U+202E⟩b⟨U+200B⟩⟨U+FEFF⟩⟨U+0085⟩⟨U+D800⟩⟨U+1FFFE⟩"
    )
    assert visible("\x01\x1f\x7f ~\x80") == "␁␟␡ ~⟨U+0080⟩"
    assert visible("plain\x1btext\n") == "plain␛text\n"
    assert visible("tab\tline\né 漢 🙂") == "tab\tline\né 漢 🙂"


def test_a_per_cent_sign_stays_with_its_number():
    """No line begins with one."""
    assert unbroken("from 6.1 % to 0.0 %, % alone") == "from 6.1\xa0% to 0.0\xa0%, % alone"


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


@given(st.text(alphabet="ab", max_size=12), st.text(alphabet="ab", max_size=12))
def test_how_far_two_texts_begin_alike(one, other):
    """As many characters as one after the other tells."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    assert shared_beginning(one, other) == len([*alike])
