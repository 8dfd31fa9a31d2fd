"""Python: its syntax trees, names, usual damages and example sessions."""
