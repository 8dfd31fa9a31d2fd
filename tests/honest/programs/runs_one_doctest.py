def double(x):
    """
    >>> double(2)
    4
    """
    return 2 * x


import doctest

doctest.run_docstring_examples(double, globals())
