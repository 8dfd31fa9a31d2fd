"""What crawlers and the host are told."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from evalsite.site.options import SiteOptions
from evalsite.site.urls import COMPARISONS, HOME, METHODS, TARGETS


def crawler_files(listed: Iterable[str], options: SiteOptions) -> Iterator[tuple[str, bytes]]:
    """Let everything be read, and map the pages of parts that are ``listed``; GitHub shall build nothing."""
    yield ".nojekyll", b""
    sitemap = f"Sitemap: {options.base_url}sitemap.xml\n" if options.site_url else ""
    yield "robots.txt", f"User-agent: *\nAllow: /\n{sitemap}".encode()
    if options.site_url:
        yield "sitemap.xml", _sitemap(listed, options)


def _sitemap(listed: Iterable[str], options: SiteOptions) -> bytes:
    """Only what a search engine may show: no page with benchmark problems or generated code."""
    paths = [HOME, TARGETS, METHODS, COMPARISONS, *listed]
    lines = "".join(f"<url><loc>{escape(options.base_url + path)}</loc></url>\n" for path in paths)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{lines}</urlset>\n".encode()
