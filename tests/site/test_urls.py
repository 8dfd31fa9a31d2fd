"""Links between pages."""

import posixpath

import pytest

from evalsite.site.urls import PATHS as OWN
from evalsite.site.urls import Urls, file_of, place_of, relative

PATHS = ("", "runs/", "runs/a/", "runs/a/b/", "runs/ab/", "compare/a--b/c/", "badges/x.json", "feed.xml")


@pytest.mark.parametrize("source", PATHS)
@pytest.mark.parametrize("target", PATHS)
def test_a_link_is_what_the_standard_library_says(source, target):
    """From every kind of page to every other, folder or file."""
    folder = posixpath.dirname(source)
    ends = "/" if target == "" or target.endswith("/") else ""
    assert relative(source, target) == posixpath.relpath(target or ".", folder or ".") + ends


def test_fragments_are_kept():
    """Within a page they are all that is left."""
    assert relative("runs/a/", "runs/b/#s1") == "../b/#s1"
    assert relative("runs/a/", "runs/a/#s1") == "#s1"


def test_the_url_scheme_is_fixed():
    """Addresses are pasted into issues: this test fails when one would change."""
    run = "2026-11-22T16-54-00Z--smollm2-135m-ternary--humaneval"
    base = "2026-11-20T08-00-00Z--base--humaneval"
    urls = Urls.of([run, base], ["HumanEval/0"])
    assert urls.run(run) == f"runs/{run}/"
    assert urls.problem_in_run(run, "HumanEval/0", 3) == f"runs/{run}/HumanEval-0/#s3"
    assert urls.problem("HumanEval/0") == "problems/HumanEval-0/"
    for pair in ((base, run), (run, base)):
        assert urls.compare(*pair) == f"compare/{base}--{run}/", "whichever is the baseline"
        assert urls.flip(*pair, "HumanEval/0") == f"compare/{base}--{run}/HumanEval-0/"
        assert urls.turned(*pair) == f"compare/{run}--{base}/"
    assert file_of("") == "index.html"
    assert file_of("problems/x/") == "problems/x/index.html"
    assert file_of("targets.html") == "targets.html"


@pytest.mark.parametrize(
    ("source", "target", "link"),
    [
        ("", "", "./"),
        ("", "runs/a/", "runs/a/"),
        ("runs/a/b/", "", "../../../"),
        ("runs/a/b/", "runs/a/", "../"),
        ("runs/a/b/", "runs/a/c/#s3", "../c/#s3"),
        ("runs/a/b/", "runs/a/b/#s3", "#s3"),
        ("runs/a/", "#board", "../../#board"),
        ("targets.html", "methods.html", "methods.html"),
        ("runs/a/", "assets/site.css", "../../assets/site.css"),
    ],
)
def test_links_are_relative(source, target, link):
    """A site works below any prefix because no link begins at the root."""
    assert relative(source, target) == link


@pytest.mark.parametrize("source", [*PATHS, *OWN.values(), "404.html", "targets-2.html", "problems/x-2.html"])
def test_pages_of_a_place_have_the_same_links_to_the_pages_of_every_site(source):
    """So that what stands around them is made once; what is current stands nowhere else."""
    place = place_of(source)
    for target in (*OWN.values(), "assets/site.css"):
        assert relative(place, target) == relative(source, target), target
    assert (place in OWN.values()) == (source in OWN.values())


def test_places_are_few():
    """However many runs and problems there are."""
    assert place_of("runs/a/b/") == place_of("runs/c/d/") == place_of("runs/c/failures.html/")
    assert place_of("runs/a/failures.html") == place_of("runs/b/")
