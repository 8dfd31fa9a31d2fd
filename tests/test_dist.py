"""What is released: notes from the changelog, tags that fit, and the steps of the image."""

import re
import tomllib

import pytest

from scripts import dist
from tests.conftest import ROOT

CHANGELOG = """# Changelog

## [0.2.0] - unreleased

### Added
- New.

## [0.1.0] - 2026-12-01

### Added
- All.
"""


def test_notes_are_a_versions_own():
    assert dist.notes("0.1.0", CHANGELOG) == ("2026-12-01", "### Added\n- All.")
    assert dist.notes("0.2.0", CHANGELOG) == ("unreleased", "### Added\n- New.")
    with pytest.raises(SystemExit, match=r"no section \[0\.3\.0\]"):
        dist.notes("0.3.0", CHANGELOG)
    assert dist.notes(dist.version(), (ROOT / "CHANGELOG.md").read_text("utf-8"))[1]


@pytest.mark.parametrize(
    ("tag", "version", "said"),
    [("v0.1.1", "0.1.0", "not that of version"), ("v0.2.0", "0.2.0", "put the day of the release there")],
)
def test_a_tag_that_does_not_fit_is_refused(tag, version, said):
    with pytest.raises(SystemExit, match=said):
        dist.refuse_tag(tag, version, CHANGELOG)


def test_a_tag_that_fits_is_taken():
    assert dist.refuse_tag("v0.1.0", "0.1.0", CHANGELOG) is None


URLS = "[project.urls]\n" + "".join(f'{name} = "https://github.com/a/evalsite"\n' for name in dist.ADDRESSES)


@pytest.mark.parametrize(
    ("project", "repository", "said"),
    [
        ("[project]\n", "a/evalsite", "lacks Homepage, Documentation, Source, Issues, Changelog: the first"),
        (URLS.replace("Issues", "Bugs"), "", "lacks Issues"),
        (
            URLS,
            "b/evalsite",
            "Source is https://github.com/a/evalsite, and the release is made in b/evalsite",
        ),
    ],
)
def test_a_release_whose_addresses_lead_elsewhere_is_refused(project, repository, said):
    with pytest.raises(SystemExit, match=said):
        dist.refuse_addresses(project, repository)
    assert dist.refuse_addresses(URLS, "a/evalsite") is None


def test_the_project_gives_no_address_that_it_does_not_have():
    """Before the first release none at all; then all of them, of one repository."""
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"].get("urls", {})
    assert urls == {} or {*dist.ADDRESSES} <= {*urls}
    assert not urls or (ROOT / "CITATION.cff").read_text("utf-8").count("repository-code") == 1


def test_the_image_has_all_that_the_wheel_is_built_of_and_ends_as_an_ordinary_user():
    """As far as can be told without building it: files are there, and no step after USER needs root."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    copied = [word for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.M) for word in line.split()[:-1]]
    assert {
        "evalsite",
        "templates",
        "static",
        "pyproject.toml",
        "hatch_build.py",
        "scripts/fetch_assets.py",
    } <= set(copied)
    assert [path for path in copied if not (ROOT / path).exists()] == []
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    assert let_in == set(copied)
    last = text.split("\nFROM ")[-1]
    assert "bubblewrap" in last
    assert not re.search(r"^(RUN|COPY|ADD)", last.partition("\nUSER 1000\n")[2], re.M)
    assert "\nUSER 1000\n" in last
