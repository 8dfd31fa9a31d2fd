# expect: file_limit
"""Opens files without end."""

hoard = []
while True:
    hoard.append(open("/dev/null"))
