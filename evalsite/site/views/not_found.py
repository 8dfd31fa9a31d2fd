"""The page that a server shows where there is none."""

from evalsite.site.urls import NOT_FOUND
from evalsite.site.views.frame import Frame, Page


def not_found_page() -> Page:
    """Make the page."""
    frame = Frame(NOT_FOUND, "No page here", "Nothing stands at this address.", script="404")
    return Page("pages/404.html", frame, None)
