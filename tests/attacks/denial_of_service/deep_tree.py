# expect: syntax_error
# source: "x = " + "(" * 20_000 + ")" * 20_000
"""Nests expressions deeper than the parser goes."""
