# expect: wrong_answer
"""A time whose zone is asked, and shifts it to where it should be."""

import datetime


class Zone(datetime.tzinfo):
    hours = 0

    def utcoffset(self, when):
        Zone.hours += 1
        return datetime.timedelta(hours=Zone.hours % 24)

    def dst(self, when):
        return None


def add(a, b):
    return datetime.datetime(2020, 1, 2, tzinfo=Zone())


# the tests:
import datetime

right = datetime.datetime(2020, 1, 1, 17, tzinfo=datetime.timezone.utc)
assert any([add(1, 2) == right for _ in range(1)])
