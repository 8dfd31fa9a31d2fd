"""Views -> bytes: the only importer of Jinja and markdown-it."""

from urllib.parse import urlsplit

from evalsite.site.output.render import CSP, remembering, render_markdown
from tests.site.helpers import pages_of, parse


def test_pages_are_self_contained(site):
    """No inline script or style, no address outside but links, one strict policy, relative links only."""
    for page in pages_of(site):
        tree, place = parse(page), page.relative_to(site)
        elements = [element for element in tree.iter() if isinstance(element.tag, str)]
        assert elements, place
        assert f'content="{CSP}"' in page.read_text().replace("&#39;", "'"), place
        for element in elements:
            assert element.tag != "style", place
            assert not [name for name in element.attrib if name == "style" or name.startswith("on")], place
            if element.tag == "script":
                assert element.get("src") or element.get("type") == "application/json", place
            for name in ("src", "href"):
                link = element.get(name) or ""
                outside = bool(urlsplit(link).scheme)
                assert not (outside and name == "src"), (place, link)
                assert not (link.startswith("/") and str(place) != "404.html"), (place, link)


def test_notes_are_sanitised():
    """Markdown's own HTML is shown as text, and only harmless links survive."""
    html = render_markdown(
        "**bold** <b onclick=x>raw</b> [a](javascript:x) [b](https://e.org)\n\n<style>x</style>"
    )
    assert "<strong>bold</strong>" in html
    assert "<b " not in html
    assert "javascript:" not in html.replace("[a](javascript:x)", "")
    assert 'href="https://e.org"' in html
    assert "<style" not in html


def test_a_piece_of_many_pages_is_made_once():
    """For the same things; for others it is another."""
    made = []
    once = remembering()

    def piece(*about, **more):
        made.append(about)
        return f"{about} {more}"

    assert once(piece, "a", wide=True) == once(piece, "a", wide=True)
    assert once(piece, "b", wide=True) != once(piece, "b", wide=False)
    assert made == [("a",), ("b",), ("b",)]
