"""The system call filter, read as the kernel reads it: what it answers to every number there is."""

import errno
import struct
from itertools import product

import pytest

from evalsite.grading.inside import filtering, syscalls

pytestmark = pytest.mark.sandbox

ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
UNIX, INET, STREAM, DATAGRAM, CLOSE_ON_EXEC = 1, 2, 1, 2, 0o2000000
CLONE_PARENT, CLONE_NEWPID = 0x8000, 0x20000000
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7, "riscv64": 0xC00000F3}
ME = 4711
NOT_DONE = ERRNO


def refused(name):
    """The answer that Python raises as this error."""
    return ERRNO | getattr(errno, name)


class Machine:
    """A processor, and the answers of a filter on it."""

    def __init__(self, name, **kept):
        self.mark = MACHINES[name]
        self.column = 0 if name == "x86_64" else 1
        made = filtering.Filter(filtering.program(**kept))
        made.make_for(ME)
        self.code = list(struct.iter_unpack("=HBBI", made._code.raw))

    def __call__(self, numbers, *arguments, mark=None):
        """What is answered to a call with these arguments, told by its number or by its row in the tables."""
        number = numbers if isinstance(numbers, int) else numbers[self.column]
        data = {16 + 8 * place: value & 0xFFFFFFFF for place, value in enumerate(arguments)}
        data |= {0: number, 4: self.mark if mark is None else mark}
        loaded = position = 0
        for _ in self.code:
            what, yes, no, value = self.code[position]
            position += 1
            if what == 0x20:
                loaded = data.get(value, 0)
            elif what == 0x54:
                loaded &= value
            elif what == 0x06:
                return value
            elif what == 0x05:
                position += value
            else:
                holds = {0x15: loaded == value, 0x35: loaded >= value, 0x45: bool(loaded & value)}[what]
                position += yes if holds else no
        raise AssertionError("the filter goes round in circles")


@pytest.fixture(params=MACHINES)
def machine(request, monkeypatch):
    """A processor; called, it makes a filter there."""
    monkeypatch.setattr(filtering.platform, "machine", lambda: request.param)
    return lambda **kept: Machine(request.param, **kept)


def numbers_in(table, column):
    """The numbers of a table that a processor has."""
    return [numbers[column] for numbers in table.values() if numbers[column] is not None]


def test_every_number_gets_the_answer_that_the_tables_say(machine):
    """All calls but those listed are allowed; no number is lost on the way through the search."""
    answer = machine()
    expected = dict.fromkeys(range(700), ALLOW)
    expected |= dict.fromkeys(numbers_in(syscalls.KILLED, answer.column), KILL)
    expected |= dict.fromkeys(numbers_in(syscalls.REFUSED, answer.column), refused("EACCES"))
    expected |= dict.fromkeys(numbers_in(syscalls.OF_THE_HOST, answer.column), NOT_DONE)
    expected[syscalls.CLONE3[answer.column]] = refused("ENOSYS")
    expected[syscalls.SOCKETPAIR[answer.column]] = refused("EACCES")  # of no family
    assert {number: answer(number) for number in expected} == expected


@pytest.mark.parametrize(("owned", "landlock"), [*product([False, True], range(8))])
def test_without_namespaces_no_number_is_allowed_that_was_not_and_the_rest_is_in_the_tables(
    machine, owned, landlock
):
    """Whoever owns the programs, and whatever Landlock knows."""
    plain, answer = machine(), machine(alone=False, owned=owned, landlock=landlock)
    column = answer.column
    own = {number for number in range(700) if plain(number) != ALLOW}
    expected = {number: plain(number) for number in own}
    expected |= dict.fromkeys(numbers_in(syscalls.WATCHING, column), refused("EACCES"))
    expected |= dict.fromkeys(numbers_in(syscalls.GROUPS, column), NOT_DONE)
    expected |= {syscalls.OPENAT2[column]: refused("ENOSYS"), syscalls.IOCTL[column]: refused("ENOTTY")}
    expected[syscalls.PRIORITIES["ioprio_set"][column]] = refused("EPERM")  # of nothing
    if landlock < 3:
        expected[syscalls.TRUNCATE[column]] = refused("EACCES")
    if landlock < 6:
        expected |= dict.fromkeys(numbers_in(syscalls.SIGNALS_OF_PROCESS, column), refused("EPERM"))
        expected[syscalls.PIDFD_SEND_SIGNAL[column]] = refused("EPERM")
    expected |= dict.fromkeys(numbers_in(syscalls.TIMES, column), NOT_DONE)
    expected |= dict.fromkeys(numbers_in(syscalls.ATTRIBUTES, column), refused("EPERM"))
    if owned:
        expected |= dict.fromkeys(numbers_in(syscalls.MODES, column), NOT_DONE)
    assert {number: answer(number) for number in range(700)} == dict.fromkeys(range(700), ALLOW) | expected


