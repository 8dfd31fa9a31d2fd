"""Has mkdocstrings read docstrings as Markdown: an extension of griffe, by which it reads them."""

from typing import Any

import griffe

from scripts.build_docs import as_markdown


class Marks(griffe.Extension):
    """Rewrites every docstring that is loaded."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Called for each module, class, function and attribute."""
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)
