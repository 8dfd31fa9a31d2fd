"""A small page that stands where a packed one would, and shows it."""

from dataclasses import dataclass

from evalsite.site.views.frame import Frame, Page


@dataclass(frozen=True)
class PackedView:
    """The context of ``pages/packed.html``."""

    pack: str
    """Path of the compressed file that the page is in."""
    above: str
    """Path of what tells of it without a script."""


def packed_page(frame: Frame, pack: str, above: str) -> Page:
    """Make the small page for a page with this frame."""
    return Page("pages/packed.html", frame, PackedView(pack, above))
