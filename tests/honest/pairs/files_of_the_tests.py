"""A file that the tests write and the program reads, and the other way round."""


def f(path):
    with open(path) as file:
        text = file.read()
    with open(path + ".out", "w") as file:
        file.write(text.upper())


# the tests:
import os
import tempfile

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "a.txt")
    with open(path, "w") as file:
        file.write("abc")
    f(path)
    with open(path + ".out") as file:
        assert file.read() == "ABC"
