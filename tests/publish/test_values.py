"""How single values of ``evalsite.toml`` are read: each reader takes the value and the file's own folder."""

import pytest

from evalsite.errors import UsageError
from evalsite.publish.values import parse_size
from tests.publish.helpers import read


@pytest.mark.parametrize("key", ["site_url", "repository"])
def test_brackets_in_an_address_are_a_mistake_like_any_other(tmp_path, key):
    """Python's own parser takes them for an IPv6 address, and raises."""
    with pytest.raises(UsageError, match=f":1: {key}: 'https://\\[x/y' is no address"):
        read(tmp_path, f'{key} = "https://[x/y"\n')


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("900MB", 900_000_000),
        ("1.5 GB", 1_500_000_000),
        ("20k", 20_000),
        ("200000", 200_000),
        ("3b", 3),
        ("1" + "0" * 400, 10**400),
    ],
)
def test_sizes(text, size):
    """Powers of 1000."""
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MB", "-1MB", "900MiB", "1e9"])
def test_no_sizes(text):
    """Refused rather than guessed."""
    with pytest.raises(ValueError, match="no size such as 900MB"):
        parse_size(text)
