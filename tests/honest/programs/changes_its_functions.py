def double(x):
    return 2 * x


double.__defaults__ = ()
double.__name__ = "twice"
