# expect: file_limit
"""Makes a file that looks like a terabyte."""

with open("sparse", "wb") as sparse:
    sparse.truncate(1 << 40)
