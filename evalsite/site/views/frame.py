"""What every page has: its place in the site, its template, and facts to list."""

from dataclasses import dataclass

from evalsite.site.views.linked import Said


@dataclass(frozen=True)
class Crumb:
    """One step of the way from the leaderboard to this page."""

    label: str
    path: str


@dataclass(frozen=True)
class Frame:
    """A page's place in the site, and what its ``<head>`` says."""

    path: str
    title: str
    """Of this page; the site's own title is added by the template."""
    description: str
    crumbs: tuple[Crumb, ...] = ()
    private: bool = False
    """True keeps the page out of search engines: it shows benchmark problems or generated code."""
    card: str = ""
    """Path of a social card."""
    card_width: int = 1200
    """Of the card, in pixels."""
    script: str = ""
    """Name of the page's own script, if it has one."""
    plots: bool = False
    """Whether the page draws charts."""


@dataclass(frozen=True)
class Page:
    """A template with what it receives. ``view`` is one of the dataclasses beside this module."""

    template: str
    frame: Frame
    view: object


@dataclass(frozen=True)
class Fact:
    """A name with a value, for definition lists."""

    name: str
    value: str
    note: str = ""
    link: str = ""
    """Where the value leads, on the web; empty for a value that is no address."""
    said: Said = ()
    """The value, where names in it lead on; else empty."""
