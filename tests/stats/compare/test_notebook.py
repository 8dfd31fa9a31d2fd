"""What a notebook shows of a comparison."""

from html.parser import HTMLParser

from evalsite import api
from tests.make import write_run


class Tags(HTMLParser):
    """What a browser would find."""

    def __init__(self):
        super().__init__()
        self.tags, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text.append(data)


def test_the_verdict_comes_first_then_a_row_for_each_k(tmp_path):
    """The same sentences as everywhere, and names of models as text, whatever they are."""
    base = write_run(tmp_path, "fp8", [2, 2, 2], n=2, day="2026-11-18")
    candidate = write_run(tmp_path, "<img src=x>", [2, 0, 0], n=2, day="2026-11-19")
    found = api.compare(base.path, str(candidate.path))
    page = Tags()
    page.feed(found._repr_html_())
    text = " ".join("".join(page.text).split())
    assert "img" not in page.tags
    assert text.startswith(" ".join(found.headline.split()))
    assert page.tags.count("tr") == 1 + len(found.numbers.differences)
    assert page.tags.count("li") == len(found.notes)
    assert "−66.7" in text
    assert (page.tags.count("th"), page.tags.count("td")) == (5, 5 * len(found.numbers.differences))
    first = page.text.index("pass@1")
    assert page.text[first : first + 4] == ["pass@1", "100.0", "33.3", "−66.7"]
