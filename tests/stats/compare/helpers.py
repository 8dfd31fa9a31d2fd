"""Runs in a few words."""


def greedy(broken: int, fixed: int, solved: int = 100, size: int = 164) -> tuple[list[int], list[int]]:
    """Passes of two greedy runs with this many problems broken and fixed."""
    base = [1] * solved + [0] * (size - solved)
    cand = [0] * broken + base[broken : size - fixed] + [1] * fixed
    return base, cand
