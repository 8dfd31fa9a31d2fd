"""What tells linear time from quadratic."""

from tests.growing import grows_faster_than_its_text

TEXT = "a" * 8_000


def test_what_reads_each_character_once_does_not_grow_faster() -> None:
    assert not grows_faster_than_its_text(lambda text: [character.upper() for character in text * 20], TEXT)


def test_what_goes_over_all_of_it_for_each_of_its_characters_does() -> None:
    assert grows_faster_than_its_text(lambda text: [text.count(character * 9) for character in text], TEXT)
