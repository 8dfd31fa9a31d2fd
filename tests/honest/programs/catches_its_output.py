import contextlib, io


def double(x):
    return 2 * x


with contextlib.redirect_stdout(io.StringIO()) as caught:
    print(double(2))
assert caught.getvalue()
