import unittest


def double(x):
    return 2 * x


class Tests(unittest.TestCase):
    def test_two(self):
        self.assertEqual(double(2), 4)


unittest.main(argv=["program"], exit=False)
