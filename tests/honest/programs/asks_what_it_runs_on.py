import os, platform, sys

platform.platform(), os.getcwd(), sys.version


def double(x):
    return 2 * x
