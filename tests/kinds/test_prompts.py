"""How a problem is put to a model."""

import pytest

from evalsite.errors import UsageError
from evalsite.kinds.prompts import STYLES, build_prompt, style_for
from tests.kinds.helpers import CODE


def test_a_style_that_is_not_there_is_refused_with_those_that_are() -> None:
    """Versions are part of the name."""
    with pytest.raises(UsageError, match="chat-v0") as caught:
        build_prompt(CODE, "chat-v0")
    assert all(style in caught.value.hint for style in STYLES)
    assert [style_for("chat"), style_for("completions")] == ["chat-v1", "completion-v1"]
