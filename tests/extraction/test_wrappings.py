"""What pages and patches put around code, made fences; and what a page does not show."""

import html

import pytest

from tests.extraction.answers import BODY, FUNCTION, fenced, passes, program
from tests.extraction.helpers import DRAFT

CODE = FUNCTION.rstrip()
ESCAPED = html.escape(FUNCTION.replace(BODY, f"    assert len(numbers) < 9 and '<b>' != \"&\"\n{BODY}"))
COLOURED = (
    '<span class="k">def</span> <span class="nf">total</span><span class="p">(</span>numbers'
    '<span class="p">):</span>\n    <span class="k">if</span> <span class="mi">9</span> '
    '<span class="o">&lt;</span> <span class="nb">len</span>(<span class="s1">&#39;&lt;b&gt;&#39;</span>):\n'
    '        <span class="k">return</span> <span class="mi">1</span>\n' + BODY
)
HIGHLIGHTED = {
    "pygments": f'<div class="highlight"><pre><span></span><code>{COLOURED}</code></pre></div>',
    "pygments without code": f"<pre><span></span>{COLOURED}</pre>",
    "an empty span": f"<pre><span></span>{FUNCTION}</pre>",
    "an empty span, code": f"<pre><span></span><code>{ESCAPED}</code></pre>",
    "no pre": COLOURED,
    "in a fence": fenced(COLOURED),
    "a whole page in a fence": fenced(f"<html>\n<body>\n<pre>{COLOURED}</pre>\n</body>\n</html>\n", "html"),
    "in a page's fence": fenced(f"<pre><code>{COLOURED}</code></pre>\n", "html"),
    "line ends": f"<pre><code>{CODE.replace(chr(10), '<br>')}</code></pre>",
    "closed line ends": f"<p>So:</p><pre>{COLOURED.rstrip().replace(chr(10), '<br />' + chr(10))}</pre>",
    "line ends and blanks": f"<PRE>{CODE.replace(chr(10), '<BR/>').replace('    ', '&nbsp;' * 4)}</PRE>",
    "a line each": "<pre>"
    + "".join(f"<div class='line'>{line}</div>" for line in CODE.split("\n"))
    + "</pre>",
    "numbered": "<pre><span></span>"
    + "".join(f'<span class="linenos">{n}</span> {line}\n' for n, line in enumerate(CODE.split("\n"), 1))
    + "</pre>",
    "links": f'<pre><a name="l-1"></a>{COLOURED}</pre>\n<p>Done.</p>',
    "bold": f"<pre><b>def</b>{CODE.removeprefix('def')}</pre>",
}


@pytest.mark.parametrize("form", HIGHLIGHTED)
def test_a_highlighters_tags_are_no_part_of_the_code(form: str) -> None:
    """They go, and escapes become what they stand for."""
    assert passes(program(HIGHLIGHTED[form]))
    assert not passes(program(HIGHLIGHTED[form].replace("isqrt", "floor")))


@pytest.mark.parametrize("kept", ["'<b>x</b>'", "'<br>'", "f'<pre>{1}</pre>'", "'<pre><code></code></pre>'"])
def test_tags_in_texts_of_the_programs_own_stay(kept: str) -> None:
    """Also where something else has to be mended."""
    text = FUNCTION.replace(BODY, f"    tag = {kept}\n    assert len(tag) == {len(eval(kept))}\n{BODY}")
    for answer in (fenced(text), text, fenced(text.replace("'", "’").replace("    ", "\u00a0" * 4))):
        found = program(answer)
        assert passes(found)
        assert kept in found.source


CDATA = {
    "a file": '<file path="a.py"><![CDATA[\n{}]]></file>',
    "on its line": "<answer><code><![CDATA[{}]]></code></answer>",
    "alone": "<![CDATA[\n{}]]>",
    "in a fence": "```xml\n<file>\n<![CDATA[\n{}]]>\n</file>\n```",
    "between prose": "Here:\n<source><![CDATA[{}\n]]>\n</source>\nThat is it.",
}


