"""Data classes, named tuples and enumerations of the program."""

import enum
from collections import namedtuple
from dataclasses import dataclass, field


@dataclass(order=True, frozen=True)
class P:
    x: int
    y: list = field(default_factory=list)


class Color(enum.Enum):
    RED = 1
    BLUE = "b"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


Pair = namedtuple("Pair", "a b")


def f():
    return P(1, [2]), Color.RED, Level.HIGH, Pair(1, "x")


# the tests:
import dataclasses

p, color, level, pair = f()
assert p == P(1, [2]) and p.x == 1 and p < P(2) and dataclasses.asdict(p) == {"x": 1, "y": [2]}
assert dataclasses.replace(p, x=5).x == 5 or True
assert repr(p) == "P(x=1, y=[2])" and p != P(1)
assert color is Color.RED and color.value == 1 and color.name == "RED" and Color("b") is Color.BLUE
assert [each.name for each in Color] == ["RED", "BLUE"] and Color["RED"] is color and len(Color) == 2
assert level == 2 and level > Level.LOW and level.name == "HIGH" and isinstance(level, int) and level + 1 == 3
assert pair == (1, "x") and pair.a == 1 and pair._asdict() == {"a": 1, "b": "x"} and pair == Pair(1, "x")
assert isinstance(pair, tuple) and pair[1] == "x"
