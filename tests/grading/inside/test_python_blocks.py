"""Blocks of the tests that an object of the program's is entered for, and who may end them quietly."""

from evalsite.grading.inside.python_blocks import Blocks

TARGET = object()


def raised(source, file="<tests>"):
    """What running a text raises."""
    try:
        exec(compile(source, file, "exec"), {"fail": fail})
    except BaseException as exc:
        return exc
    raise AssertionError("nothing")


def fail():
    raise ValueError


BY_TESTS = raised("raise ValueError")


def test_what_the_tests_raise_may_be_swallowed():
    """To see that it is, whatever the program was asked before."""
    blocks = Blocks()
    blocks.enter(TARGET)
    assert blocks.may_swallow(TARGET, BY_TESTS)
    blocks.asked += 1
    assert blocks.may_swallow(TARGET, BY_TESTS)
    assert not blocks.may_swallow(TARGET, raised("assert False"))
    assert not blocks.may_swallow(TARGET, raised("raise AssertionError"))


def test_what_fails_because_of_an_answer_fails_the_tests():
    """What nobody was asked before does not come of an answer."""
    for exc in (raised("fail()"), raised("1 / 0"), raised("raise ValueError", "<program>"), ValueError()):
        blocks = Blocks()
        blocks.enter(TARGET)
        assert blocks.may_swallow(TARGET, exc)
        blocks.asked += 1
        assert not blocks.may_swallow(TARGET, exc)
        blocks.enter(TARGET)
        assert blocks.may_swallow(TARGET, exc)
        assert not blocks.may_swallow(object(), exc)
