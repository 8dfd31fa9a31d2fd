"""What this machine lets a grader do."""

import os

import pytest

from evalsite.errors import SandboxError
from evalsite.grading import isolation

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize(
    ("ids", "lowest", "highest"),
    [(1 << 32, 0x60000000, 0x70000000), (65537, 20000, 65537), (1 << 14, 4000, 1 << 14)],
)
def test_a_workers_user_is_one_that_the_container_knows(monkeypatch, ids, lowest, highest):
    """An ordinary user's container has some ten thousand of them; each worker gets another one."""
    monkeypatch.setattr(isolation, "_most_ids", lambda _: ids)
    found = {isolation.worker_uid(index) for index in range(64)}
    assert len(found) == 64
    assert lowest <= min(found) <= max(found) < highest
    monkeypatch.setattr(isolation, "_most_ids", lambda _: 1)
    assert not isolation.has_own_users()
    assert not isolation.is_real_root()


def test_a_process_of_two_users_is_told_so(monkeypatch):
    """As a set-user-id program starts one: neither sandbox starts then, and no other right would help."""
    isolation.require_one_user()
    monkeypatch.setattr("os.geteuid", lambda: os.getuid() + 1)
    with pytest.raises(SandboxError, match=r"acts as user \d+(.|\n)*sudo -u"):
        isolation.require_one_user()
