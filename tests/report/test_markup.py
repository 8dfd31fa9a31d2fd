"""Markdown that holds hostile text: nothing in it ends a fence, makes a link or calls on anybody."""

from markdown_it import MarkdownIt

from evalsite.report.markup import code_block, code_span


def test_markup_helpers_agree_with_a_markdown_reader():
    """Whatever the run of backticks, the content comes back."""
    for text in ("a", "`", "``a`", "a ```` b"):
        (inline,) = [token for token in MarkdownIt().parse(code_span(text)) if token.type == "inline"]
        assert [child.content for child in inline.children] == [text]
        (fence,) = MarkdownIt().parse(code_block(text))
        assert fence.content == text + "\n"
