"""Commands that messages tell people to type."""

import shlex


def command(*words: object) -> str:
    """A command of evalsite as a shell takes it, whatever spaces and signs a path holds."""
    return shlex.join(["evalsite", *map(str, words)])
