"""Repairs of code that is scanned: tried on what is damaged alone, and named."""

import pytest

from evalsite.languages import LANGUAGES

GO = 'func f(a []int) string {\n\tif len(a) < 2 && a[0] > 1 {\n\t\treturn "x"\n\t}\n\treturn "y"\n}\n'
JS = "function f(a) {\n  return a * 2;\n}\n"


@pytest.mark.parametrize(
    ("language", "source", "mended", "rules"),
    [
        ("go", GO, GO, ()),
        ("go", GO.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), GO, ("unescaped",)),
        ("go", GO.replace("\t", "\u00a0"), GO.replace("\t", " "), ("spaces",)),
        ("go", GO.replace('"x"', "“x”").replace('"y"', "“y”"), GO, ("quotes",)),
        ("go", "".join(f"{n}: {line}\n" for n, line in enumerate(GO.splitlines(), 1)), GO, ("numbers",)),
        ("javascript", f'<span class="k">function</span>{JS[len("function"):]}', JS, ("tags",)),
        ("javascript", JS.replace(" ", "\u00a0"), None, ()),
        ("javascript", 'function f() { return "&lt;" + (1 < 2); }\n', None, ()),
        ("javascript", "function f( {\n", "function f( {\n", ()),
        ("go", GO.replace('"x"', "“x”").replace("\t", "\u00a0").replace('"y"', "“y”"),
         GO.replace("\t", " "), ("spaces", "quotes")),
    ],
)  # fmt: skip
def test_what_is_damaged_is_mended_and_what_was_done_is_named(language, source, mended, rules):
    """One after the other where one alone does not do; what compiles, and what nothing mends, stays."""
    found, named = LANGUAGES[language].reading.repair(source)
    assert found == (source if mended is None else mended)
    assert named == rules


WITH_BLANKS = {
    "cpp": "int f(int a) {\n\treturn a + 1;\n}\n",
    "go": "func f(a int) int {\n\treturn a + 1\n}\n",
    "java": "class A {\n\tint f(int a) {\n\t\treturn a + 1;\n\t}\n}\n",
    "perl": "sub f {\n\tmy ($a) = @_;\n\treturn $a + 1;\n}\n",
    "php": "<?php\nfunction f($a) {\n\treturn $a + 1;\n}\n",
    "ruby": "def f(a)\n\treturn a + 1\nend\n",
    "rust": "fn f(a: i32) -> i32 {\n\ta + 1\n}\n",
}


@pytest.mark.parametrize("language", WITH_BLANKS)
@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u3000"])
def test_a_pages_spaces_become_blanks_wherever_they_stand(language, space):
    """Compilers refuse them, but for JavaScript's; in texts and comments they are whatever they are."""
    source, repair = WITH_BLANKS[language], LANGUAGES[language].reading.repair
    places = [at for at, letter in enumerate(source) if letter in " \t"]
    for at in places:
        assert repair(source[:at] + space + source[at + 1 :]) == (
            source[:at] + " " + source[at + 1 :],
            ("spaces",),
        )
    assert len(places) > 3
    remark = f"{'#' if language in ('perl', 'php', 'ruby') else '//'} a{space}b\n"
    commented = source.replace("{\n", "{\n" + remark, 1) if "{" in source else source + remark
    assert repair(commented) == (commented, ())
