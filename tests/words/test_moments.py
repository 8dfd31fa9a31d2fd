"""The time of day in rows."""

from datetime import UTC, datetime

from evalsite.words.moments import stamp


def test_a_stamp_is_the_time_to_the_millisecond():
    """It reads back as the moment that it was made at, in UTC."""
    before = datetime.now(UTC)
    told = stamp()
    after = datetime.now(UTC)
    assert len(told) == len("2026-11-22T16:54:00.123Z")
    assert told.endswith("Z")
    read = datetime.fromisoformat(told)
    assert (before.replace(microsecond=before.microsecond // 1000 * 1000)) <= read <= after
