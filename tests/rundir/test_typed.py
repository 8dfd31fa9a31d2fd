"""Files that people type: read whichever editor saved them, and what is wrong told in words."""

import pytest

from evalsite.errors import UsageError
from evalsite.publish.config import read_config
from evalsite.rundir.modelcard import read_model_card
from evalsite.rundir.typed import parse_toml, read_typed

MARK = "\ufeff"


def test_a_byte_order_mark_is_no_part_of_a_file(evalsite, tmp_path):
    """Settings, targets, cards: editors on Windows put one before them."""
    (tmp_path / "card.toml").write_text(f'{MARK}role = "baseline"\n', "utf-8")
    assert read_model_card(tmp_path / "card.toml").role == "baseline"
    (tmp_path / "evalsite.toml").write_text(f'{MARK}title = "Mine"\n', "utf-8")
    assert read_config(tmp_path / "evalsite.toml").title == "Mine"
    target = '[[target]]\nname = "P"\nmetric = "pass@1"\nabove = 70\n'
    (tmp_path / "targets.toml").write_text(MARK + target, "utf-8")
    (tmp_path / "runs").mkdir()
    done = evalsite("check")
    assert done.returncode == 9, done.stderr


@pytest.mark.parametrize("read", [read_model_card, read_config, read_typed])
def test_another_encoding_is_told(tmp_path, read):
    """With what to do."""
    path = tmp_path / "x.toml"
    path.write_bytes('title = "für"\n'.encode("cp1252"))
    with pytest.raises(UsageError) as told:
        read(path)
    assert told.value.message == f"{path}: not UTF-8 (byte 0xfc)"
    assert told.value.hint == "Save the file as UTF-8."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 1\nrole = baseline\n", 'texts stand in quotes: role = "..." (line 2)'),
        ("metric = pass@1\n", 'texts stand in quotes: metric = "..." (line 1)'),
        ("title: 'x'\n", "between a key and its value stands =, and no colon (line 1)"),
        ("a = 1\n\ntitle = ‘x’\n", 'texts stand in straight quotes ("), not in curly ones (line 3)'),
        ("title = \n", "line 1"),
        ("[target\n", "line 1"),
    ],
)
def test_slips_in_toml_are_told_with_their_line(text, said):
    """In words, where people make them often; else in the parser's."""
    with pytest.raises(UsageError) as told:
        parse_toml(text, "x.toml", "Look there.")
    assert told.value.message.startswith("x.toml: not valid TOML: ")
    assert said in told.value.message
    assert told.value.hint == "Look there."