def test_a_filter_is_short():
    """It is translated for every sample: numbers that follow each other are looked up as one."""
    assert len(filtering.program()) // 8 < 200
    assert len(filtering.program(alone=False, landlock=7)) // 8 < 350


def test_arguments_decide_where_they_matter(machine):
    """New namespaces end the process, plain forks don't; socket pairs are streams of the Unix family."""
    answer = machine()
    assert answer(syscalls.CLONE, CLONE_NEWPID) == KILL
    assert answer(syscalls.CLONE, 17) == ALLOW
    assert answer(syscalls.CLONE, CLONE_PARENT | 17) == KILL
    assert answer(syscalls.SOCKETPAIR, UNIX, STREAM | CLOSE_ON_EXEC) == ALLOW
    assert answer(syscalls.SOCKETPAIR, UNIX, DATAGRAM) == refused("EACCES")
    assert answer(syscalls.SOCKETPAIR, INET, STREAM) == refused("EACCES")


def test_files_are_not_locked_in_any_sandbox(machine):
    """Nor is a program told: it goes on, alone with its own files. Other controls are as they were."""
    for answer in (machine(), machine(alone=False, landlock=7)):
        assert [answer(syscalls.FCNTL, 3, control) for control in syscalls.LOCKING] == [NOT_DONE] * 4
        assert [answer(syscalls.FCNTL, 3, control) for control in (1, 2, 3, 4, 5)] == [ALLOW] * 5


def test_nobody_else_is_named_where_there_are_no_namespaces(machine):
    """Limits, priorities and processors of the caller itself may change, those of others may not."""
    answer = machine(alone=False, landlock=7)
    for numbers in syscalls.OF_ANOTHER.values():
        assert (answer(numbers, 0), answer(numbers, 1), answer(numbers, ME)) == (
            ALLOW,
            *[refused("EPERM")] * 2,
        )
    for name, itself in (("setpriority", 0), ("ioprio_set", 1)):
        found = [answer(syscalls.PRIORITIES[name], *who) for who in ((itself, 0), (itself, 1), (2, 0))]
        assert found == [ALLOW, refused("EPERM"), refused("EPERM")]
    assert answer(syscalls.FCNTL, 1, 8) == answer(syscalls.FCNTL, 1, 10) == refused("EPERM")
    assert answer(syscalls.FCNTL, 1, 4) == ALLOW
    assert answer(syscalls.IOCTL, 1, 0x8901) == answer(syscalls.IOCTL, 1, 0x40086602) == refused("ENOTTY")
    assert answer(syscalls.IOCTL, 1, 0x5413) == ALLOW


@pytest.mark.parametrize("version", [1, 5, 6, 7])
def test_signals_reach_only_the_sample_where_landlock_keeps_none_in(machine, version):
    """From version 6 on, Landlock does, and the filter lets them through."""
    answer = machine(alone=False, landlock=version)
    beyond = ALLOW if version >= 6 else refused("EPERM")
    own, group, others = (answer(syscalls.KILL, who, 15) for who in (ME, -ME, 1))
    assert (own, group, others, answer(syscalls.KILL, 0, 15)) == (ALLOW, ALLOW, beyond, ALLOW)
    assert answer(syscalls.KILL, -1, 15) == beyond
    for numbers in syscalls.SIGNALS_OF_PROCESS.values():
        assert (answer(numbers, ME), answer(numbers, 1)) == (ALLOW, beyond)


@pytest.mark.parametrize("version", [1, 2, 3, 7])
def test_nothing_is_emptied_by_reading_it(machine, version):
    """Landlock watches truncation from version 3 on. Files without a name are refused everywhere."""
    answer = machine(alone=False, landlock=version)
    beyond = ALLOW if version >= 3 else refused("EACCES")
    for numbers, before in ((syscalls.OPEN, [0]), (syscalls.OPENAT, [0, 0])):
        if numbers[answer.column] is None:
            continue
        found = [answer(numbers, *before, flags) for flags in (0, 0o1001, 0o1000, 0o20200002)]
        assert found == [ALLOW, ALLOW, beyond, refused("EOPNOTSUPP")]


def test_no_other_way_of_calling_goes_round_the_numbers(machine):
    """Another architecture's calls, and x86-64's second set of numbers, end the process."""
    answer = machine()
    assert answer(1, mark=answer.mark ^ 1) == KILL
    if answer.column == 0:
        assert answer(0x40000000 + 1) == KILL


def test_an_unknown_processor_has_no_filter(monkeypatch):
    """Where the numbers are not known, there is no filter rather than a wrong one."""
    monkeypatch.setattr(filtering.platform, "machine", lambda: "z80")
    assert filtering.program() is None
