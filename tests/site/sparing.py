"""What tests of sites spare: cards are drawn small, and each once, and no processes are begun."""

import functools
from unittest import mock

import resvg_py

DRAWN_BY = 12
"""How many times smaller than published: most of what a large card costs is its PNG."""
DRAW = resvg_py.svg_to_bytes


def small_cards():
    """Draw cards small, and each once: they would be half of the time of the hundred sites that are built."""
    return mock.patch.object(resvg_py, "svg_to_bytes", draw_small)


@functools.cache
def _draw_once(svg_string, width, height, font_files, **asked):
    small = {"width": width // DRAWN_BY, "height": height // DRAWN_BY}
    return DRAW(svg_string=svg_string, font_files=list(font_files), **small, **asked)


def draw_small(font_files, **asked):
    """Stands in for what draws an SVG."""
    return _draw_once(font_files=tuple(font_files), **asked)


def cards_as_published():
    """Draw cards as large as pages say that they are."""
    return mock.patch.object(resvg_py, "svg_to_bytes", DRAW)


def in_one_process():
    """Processes that begin take longer than a small site; what is to be made in several says so."""
    return mock.patch("evalsite.site.build.usable_cpus", return_value=1)
