"""The page that a server shows where there is none."""


def test_the_page_for_lost_links_works_at_any_depth(site):
    """404.html alone uses absolute links, below the site's own prefix."""
    text = (site / "404.html").read_text()
    assert 'href="/results/"' in text
    assert 'src="/results/assets/site.' in text
