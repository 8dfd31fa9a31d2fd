"""Times, zones, paths, numbers and patterns of the library."""

import datetime
import pathlib
import re
import uuid
from zoneinfo import ZoneInfo


class Zone(datetime.tzinfo):
    def utcoffset(self, when):
        return datetime.timedelta(hours=2)

    def dst(self, when):
        return None


def f(*args):
    return (
        datetime.datetime(2024, 1, 2, 3, tzinfo=datetime.timezone.utc),
        datetime.datetime(2024, 1, 2, 5, tzinfo=Zone()),
        datetime.datetime(2024, 7, 2, 3, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime.date(2024, 2, 29),
        pathlib.PurePosixPath("/a/b.txt"),
        uuid.UUID(int=3),
        re.compile("a(b)"),
        re.match("a(?P<n>b)", "abc"),
    )


# the tests:
import datetime
import pathlib
import re
import uuid

utc, own, berlin, day, path, number, pattern, match = f()
assert utc == datetime.datetime(2024, 1, 2, 3, tzinfo=datetime.timezone.utc) and own == utc
assert berlin.utcoffset() == datetime.timedelta(hours=2) and str(berlin.tzinfo) == "Europe/Berlin"
assert day + datetime.timedelta(days=1) == datetime.date(2024, 3, 1) and day.isoformat() == "2024-02-29"
assert path.suffix == ".txt" and path == pathlib.PurePosixPath("/a/b.txt") and number == uuid.UUID(int=3)
assert (
    pattern.findall("abab") == ["b", "b"]
    and match.group("n") == "b"
    and match.span() == (0, 2)
    and match[0] == "ab"
)
