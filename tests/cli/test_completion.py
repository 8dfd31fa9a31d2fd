"""``evalsite completion``: the shell's completion script."""


def test_completion_scripts_are_printed(evalsite):
    """For the three shells that click knows."""
    for shell in ("bash", "zsh", "fish"):
        assert "_EVALSITE_COMPLETE" in evalsite("completion", shell).stdout
