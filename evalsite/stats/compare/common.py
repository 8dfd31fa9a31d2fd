"""The problems that two runs have in common."""

import numpy as np

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.passk import Index


def comparable(base: LoadedRun, other: LoadedRun, least: int = 1) -> tuple[Index, Index]:
    """Positions in each run of the problems that both have ``least`` samples of, in the base's order.

    Both of shape (n_common,).
    """
    position = {task: index for index, task in enumerate(other.task_ids)}
    pairs = [
        (here, there)
        for here, task in enumerate(base.task_ids)
        if (there := position.get(task)) is not None and min(base.n[here], other.n[there]) >= least
    ]
    table = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return table[:, 0], table[:, 1]
