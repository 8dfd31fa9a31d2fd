# expect: file_limit
"""Makes files without end."""

number = 0
while True:
    open(str(number), "w").close()
    number += 1
