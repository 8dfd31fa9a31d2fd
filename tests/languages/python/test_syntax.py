"""Parsing from several threads at once, which plain ast.parse does not survive on CPython 3.11 and 3.12."""

import ast
import copyreg
import gc
import threading
import time
import warnings

import pytest

from evalsite.languages.python import syntax
from evalsite.languages.python.syntax import parse

LARGE = "x = [" + ", ".join(f"(1, [{number}, ({number}, -{number})])" for number in range(300)) + "]\n"


@pytest.fixture
def busy_collector():
    """A garbage collector that comes often, and lets other threads run while it is at work."""

    def pause(_phase, _info):
        time.sleep(0.0002)

    before = gc.get_threshold()
    gc.set_threshold(200)
    gc.callbacks.append(pause)
    yield
    gc.callbacks.remove(pause)
    gc.set_threshold(*before)


@pytest.mark.usefixtures("busy_collector")
def test_threads_parse_side_by_side():
    """Every thread gets its tree, however often they interrupt each other."""
    trees, errors = [], []

    def work():
        try:
            trees.extend(parse(LARGE) for _ in range(5))
        except SystemError as exc:
            errors.append(exc)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(trees) == 20


def test_checking_finds_what_only_the_compiler_refuses():
    """A return outside of a function parses, and does not compile."""
    assert isinstance(parse("return 1"), ast.Module)
    with pytest.raises(SyntaxError):
        parse("return 1", check=True)


@pytest.mark.parametrize("size", [1, 10_000])
def test_the_same_source_is_parsed_once_and_refused_alike_each_time(monkeypatch, size):
    """Of usual size or not, as its tree or with the line of the mistake, in an error of its own, and whatever
    other packages (of a cluster, say) have taught ``copy`` of errors.
    """
    monkeypatch.setitem(copyreg.dispatch_table, SyntaxError, lambda exc: (SyntaxError, (exc.msg,)))
    parsed = []
    monkeypatch.setattr(syntax, "parse", lambda source, **how: parsed.append(source) or parse(source, **how))
    line = "parsed_by_nobody_else = 1\n"
    good, bad = line * size, line * size + "x = = 1\n"
    with syntax.bounded(whatever=True):
        assert syntax.compiled(good) is syntax.compiled(good)
        errors = []
        for _ in range(3):
            with pytest.raises(SyntaxError) as caught:
                syntax.compiled(bad)
            errors.append(caught.value)
    assert [error.lineno for error in errors] == [size + 1] * 3
    assert len(set(map(id, errors))) == 3
    assert parsed == [good, bad]


def test_old_fashioned_escapes_are_not_worth_a_warning():
    """Nor an error where warnings are such."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ast.unparse(parse("x = '\\d'", check=True)) == "x = '\\\\d'"


@pytest.mark.parametrize(("whatever", "times"), [(True, 1), (False, 2)])
def test_want_of_memory_is_remembered_only_where_it_is_the_sources(monkeypatch, whatever, times):
    """Where nothing bounds this process, others may have taken what there was."""
    tried = []

    def without_memory(source, **_how):
        tried.append(source)
        raise MemoryError

    monkeypatch.setattr(syntax, "parse", without_memory)
    with syntax.bounded(whatever=whatever):
        for _ in range(2):
            with pytest.raises(MemoryError):
                syntax.compiled(f"never_parsed_before = {whatever}\n")
    assert len(tried) == times
