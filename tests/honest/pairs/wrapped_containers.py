"""The library's own wrappers of containers, classes derived from them, and time zones."""

from collections import UserDict, UserList, UserString
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo


class Row(UserList):
    pass


class Name(UserString):
    pass


def wrapped():
    return [UserList([1, "b"]), UserDict(a=1), UserString("ab"), MappingProxyType({"a": 1})]


def derived():
    return Row(["x", "y"]), Name("ab")


def grow(row, table, zone):
    row.append(3)
    table["b"] = 2
    return datetime(2024, 7, 1, 12, tzinfo=zone)


def zone_of(city):
    return ZoneInfo(f"Europe/{city}")


# the tests:
from datetime import timedelta, timezone

assert wrapped() == [[1, "b"], {"a": 1}, "ab", {"a": 1}]
assert wrapped()[0] != [1, "c"] and wrapped()[2] != "ac"
row, name = derived()
assert row == ["x", "y"] and row != ["x"]
assert name == "ab" and name != "abc"
row, table = UserList([1]), UserDict(a=1)
when = grow(row, table, ZoneInfo("America/New_York"))
assert row == [1, 3] and table == {"a": 1, "b": 2}
assert when == datetime(2024, 7, 1, 16, tzinfo=timezone.utc)
assert zone_of("Berlin") == ZoneInfo("Europe/Berlin") and str(zone_of("Berlin")) == "Europe/Berlin"
assert when.astimezone(zone_of("Berlin")).utcoffset() == timedelta(hours=2)
