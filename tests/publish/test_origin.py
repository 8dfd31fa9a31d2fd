"""Where a workflow gets the same evalsite from, by what pip and git wrote down."""

import hashlib
import json
import subprocess
from email.message import Message
from types import SimpleNamespace

import pytest

from evalsite import __version__
from evalsite.publish import origin
from evalsite.publish.origin import (
    Requirement,
    carried,
    origin_of,
    own_action,
    own_requirement,
    published_commit,
    released,
    released_in,
    requirement_from,
)
from tests.site.serving import serving

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


def test_a_commit_counts_where_others_find_it(checkout):
    """It stands on the remote, and is what is installed; else nothing."""
    folder, git = checkout
    assert published_commit(folder) == ""
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    assert published_commit(folder) == git("rev-parse", "HEAD")
    git("checkout", "--quiet", "--detach")
    assert published_commit(folder) == git("rev-parse", "HEAD")
    (folder / "changed.py").write_text("")
    assert published_commit(folder) == ""
    assert published_commit(folder / "none") == ""


def test_an_index_git_and_a_checkout_are_told_apart(checkout):
    """A version, a commit of the repository, a commit of the checkout's remote."""
    folder, git = checkout
    cloned = {"url": "https://github.com/a/evalsite.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}
    assert (
        requirement_from(json.dumps(cloned)).line
        == f"evalsite[cards] @ git+https://github.com/a/evalsite@{COMMIT}"
    )
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    local = {"url": folder.as_uri(), "dir_info": {"editable": True}}
    found = requirement_from(json.dumps(local))
    assert found.line == f"evalsite[cards] @ git+https://github.com/a/evalsite@{git('rev-parse', 'HEAD')}"
    assert not found.wheel


def test_a_name_on_an_index_is_trusted_only_where_a_release_is_known(monkeypatch):
    """Before, anybody may claim it: the wheel comes along. So it does where the release cannot be fetched."""
    assert requirement_from(None) == carried()
    assert own_action() == ""
    monkeypatch.setattr(origin, "released", lambda repository: None)
    assert requirement_from(None, "a/evalsite") == carried()


def test_a_release_is_named_by_version_and_hash(tmp_path):
    """Of the wheel that is at the release's own address."""
    path = f"a/evalsite/releases/download/v{__version__}/evalsite-{__version__}-py3-none-any.whl"
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_bytes(b"a wheel")
    (tmp_path / "404.html").write_text("not here")
    with serving(tmp_path) as address:
        host = address.rstrip("/")
        found = released("a/evalsite", host)
        assert released("b/evalsite", host) is None
    assert released("a/evalsite", host) is None, "nobody answers any more"
    digest = hashlib.sha256(b"a wheel").hexdigest()
    assert found == Requirement(f"evalsite[cards] @ {host}/{path}#sha256={digest}")


def test_where_it_was_released_say_the_metadata(monkeypatch):
    """By the address of the source, if it is one on GitHub; nothing else is taken for it."""
    told = Message()
    monkeypatch.setattr(origin, "distribution", lambda _name: SimpleNamespace(metadata=told))
    assert released_in() == ""
    told["Project-URL"] = "Homepage, https://github.com/other/pages"
    told["Project-URL"] = "Source, https://example.org/a/evalsite"
    assert released_in() == ""
    told["Project-URL"] = "Source, https://github.com/a/evalsite"
    assert released_in() == "a/evalsite"
    assert own_action() == f"a/evalsite@v{__version__}"


def test_what_others_cannot_reach_comes_along(tmp_path):
    """A folder without a remote, or a wheel on this disk: the repository holds a wheel of its own."""
    for record in (
        {"url": tmp_path.as_uri(), "dir_info": {}},
        {"url": "file:///a/evalsite.whl", "archive_info": {}},
    ):
        found = requirement_from(json.dumps(record))
        assert found.wheel == f"wheels/evalsite-{__version__}-py3-none-any.whl"
        assert found.line == f"./{found.wheel}[cards]"
    assert "evalsite" in own_requirement().line
