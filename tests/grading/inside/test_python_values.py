"""How values travel: what is written is read again, and a message that nobody wrote builds nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsite.grading.inside.python_library import kinds
from evalsite.grading.inside.python_values import Codec, UnreadableError, UnspeakableError, from_bytes
from tests.grading.inside.helpers import sent

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text() | st.integers(), inner)
        | st.tuples(inner, inner)
        | st.frozensets(st.integers() | st.text())
    ),
    max_leaves=20,
)


@given(PLAIN)
def test_plain_values_arrive_as_they_were(value):
    """Equal, and of the same class."""
    found = sent(value)
    assert found == value
    assert type(found) is type(value)


def test_what_is_mentioned_twice_is_one():
    """Lists that hold each other, too."""
    inner = [1]
    first, second, same = sent((inner, [inner], {"a": inner}))
    assert second[0] is first
    assert same["a"] is first
    loop = []
    loop.append(loop)
    assert (found := sent(loop))[0] is found


def test_changes_are_told_by_number():
    """What the answering side has changed of a question's values, and nothing else."""
    codec, other = Codec(kinds()), Codec(kinds())
    question = [[3, 1], {"a": [0]}, {5}]
    data, ours = codec.pack([], question)
    values, theirs = other.unpack(from_bytes(data))
    before = other.snapshot(theirs)
    values[0].sort()
    values[1]["a"].append(values[0])
    places = other.changed(theirs, before)
    data, _ = other.pack([], [values[0]], theirs, [theirs[place] for place in places])
    (answer, *contents), _ = codec.unpack(from_bytes(data), ours)
    for place, content in zip(places, contents, strict=True):
        codec.fill(ours[place], content)
    assert question == [[1, 3], {"a": [0, [1, 3]]}, {5}]
    assert answer is question[0]
    assert question[1]["a"][1] is question[0]


@pytest.mark.parametrize(
    "form",
    [
        {"zz": 1}, {"i": "x"}, {"r": 5}, {"t": 3}, {"d": [[1], []]}, {"s": [[1]]}, {"a": 1, "b": 2}, {},
        {"array": ["q", {"b": "x"}]}, {"date": [0, 0, 0]}, {"1": "quit"}, {"keys": [1]},
        {"zone": ["../../etc/passwd"]}, {"range": [1, 2, 0]},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_what_nobody_wrote_is_refused(form):
    """With one error, whatever is wrong."""
    with pytest.raises(UnreadableError):
        Codec(kinds()).unpack([form])


def test_size_and_depth_have_limits():
    """More than a program may send is refused before it is built."""
    with pytest.raises(UnreadableError):
        from_bytes(b"[" + b"0," * 5_000_000 + b"0]")
    with pytest.raises(RecursionError):
        from_bytes(b"[" * 1_000_000 + b"]" * 1_000_000)
    with pytest.raises(UnspeakableError):
        Codec(kinds()).pack([], [[[0] * 3_000_000, [0] * 3_000_000]])


def test_integers_of_any_length_travel():
    """Among others, too, where Python's own limit on digits would stand in the way."""
    many = [1, 10**5000, "a"]
    assert sent(many) == many
    assert sent({10**5000: -(10**5000)}) == {10**5000: -(10**5000)}
    assert sent([2**62, 2**62 - 1, -(2**62)]) == [2**62, 2**62 - 1, -(2**62)]


def test_what_cannot_be_written_at_all_is_refused():
    """With the reason of the second attempt."""

    class Odd(Codec):
        def write_object(self, value):
            return value

    with pytest.raises(TypeError, match="are no values"):
        Odd(kinds()).pack([], [object()])
