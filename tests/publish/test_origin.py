"""Where a workflow gets the same evalsite from, by what pip and git wrote down."""

import json
import subprocess

import pytest

from evalsite import __version__
from evalsite.publish.origin import commit_of, origin_of, own_requirement, requirement_from

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def checkout(tmp_path):
    """A git folder with one commit; returns it and the commit."""

    def git(*args):
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        done = subprocess.run(["git", *who, *args], cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "--quiet", "--initial-branch", "main")
    git("commit", "--quiet", "--allow-empty", "--message", "first")
    git("remote", "add", "origin", "git@github.com:a/evalsite.git")
    return tmp_path, git


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://github.com/a/evalsite", "https://github.com/a/evalsite"),
        ("https://user:secret@example.org:8443/a/b.git/", "https://example.org:8443/a/b"),
        ("git@github.com:a/b.git", "https://github.com/a/b"),
        ("ssh://git@example.org:22/a/b", "https://example.org/a/b"),
        ("/srv/git/evalsite", ""),
        ("https://example.org:port/a/b", ""),
        ("https://[::1/a/b", ""),
        ("", ""),
    ],
)
def test_remotes_become_addresses_without_secrets(tmp_path, url, shown):
    """Of all the ways in which git writes them; a folder is nothing that others could reach."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text(f'[remote "origin"]\n\turl = {url}\n')
    assert origin_of(tmp_path) == shown


def test_the_commit_is_found_loose_packed_and_detached(checkout):
    """As git keeps it; nothing where there is none."""
    folder, git = checkout
    commit = git("rev-parse", "HEAD")
    assert commit_of(folder) == commit
    git("pack-refs", "--all")
    assert commit_of(folder) == commit
    git("checkout", "--quiet", "--detach")
    assert commit_of(folder) == commit
    assert commit_of(folder / "none") == ""


def test_an_index_git_and_a_checkout_are_told_apart(checkout):
    """A version, a commit of the repository, a commit of the checkout's remote."""
    folder, git = checkout
    assert requirement_from(None).line == f"evalsite[cards]=={__version__}"
    cloned = {"url": "https://github.com/a/evalsite.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}
    assert (
        requirement_from(json.dumps(cloned)).line
        == f"evalsite[cards] @ git+https://github.com/a/evalsite@{COMMIT}"
    )
    local = {"url": folder.as_uri(), "dir_info": {"editable": True}}
    found = requirement_from(json.dumps(local))
    assert found.line == f"evalsite[cards] @ git+https://github.com/a/evalsite@{git('rev-parse', 'HEAD')}"
    assert found.certain


def test_what_others_cannot_reach_is_hoped_for_and_said(tmp_path):
    """A folder without a remote, or a wheel on this disk."""
    for record in (
        {"url": tmp_path.as_uri(), "dir_info": {}},
        {"url": "file:///a/evalsite.whl", "archive_info": {}},
    ):
        found = requirement_from(json.dumps(record))
        assert found.line == f"evalsite[cards]=={__version__}"
        assert not found.certain
    assert own_requirement().line.startswith("evalsite")