@pytest.mark.parametrize("form", CDATA)
def test_a_page_may_hold_code_as_data(form: str) -> None:
    """What it holds is not escaped."""
    text = FUNCTION.replace(BODY, f"    assert 1 < 2 and [3][[0][0]]>2\n{BODY}")
    assert passes(program(CDATA[form].format(text)))


PLUS = "".join(f"+{line}\n" for line in FUNCTION.splitlines())
ADDED = f"*** Begin Patch\n*** Add File: a.py\n{PLUS}*** End Patch\n"
PATCHES = {
    "bare": ADDED,
    "between prose": f"I add it.\n\n{ADDED}\nDone.",
    "fenced": fenced(ADDED, ""),
    "fenced as a diff": fenced(ADDED, "diff"),
    "applied": f"```bash\napply_patch <<'EOF'\n{ADDED}EOF\n```\nDone.",
    "fenced, more behind it": fenced(ADDED, "") + "\nCall it:\n" + fenced("print(total([1]))\n"),
    "an end of file": ADDED.replace("*** End P", "*** End of File\n*** End P"),
    "changed": ADDED.replace("Add", "Update").replace(
        ".py\n", ".py\n@@ from typing import List\n-def total(x):\n-    pass\n"
    ),
    "two files": ADDED.replace(
        "*** End", "*** Add File: test.py\n+from a import total\n+assert total([])\n*** End"
    ),
    "no end": ADDED.replace("*** End Patch\n", ""),
}


@pytest.mark.parametrize("form", PATCHES)
def test_a_patch_adds_a_file(form: str) -> None:
    """Its lines are the file's."""
    assert passes(program(PATCHES[form]))


PRE = f"<pre><code>{FUNCTION}</code></pre>"
WRONG = f"<pre>{FUNCTION.replace('isqrt', 'floor')}</pre>"
HIDDEN = {
    "a block": (f"<!--\n{PRE}\n-->\n{WRONG}", False),
    "a fence": (f"<!--\n{fenced(FUNCTION)}-->\n{DRAFT}", False),
    "code": (f"<!-- old:\n{FUNCTION}-->\n{DRAFT}", False),
    "behind a tag": (f"<body><!-- {PRE} -->{WRONG}</body>", False),
    "behind words": (f"Old: <!-- {PRE} -->\n{WRONG}", False),
    "behind an attribute": (f"<div class='x'><!-- a --> <!-- {PRE} --></div>\n{WRONG}", False),
    "in a text of a line": (
        FUNCTION.replace(BODY, f"    x = '<!-- <pre></pre> -->'\n    assert len(x) == 20\n{BODY}"),
        True,
    ),
    "within a page's fence": (fenced(f"<!-- {PRE} -->\n{WRONG}\n", "html"), False),
    "nothing else": (f"<!--\n{PRE}\n-->\n", False),
    "the wrong one": (f"<!--\n{WRONG}\n-->\n{PRE}", True),
    "two": (f"<!-- {WRONG} -->\n{PRE}\n<!-- {WRONG} -->", True),
    "never closed": (f"<!-- solution\n{PRE}", True),
    "words": (f"<!-- solution -->\n{PRE}", True),
}


@pytest.mark.parametrize("what", HIDDEN)
def test_what_a_page_does_not_show_does_not_count(what: str) -> None:
    """Nobody who sees the page sees it."""
    answer, right = HIDDEN[what]
    assert passes(program(answer)) == right


@pytest.mark.parametrize("around", ["{}", "```python\n{}```\n", "```\n{}```\n"])
def test_comments_of_pages_in_a_programs_texts_stay(around: str) -> None:
    """They are the program's own."""
    page = '"""\n<!-- <pre>x</pre> -->\n"""'
    text = FUNCTION.replace(BODY, f"    assert len({page}) == {len(eval(page))}\n{BODY}")
    assert passes(program(around.format(text)))
