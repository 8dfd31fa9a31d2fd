# expect: runtime_error
"""Fails with a message that fails."""


class Evil(Exception):
    def __str__(self):
        raise Evil


raise Evil
