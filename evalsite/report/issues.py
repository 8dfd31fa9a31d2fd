"""Addresses of new issues on GitHub that are filled in already."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class Issue:
    """What is told of one failed sample. Hostile texts are made visible before."""

    title: str
    permalink: str
    run: str
    """Model and data set."""
    verdict: str
    """In words, such as ``wrong answer``."""
    code: str = ""
    error: str = ""


def issue_address(repository_url: str, issue: Issue, *, form: str = "", body: str = "") -> str:
    """Return the address of a new issue.

    With ``form``, the name of an issue form in the repository, its fields are filled in. GitHub answers 404
    for a field that the form does not have, so without one only title and ``body`` are.
    """
    if form:
        filled = {
            "template": form,
            "title": issue.title,
            "permalink": issue.permalink,
            "run": issue.run,
            "verdict": issue.verdict,
            "code": issue.code,
            "error": issue.error,
        }
        fields = {name: text for name, text in filled.items() if text}
    else:
        fields = {"title": issue.title, "body": body}
    return f"{repository_url}/issues/new?{urlencode(fields, quote_via=quote, errors='replace')}"
