import tempfile


def double(x):
    with tempfile.TemporaryFile("w+") as file:
        file.write(str(2 * x))
        file.seek(0)
        return int(file.read())
