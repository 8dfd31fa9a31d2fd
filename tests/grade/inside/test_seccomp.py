"""The system call filter, read as the kernel reads it: what it answers to every number there is."""

import errno
import struct

import pytest

from evalsite.grade.inside import lockdown

pytestmark = pytest.mark.sandbox

ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
UNIX, INET = 1, 2
CLONE_PARENT = 0x8000
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7, "riscv64": 0xC00000F3}


def answer(program, number, architecture, argument=0):
    """What the filter returns for a system call with this first argument."""
    code = list(struct.iter_unpack("=HBBI", program))
    data = {0: number, 4: architecture, 16: argument}
    loaded = position = 0
    for _ in code:
        what, yes, no, value = code[position]
        position += 1
        if what == 0x20:
            loaded = data[value]
        elif what == 0x06:
            return value
        else:
            holds = {0x15: loaded == value, 0x35: loaded >= value, 0x45: bool(loaded & value)}[what]
            position += yes if holds else no
    raise AssertionError("the filter goes round in circles")


@pytest.fixture(params=MACHINES)
def machine(request, monkeypatch):
    """A processor: its filter, its mark, and the column of its numbers in the tables."""
    monkeypatch.setattr(lockdown.platform, "machine", lambda: request.param)
    column = 0 if request.param == "x86_64" else 1
    return lockdown.seccomp_program(), MACHINES[request.param], column


def test_every_number_gets_the_answer_that_the_tables_say(machine):
    """All calls but those listed are allowed; no number is lost on the way through the search."""
    program, architecture, column = machine
    expected = dict.fromkeys(range(700), ALLOW)
    expected |= {numbers[column]: KILL for numbers in lockdown._KILLED.values()}
    expected |= {numbers[column]: ERRNO | errno.EACCES for numbers in lockdown._REFUSED.values()}
    expected[lockdown._CLONE3[column]] = ERRNO | errno.ENOSYS
    expected[lockdown._SOCKETPAIR[column]] = ERRNO | errno.EACCES  # of no family
    assert {number: answer(program, number, architecture) for number in expected} == expected


def test_arguments_decide_where_they_matter(machine):
    """New namespaces end the process, plain forks don't; socket pairs are of the Unix family or none."""
    program, architecture, column = machine
    clone, socketpair = lockdown._CLONE[column], lockdown._SOCKETPAIR[column]
    assert answer(program, clone, architecture, lockdown.CLONE_NEWPID) == KILL
    assert answer(program, clone, architecture, 17) == ALLOW
    assert answer(program, clone, architecture, CLONE_PARENT | 17) == KILL
    assert answer(program, socketpair, architecture, UNIX) == ALLOW
    assert answer(program, socketpair, architecture, INET) == ERRNO | errno.EACCES


def test_no_other_way_of_calling_goes_round_the_numbers(machine):
    """Another architecture's calls, and x86-64's second set of numbers, end the process."""
    program, architecture, column = machine
    assert answer(program, 1, architecture ^ 1) == KILL
    if column == 0:
        assert answer(program, 0x40000000 + 1, architecture) == KILL


def test_an_unknown_processor_has_no_filter(monkeypatch):
    """Where the numbers are not known, there is no filter rather than a wrong one."""
    monkeypatch.setattr(lockdown.platform, "machine", lambda: "z80")
    assert lockdown.seccomp_program() is None
