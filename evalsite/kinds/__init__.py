"""Kinds of problem: how each is asked, and how its answer is read back.

A kind is an object: a :class:`.base.Kind` in :data:`KINDS`.
"""

from evalsite.kinds.base import Kind
from evalsite.kinds.completion import CodeCompletion
from evalsite.kinds.prose import ProseTask
from evalsite.rundir.schema import PromptKind

KINDS: dict[PromptKind, Kind] = {kind.name: kind for kind in (CodeCompletion(), ProseTask())}
"""Name -> kind."""
