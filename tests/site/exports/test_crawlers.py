"""What crawlers and the host are told."""


def test_crawlers_are_sent_to_overviews_only(site):
    """The sitemap names leaderboard, runs and comparisons, and no page with problems."""
    text = (site / "sitemap.xml").read_text()
    assert "https://example.org/results/runs/2026-11-20T10-00-00Z--toy-ternary--humaneval/<" in text
    assert "HumanEval-" not in text
    assert "Sitemap: https://example.org/results/sitemap.xml" in (site / "robots.txt").read_text()
    assert (site / ".nojekyll").is_file()


def test_pages_with_benchmark_problems_stay_out_of_search_engines(site):
    """Problems and generated code are kept from crawlers; leaderboard and run pages are not."""
    run = site / "runs/2026-11-20T10-00-00Z--toy-ternary--humaneval"
    for page in (run / "HumanEval-2/index.html", site / "problems/HumanEval-2/index.html"):
        assert '<meta name="robots" content="noindex">' in page.read_text()
    for page in (site / "index.html", run / "index.html"):
        assert "noindex" not in page.read_text()
