# expect: timeout
"""Fails with a message that takes forever to write."""


class Endless(Exception):
    def __str__(self):
        while True:
            pass


raise Endless
