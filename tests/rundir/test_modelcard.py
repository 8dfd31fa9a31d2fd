"""Model cards: what a user declares of the weights, and slips in it."""

import pytest

from evalsite.errors import UsageError
from evalsite.rundir.modelcard import read_model_card


def test_every_field_arrives(tmp_path):
    """As it stands."""
    path = tmp_path / "card.toml"
    path.write_text('role = "baseline"\nquantization = "FP8"\nbits_per_weight = 8\n')
    card = read_model_card(path)
    assert (card.role, card.quantization, card.bits_per_weight) == ("baseline", "FP8", 8.0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, r"card\.toml: cannot be read \(No such file"),
        (b"role = ", r"card\.toml: not valid TOML"),
        (b'role = "\xff"', r"card\.toml: not UTF-8 \(byte 0xff\)"),
        (b"role = 3", r"card\.toml: field `role`: "),
        (b'rolle = "baseline"', r"card\.toml: .*rolle"),
        (b'link = "https://me:word@example.org/x"', "field `link`: holds a URL with credentials"),
    ],
)
def test_a_slip_is_told_with_file_and_field(tmp_path, content, said):
    """And a card with a password is not published."""
    path = tmp_path / "card.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=said) as caught:
        read_model_card(path)
    assert "word" not in caught.value.message
