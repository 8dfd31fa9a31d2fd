"""``evalsite.toml`` for commands: the option that names it, and who wins."""


def test_the_command_line_wins_over_the_file(evalsite, repository):
    """And the file over the defaults, also where it lies elsewhere."""
    assert evalsite("build", "--title", "From the command line").returncode == 0
    assert "From the command line" in (repository / "site" / "index.html").read_text()
    (repository / "elsewhere").mkdir()
    process = evalsite("build", "--config", "../evalsite.toml", cwd=repository / "elsewhere")
    assert process.returncode == 0, process.stderr
    page = (repository / "site" / "index.html").read_text()
    assert "Results" in page
    assert "From the command line" not in page
    (repository / "evalsite.toml").write_text('titel = "x"\nbudget = 1.5\nmax_pairs = "all"\n')
    for command in ("build", "check"):
        broken = evalsite(command)
        assert broken.returncode == 2
        for words in ("evalsite.toml:1: titel: no such key", "evalsite.toml:3: max_pairs: expected"):
            assert words in broken.stderr
