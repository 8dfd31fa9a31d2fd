"""What commands print for people: nothing in names and messages is obeyed."""

from evalsite.cli import console


def test_control_characters_in_remarks_are_replaced(capsys, monkeypatch):
    """A data set's task names reach the terminal, too."""
    monkeypatch.setattr(console, "stderr", console.Console(stderr=True, width=200))
    console.say("preflight: \x1b]0;owned\x07Demo/0")
    assert capsys.readouterr().err == "preflight: �]0;owned�Demo/0\n"
