"""Records -> JSON and CSV, as bytes that are always the same."""

from evalsite.site.exports.writing import to_csv


def test_spreadsheets_run_no_formula():
    """A cell that would be a formula is text."""
    assert to_csv([{"a": "=1+1", "b": -0.5, "c": "plain"}]) == b"a,b,c\n'=1+1,-0.5,plain\n"
