"""Tests that share a process."""

import pytest


def test_the_tests_of_a_file_share_a_process(request: pytest.FixtureRequest, worker_id: str) -> None:
    """What one of them starts, such as a grader or a browser, would be started by each process else.

    Where tests run side by side, a test's name says with whom it goes.
    """
    assert request.node.get_closest_marker("xdist_group").args == ("test_groups",)
    assert worker_id == "master" or request.node.nodeid.endswith("@test_groups")
