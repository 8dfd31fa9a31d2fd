"""Static sources -> assets with their hash in the name, so that a cache never shows yesterday's script."""

import re

from evalsite.site.output.bundle import VENDORED, plotly_source


def test_the_small_plotly_is_preferred(tmp_path):
    """A vendored bundle is taken as it is; without one the package's own, made to keep the page's policy."""
    whole = plotly_source(tmp_path)
    assert len(whole) > 1_000_000
    assert not re.search(rb"document\.head\.appendChild\(e\)\}\}", whole)
    (tmp_path / "vendor").mkdir()
    (tmp_path / VENDORED).write_bytes(b"small")
    assert plotly_source(tmp_path) == b"small"
