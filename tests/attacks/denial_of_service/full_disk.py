# expect: file_limit
"""Fills the disk with files that are each small enough."""

number = 0
while True:
    with open(str(number), "wb") as part:
        part.write(bytes(2 << 20))
    number += 1
