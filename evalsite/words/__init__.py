"""Figures, lists and hostile text, put so that people can read them."""
