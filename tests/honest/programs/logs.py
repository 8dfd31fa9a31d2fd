import logging

logging.basicConfig(level=logging.INFO)
logging.info("begun")


def double(x):
    return 2 * x
