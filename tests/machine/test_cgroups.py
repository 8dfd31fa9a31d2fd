"""Control groups of both versions, as files below a root of the test's own."""

import pytest

from evalsite.machine.cgroups import ControlGroups

MIB = 1 << 20
VERSION_2 = "36 25 0:31 / /sys/fs/cgroup ro - cgroup2 cgroup rw\n"
VERSION_1 = (
    "33 31 0:30 {inside} /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
    "34 31 0:31 {inside} /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "35 31 0:32 {inside} /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
)
PLACES_1 = "4:memory:{place}\n3:cpu,cpuacct:{place}\n2:pids:{place}\n0::/\n"


@pytest.fixture
def groups(tmp_path):
    """Write files below a root, and return the groups that are found there."""

    def written(files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return ControlGroups(tmp_path)

    return written


def test_the_closest_limit_of_version_2_counts(groups):
    """A group's own, or one around it; what is kept of files can be had."""
    found = groups({
        "proc/self/mountinfo": VERSION_2, "proc/self/cgroup": "0::/pod/box\n",
        "sys/fs/cgroup/pod/box/memory.max": "max\n",
        "sys/fs/cgroup/pod/memory.max": f"{512 * MIB}\n",
        "sys/fs/cgroup/pod/memory.current": f"{300 * MIB}\n",
        "sys/fs/cgroup/pod/memory.stat": f"anon 5\ninactive_file {100 * MIB}\n",
        "sys/fs/cgroup/pod/box/memory.events": "low 0\noom 4\noom_kill 3\n",
        "sys/fs/cgroup/pod/cpu.max": "150000 100000\n", "sys/fs/cgroup/pod/box/cpu.max": "max 100000\n",
        "sys/fs/cgroup/pod/box/pids.max": "40\n", "sys/fs/cgroup/pod/box/pids.current": "31\n",
        "sys/fs/cgroup/pod/memory.oom.group": "1\n",
    })  # fmt: skip
    assert (found.memory(), found.memory_left()) == (512 * MIB, 312 * MIB)
    assert (found.cpus(), found.processes_left(), found.out_of_memory_kills()) == (1.5, 9, 3)
    assert found.kills_all_at_once()


@pytest.mark.parametrize(
    ("files", "memory", "cpus"),
    [
        ({"pod/memory.max": f"{9 * MIB}", "pod/box/memory.high": f"{7 * MIB}"}, 7 * MIB, None),
        ({"pod/memory.max": "max", "pod/box/memory.high": "max", "memory.max": f"{MIB}"}, MIB, None),
        ({"pod/box/cpu.max": "25000 100000", "pod/cpu.max": "10000 50000"}, None, 0.2),
        ({"pod/box/cpu.max": "max 100000", "cpu.max": "1000 1000000"}, None, 0.001),
    ],
)
def test_the_tightest_of_nested_limits_counts(groups, files, memory, cpus):
    """Of memory also that beyond which the kernel slows a program down; of processors any fraction."""
    found = groups({
        "proc/self/mountinfo": VERSION_2, "proc/self/cgroup": "0::/pod/box\n",
        **{f"sys/fs/cgroup/{name}": f"{text}\n" for name, text in files.items()},
    })  # fmt: skip
    assert (found.memory(), found.cpus()) == (memory, cpus)


def test_a_group_outside_of_what_a_container_sees_limits_nothing_but_by_the_root(groups):
    """As where a process was put into a container whose groups begin elsewhere (``/..`` in its place)."""
    found = groups({
        "proc/self/mountinfo": VERSION_2, "proc/self/cgroup": "0::/../other\n",
        "sys/fs/cgroup/memory.max": f"{MIB}\n",
    })  # fmt: skip
    assert found.memory() == MIB


@pytest.mark.parametrize(
    ("inside", "place", "folder"),
    [("/", "/box", "/box"), ("/docker/1", "/docker/1", ""), ("/docker/1", "/docker/12", ""), ("/", "/", "")],
)
def test_version_1_is_found_from_inside_and_outside_of_a_container(groups, inside, place, folder):
    """A container sees its own group where the others' root would be."""
    at = f"sys/fs/cgroup/{{}}{folder}"
    found = groups({
        "proc/self/mountinfo": VERSION_1.format(inside=inside),
        "proc/self/cgroup": PLACES_1.format(place=place),
        f"{at.format('memory')}/memory.limit_in_bytes": f"{300 * MIB}\n",
        f"{at.format('memory')}/memory.usage_in_bytes": f"{200 * MIB}\n",
        f"{at.format('memory')}/memory.stat": f"total_inactive_file {50 * MIB}\n",
        f"{at.format('memory')}/memory.oom_control": "under_oom 0\noom_kill 2\n",
        f"{at.format('cpu,cpuacct')}/cpu.cfs_quota_us": "50000\n",
        f"{at.format('cpu,cpuacct')}/cpu.cfs_period_us": "100000\n",
        f"{at.format('pids')}/pids.max": "14\n", f"{at.format('pids')}/pids.current": "14\n",
    })  # fmt: skip
    assert (found.memory(), found.memory_left(), found.out_of_memory_kills()) == (300 * MIB, 150 * MIB, 2)
    assert (found.cpus(), found.processes_left()) == (0.5, 0)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"proc/self/mountinfo": VERSION_2, "proc/self/cgroup": "0::/\n"},
        {
            "proc/self/mountinfo": VERSION_1.format(inside="/"),
            "proc/self/cgroup": PLACES_1.format(place="/"),
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
            "sys/fs/cgroup/pids/pids.max": "max\n",
        },
        {"proc/self/mountinfo": "nonsense\n1 2 - \n", "proc/self/cgroup": "::\n"},
    ],
)
def test_no_limit_is_none(groups, files):
    """Also where there are no groups at all (macOS, Windows), or nothing that could be read."""
    found = groups(files)
    assert (found.memory(), found.memory_left(), found.cpus(), found.processes_left()) == (None,) * 4
    assert (found.out_of_memory_kills(), found.kills_all_at_once()) == (0, False)


def test_a_hidden_proc_hides_no_limit(groups):
    """Groups are looked for where they usually are."""
    found = groups({"sys/fs/cgroup/memory.max": f"{MIB}\n", "sys/fs/cgroup/pids/pids.max": "7\n"})
    assert (found.memory(), found.processes_left()) == (MIB, 7)
