"""What commands print for people: names are shown as they are, and nothing in them is obeyed."""

import pytest

from evalsite.cli import console
from evalsite.runner.grade import Progress


@pytest.mark.parametrize("name", ["model[/x]", "[red]model", "model[link=http://x]"])
def test_a_name_with_brackets_is_no_markup(name, capsys, monkeypatch):
    """A model may be called anything; the progress bar shows it and goes on."""
    monkeypatch.setattr(console, "stderr", console.Console(stderr=True, width=200, force_terminal=True))
    with console.progress_bar(name) as watch:
        watch(Progress(total=2, graded=1))
    assert name in capsys.readouterr().err


def test_control_characters_in_remarks_are_replaced(capsys, monkeypatch):
    """A data set's task names reach the terminal, too."""
    monkeypatch.setattr(console, "stderr", console.Console(stderr=True, width=200))
    console.say("preflight: \x1b]0;owned\x07Demo/0")
    assert capsys.readouterr().err == "preflight: �]0;owned�Demo/0\n"
