"""Scanning takes linear time, whatever the source holds."""

import re
import time

import pytest

from evalsite.languages import LANGUAGES
from evalsite.languages.scanned.scanner import scan
from tests.growing import grows_faster_than_its_text

SCANNED = ("javascript", "java", "cpp", "rust", "ruby", "perl")
UNITS = (
    *(
        "a",
        "a ",
        "a\n",
        "a;",
        "a;\n",
        "a.b\n",
        "\n",
        "(",
        "[",
        "{",
        "{}",
        "([{",
        "'",
        '"',
        "`",
        "`${",
        '"{$',
        "#{",
    ),
    *(
        "/",
        "/[",
        "/a",
        "a /a",
        "/*",
        "/* ",
        "*/",
        "//\\\n",
        "#a\\\n",
        "\\",
        "$",
        "$#{",
        "@",
        "&",
        "::",
        "?x",
        "%w[",
    ),
    *(
        "<<A\n",
        "<<~A\n",
        "<<<A\n",
        "<?php ",
        "?>",
        'R"(',
        'r#"',
        "r###",
        "'a",
        "1'",
        "q{",
        "s{",
        "tr/a",
        "m//",
    ),
    *("def a\n", "do ", "end\n", "if a\n", "while a do\n", "x if y\n", "=begin\n", "=pod\n", "__END__\n"),
    *(
        "class a{",
        "class a{}",
        "class A{int f(){}",
        "template<",
        "fn a(){}",
        "use a::{b,",
        "use a;",
        "import a;",
    ),
    *(
        "const a=b\n",
        "export ",
        "import a from 'a'\n",
        "func a(){}\n",
        "[PYTHON]",
        "public a(){}",
        "my $a;",
        "a<",
    ),
)
SIZE, MOST_CPU_S = 10_000, 1
"""A pattern that goes over all of it for each of its characters takes longer, by some times; what takes
longer is looked at again, since the machine may be slow."""


@pytest.mark.parametrize("name", SCANNED)
def test_no_text_takes_more_than_its_length(name: str) -> None:
    """Of what each language may trip over, alone and by turns."""
    reading = LANGUAGES[name].reading
    begins = re.compile(rf"(?m)^(?:{reading.begins.pattern})")

    def read(text: str) -> None:
        reading.grammar.items(scan(text, reading.grammar.syntax))
        for pattern in (begins, reading.defining, reading.body_marks):
            pattern.search(text)

    for unit in (*UNITS, "".join(UNITS)):
        text = unit * (SIZE // len(unit))
        begun = time.process_time()
        read(text)
        took = time.process_time() - begun
        assert took < MOST_CPU_S or not grows_faster_than_its_text(read, text), unit
