"""Links between pages."""

import posixpath

import pytest

from evalsite.site.urls import relative

PATHS = ("", "runs/", "runs/a/", "runs/a/b/", "runs/ab/", "compare/a--b/c/", "badges/x.json", "feed.xml")


@pytest.mark.parametrize("source", PATHS)
@pytest.mark.parametrize("target", PATHS)
def test_a_link_is_what_the_standard_library_says(source, target):
    """From every kind of page to every other, folder or file."""
    folder = posixpath.dirname(source)
    ends = "/" if target == "" or target.endswith("/") else ""
    assert relative(source, target) == posixpath.relpath(target or ".", folder or ".") + ends


def test_fragments_are_kept():
    """Within a page they are all that is left."""
    assert relative("runs/a/", "runs/b/#s1") == "../b/#s1"
    assert relative("runs/a/", "runs/a/#s1") == "#s1"
