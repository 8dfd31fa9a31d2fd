"""Garbage is looked for as before, once modules have been imported."""

import gc

import pytest

from evalsite.machine.garbage import not_looked_for


def test_it_is_not_looked_for_within():
    assert gc.isenabled()
    with not_looked_for():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_is_looked_for_again_where_an_import_fails():
    with pytest.raises(ImportError), not_looked_for():
        raise ImportError
    assert gc.isenabled()


def test_whoever_never_looks_for_it_is_left_alone():
    gc.disable()
    try:
        with not_looked_for():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
