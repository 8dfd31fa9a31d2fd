"""``evalsite init``: a results repository to begin with."""

import re
import shlex

from evalsite.publish.config import read_config
from evalsite.publish.scaffold import Names, remote_of
from tests.publish.builders import write_run


def test_init_takes_names_from_git_and_from_options(evalsite, tmp_path):
    """The remote says where the repository is, and that says where Pages will be."""
    (tmp_path / ".git").mkdir()
    for url in ("git@github.com:Me/code-results.git", "https://github.com/Me/code-results"):
        (tmp_path / ".git" / "config").write_text(
            f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {url}\n'
        )
        assert remote_of(tmp_path) == "Me/code-results"
    names = Names.choose(tmp_path, requirement="evalsite")
    assert (names.title, names.site_url) == ("Code results", "https://me.github.io/code-results/")
    own_page = Names.choose(tmp_path, repository="Me/me.github.io", requirement="evalsite")
    assert own_page.site_url == "https://me.github.io/"
    source = "evalsite @ git+https://github.com/a/evalsite"
    process = evalsite(
        "init", "x", "--title", 'Ternary "1.58"', "--repository", "a/b", "--requirement", source
    )
    assert (tmp_path / "x" / "requirements.txt").read_text().splitlines()[-1] == source
    assert process.returncode == 0, process.stderr
    config = read_config(tmp_path / "x" / "evalsite.toml")
    assert (config.title, config.repository, config.site_url) == (
        'Ternary "1.58"',
        "a/b",
        "https://a.github.io/b/",
    )
    assert config.budget == 900_000_000
    assert "https://github.com/a/b/actions" in (tmp_path / "x" / "README.md").read_text()
    for number, pasted in enumerate(
        ("https://github.com/a/b", "https://github.com/a/b.git", "git@github.com:a/b.git")
    ):
        assert evalsite("init", f"z{number}", "--repository", pasted, "--requirement", source).returncode == 0
        assert read_config(tmp_path / f"z{number}" / "evalsite.toml").repository == "a/b"
    refused = evalsite("init", "y", "--repository", "https://example.org/a/b")
    assert refused.returncode == 2
    assert "owner/name" in refused.stderr


def test_init_says_what_comes_next(evalsite, tmp_path):
    """In a command that works as printed, from here: a run first where there is none, else the site."""
    for number, folder in enumerate(("my results", ".")):
        for wanted in ("run", "build"):
            done = evalsite("init", folder)
            (words,) = re.findall(r"next: \S*evalsite (.*)", done.stderr)
            assert words.startswith(wanted)
            ended = evalsite(*shlex.split(words))
            assert ended.returncode == 0, ended.stderr
            assert "choose GitHub Actions" in " ".join(done.stderr.split())
            write_run(tmp_path / folder / "runs", "m", 1)
        assert (tmp_path / folder / "site" / "index.html").is_file(), number
