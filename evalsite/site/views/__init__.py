"""What each template receives: one frozen dataclass a page, made from the evidence by a function beside it.

The field names of a page's dataclass are the names its template uses, next to ``frame`` (the page's place in
the site) and ``url`` (a path -> a relative link). Numbers are already words here; nothing is computed in a
template.
"""
