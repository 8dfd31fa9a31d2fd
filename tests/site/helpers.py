"""The demo site's addresses, its pages as browsers read them, and what is concluded of runs."""

import gzip
import re
import struct
import zlib
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import numpy as np

from evalsite.rundir.schema import Verdict
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.evidence.judgement import judge_all
from evalsite.site.evidence.runs import gather
from evalsite.site.options import RunRule, SiteOptions
from evalsite.site.output.packs import HEAD
from evalsite.stats.targets import parse_targets

ATOM = "{http://www.w3.org/2005/Atom}"
RUN = "runs/2026-11-20T10-00-00Z--toy-ternary--humaneval/"

PROBLEM = f"{RUN}HumanEval-2/"


LOSS_TOML = '[[target]]\nname = "Loss"\nmetric = "degradation"\nmargin = 10\n'

LOSS = parse_targets(LOSS_TOML, "test")

WHOLE = SiteOptions(targets=LOSS, jobs=1)


ARCHIVED = SiteOptions(targets=LOSS, jobs=1, rules=(RunRule(match=("*",), archive="counts"),))


PAIR = "compare/2026-11-18T10-00-00Z--toy-fp8--humaneval--2026-11-20T10-00-00Z--toy-ternary--humaneval"


def pixels(png):
    """Read a PNG of 8 bits a channel: its pixels as (height, width, channels)."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed, shape = 8, b"", (0, 0, 0)
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, height, depth, colours = struct.unpack(">IIBB", body[:10])
            assert depth == 8
            shape = (height, width, {0: 1, 2: 3, 6: 4}[colours])
        packed += body if kind == b"IDAT" else b""
        at += 12 + size
    height, width, channels = shape
    lines = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + width * channels)
    found = np.zeros((height, width, channels), np.uint8)
    above = np.zeros((width, channels), np.uint8)
    for y, line in enumerate(lines):
        above = found[y] = _unfiltered(line[0], line[1:].reshape(width, channels), above)
    return found


def _unfiltered(kind, line, above):
    if kind < 3:
        return (line, line.cumsum(axis=0, dtype=np.uint8), line + above)[kind]
    step = line.shape[1]
    own, over = ([*[0] * step, *some.ravel().tolist()] for some in (line, above))
    for at in range(step, len(own)):
        left, up, corner = own[at - step], over[at], over[at - step]
        if kind == 3:
            guess = (left + up) // 2
        else:
            to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            guess = left if to_left <= min(to_up, to_corner) else up if to_up <= to_corner else corner
        own[at] = (own[at] + guess) & 255
    return np.array(own[step:], np.uint8).reshape(line.shape)


def pages_of(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 3, "what is true of every page has to be true of some"
    return pages


def parse(page):
    """The tree of a valid page, which others may have, too: to be read."""
    return _parsed(page.read_bytes())


@lru_cache(maxsize=128)
def _parsed(html):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html, "utf-8")


def judged(folder, options=WHOLE):
    return judge_all(gather(folder, options), options.targets, options.max_pairs)


def verdict(program="", sample=0, passed=True, line=None):
    kind = VerdictClass.PASSED if passed else VerdictClass.RUNTIME_ERROR
    return Verdict(problem="p", sample=sample, verdict=kind, program=program, line=line)


def unpacked(pack):
    """The pages of a compressed file, as a script makes them of it: path -> HTML."""
    head, *pages = gzip.decompress(pack.read_bytes()).decode().split("\0")
    assert head == HEAD
    return {path: _whole(page) for path, _, page in (one.partition("\n") for one in pages)}


def _whole(page):
    at = ["", 0]

    def address(match):
        at[:] = [match[1], int(match[2])] if match[1] else [at[0], at[1] + 1]
        return f' id="{at[0]}{at[1]}"><a href="#{at[0]}{at[1]}" tabindex="-1">{at[1]}</a>'

    return re.sub(r"\x02([^\x01]*-L)(\d+)\x01|\x01", address, page)


@lru_cache(maxsize=2048)
def ends_of_links(html):
    """What can be linked in a valid page, where it leads, and the compressed file that it is shown from."""
    tree = _parsed(html)
    packs = [script.get("data-pack") for script in tree.iter("script") if script.get("data-pack")]
    return *_ends(tree), packs


def _ends(tree):
    elements = list(tree.iter())
    found = [link for element in elements for link in (element.get("href"), element.get("src"))]
    ids = frozenset(element.get("id") for element in elements if element.get("id"))
    return ids, [link for link in found if link and not urlsplit(link).scheme]


def every_internal_link_resolves(site):
    """Return how many links there are, all of which lead somewhere."""
    anchors, links = {}, []
    for page in pages_of(site):
        place = str(page.relative_to(site))
        anchors[place], found, packs = ends_of_links(page.read_bytes())
        for pack in packs:
            held = unpacked(page.parent / pack)[place.removesuffix("index.html")]
            more, found = _ends(html5lib.parse(held, namespaceHTMLElements=False))
            anchors[place] |= more
        links += [(place, link) for link in found if place != "404.html"]
    broken = []
    for place, link in {*links}:
        target = urlsplit(urljoin(f"/{place}", link))
        name = unquote(target.path).lstrip("/")
        name = f"{name}index.html" if name == "" or name.endswith("/") else name
        ok = (site / name).is_file() and (not target.fragment or target.fragment in anchors[name])
        if not ok:
            broken.append((place, link))
    assert broken == []
    return len(links)
