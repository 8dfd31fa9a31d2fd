"""Names of a site's files: legal, distinct and short enough on every file system."""

import re
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.site.slugs import LONGEST, cut, slug_map
from evalsite.site.urls import LONGEST_TASK
from tests.make import BASELINE, CANDIDATE, write_run

DEVICES = ("con", "NUL", "aux", "PRN", "com1", "LPT9", "con.txt", "nul.tar.gz")
ODD = (
    "a:b",
    "a?b",
    "x" * 300,
    "x" * 299 + "y",
    "Ab",
    "aB",
    "AB",
    "dot.",
    " space ",
    "../up",
    "\u6a21/1",
    "*",
    "",
)


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
"""Of whatever UTF-8 can write: to name it by its codec has each character tried, for seconds."""
SAFE = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")


def is_legal(segment):
    """Whether a file system takes a name that Windows has rules for."""
    stem = segment.partition(".")[0].lower()
    return bool(
        re.fullmatch(r"[A-Za-z0-9._-]+", segment)
        and not segment.endswith((".", " "))
        and not re.fullmatch(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", stem)
    )


@pytest.mark.parametrize("longest", [LONGEST, LONGEST_TASK, 40])
def test_every_name_is_legal_distinct_and_short(longest):
    """Devices, wrong signs, case, length: each with digits of its own."""
    names = [*DEVICES, *ODD, *(f"{name}/0" for name in DEVICES)]
    slugs = slug_map(names, longest)
    assert len(slugs) == len(set(names))
    assert len({slug.lower() for slug in slugs.values()}) == len(slugs)
    assert [slug for slug in slugs.values() if not is_legal(slug) or len(slug) > longest] == []


@pytest.mark.parametrize("name", ["HumanEval-0", "x" * 73, "a--b"])
def test_a_name_that_fits_stays(name):
    """Published addresses last."""
    assert slug_map([name], LONGEST_TASK) == {name: name}
    assert cut(name, 73) == name


def test_no_path_of_a_site_has_200_characters(tmp_path):
    """However long models, data sets and problems are called, in comparisons, too."""
    for model, passed, card in (("m" * 150, [4, 4, 4], BASELINE), ("n" * 150, [0, 4, 0], CANDIDATE)):
        write_run(tmp_path / "runs", model, passed, n=4, prefix="long/" * 60, card=card)
    build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions())
    paths = [path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*")]
    flips = [path for path in paths if path.startswith("compare/") and path.count("/") == 3]
    assert len(flips) == 2
    assert max(map(len, paths)) < 200
    assert len({path.lower() for path in paths}) == len(paths)
    assert all(is_legal(part) or part == ".nojekyll" for path in paths for part in PurePosixPath(path).parts)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("HumanEval/0", "HumanEval-0"),
        ("MBPP/11", "MBPP-11"),
        ("11", "11"),
        ("2026-11-22T16-54-00Z--smollm2-135m-ternary--humaneval",) * 2,
    ],
)
def test_usual_names_have_plain_slugs(name, slug):
    """Links to problems and runs read like their names."""
    assert slug_map([name]) == {name: slug}


def test_a_newcomer_that_clashes_takes_the_hash_itself():
    """A name that needs no change keeps its URL when one that maps to the same slug appears."""
    slugs = slug_map(["HumanEval-0", "HumanEval/0"])
    assert slugs["HumanEval-0"] == "HumanEval-0"
    assert slugs["HumanEval/0"].startswith("HumanEval-0-")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("index.html", "index.html-0eb54730"),
        ("a b", "a-b-c8687a08"),
        ("Größe/1", "Gr-e-1-11e2fa7e"),
        ("", "unnamed-e3b0c442"),
        ("/", "unnamed-8a5edab2"),
        ("x" * 101, "x" * 100 + "-c675a2e6"),
    ],
)
def test_unusual_names_keep_their_addresses_for_ever(name, slug):
    """Hash, digits and length are part of addresses that were pasted somewhere."""
    assert slug_map([name]) == {name: slug}


@given(st.sets(NAMES, max_size=8))
def test_slugs_do_not_depend_on_the_order_of_names(names):
    """Nor on what has been asked before."""
    assert slug_map(sorted(names)) == slug_map(sorted(names, reverse=True))


@pytest.mark.parametrize("name", ["index.html", "Files", "problems.csv", "card.png"])
def test_no_slug_is_the_name_of_a_file_of_the_site(name):
    """A problem of that name would otherwise stand where the run's own page or its files do."""
    assert slug_map([name])[name] != name


@given(st.sets(NAMES, max_size=12))
def test_slugs_are_injective_whatever_the_case_and_safe_in_a_path(names):
    """No two names share a page, also where the file system ignores case."""
    slugs = slug_map(names)
    folded = {slug.casefold() for slug in slugs.values()}
    assert len(folded) == len(names)
    assert {"", ".", ".."}.isdisjoint(slugs.values())
    assert set("".join(slugs.values())) <= SAFE


def test_a_name_that_just_fits_is_its_own_slug():
    """One letter more, and its beginning and eight digits take just as much room."""
    assert slug_map(["a" * 20], 20) == {"a" * 20: "a" * 20}
    longer = slug_map(["a" * 21], 20)["a" * 21]
    assert (len(longer), longer[:12]) == (20, "a" * 11 + "-")
    assert cut("a" * 20, 20) == "a" * 20
    assert cut("a" * 21, 20) == longer
