# expect: runtime_error
"""Tells of an error with ten thousand frames that point at one long line, and of a long message."""

# 2000 characters in one line: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
import sys

sys.setrecursionlimit(20_000)


def deeper(number):
    deeper(number - 1) if number else exec("raise ValueError('m' * 100_000)")


def add(a, b):
    deeper(10_000)
