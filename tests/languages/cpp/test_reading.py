"""What becomes of an answer in C++: functions for methods, and headers of its own that are not there."""

import pytest

from evalsite.languages import LANGUAGES

READING = LANGUAGES["cpp"].reading
PROMPT = "#include <vector>\nusing namespace std;\nint f(vector<int> a, int b[], const int& c = 3){\n"
HEAD = PROMPT.splitlines()[-1]
METHOD = "int f(vector<int> a, int b[], const int& c) { return c; }"

CALLS = {
    "of a class": (f"class Solution {{\npublic:\n    {METHOD}\n}};", "Solution()."),
    "of a struct": (f"struct S {{ {METHOD} }};", "S()."),
    "of a template": (f"template <class T>\nstruct S {{ {METHOD} }};", "S()."),
    "of a namespace": (f"namespace a {{ {METHOD} }}", "a::"),
}


@pytest.mark.parametrize("what", CALLS)
def test_a_function_calls_a_method(what):
    """With the arguments of the prompt's function, by their names."""
    source, owner = CALLS[what]
    prelude, call = PROMPT.removesuffix(f"{HEAD}\n"), f"{HEAD} return {owner}f(a, b, c); }}"
    whole = f"{prelude}\n{source}\n{call}\n\nint x;\n"
    assert READING.complete(f"{source}\nint x;\n", PROMPT, "f") == (whole, ("method",))


@pytest.mark.parametrize("source", [f"namespace {{ {METHOD} }}\n", f"struct {{ {METHOD} }} s;\n"])
def test_no_function_calls_what_has_no_name(source):
    """What stands in such a namespace can be called as it is."""
    prelude = PROMPT.removesuffix(f"{HEAD}\n")
    assert READING.complete(source, PROMPT, "f") == (f"{prelude}\n{source}", ())


def test_no_function_calls_what_the_prompt_does_not_begin():
    """Nor one that takes nothing."""
    source = f"struct S {{ {METHOD} }};\n"
    assert READING.complete(source, "", "f") == (source, ())
    assert READING.complete(source, "int f() {\n", "f") == (source, ())


HEADERS = {
    '#include "solution.h"\n': True,
    '#  include "lib/solution.hpp"\n': True,
    '#include "bits/stdc++.h"\n': False,
    '#include "boost/any.hpp"\n': False,
    '#include "stdio"\n': False,
    "#include <solution.h>\n": False,
}


@pytest.mark.parametrize("header", HEADERS)
def test_headers_of_its_own_are_not_there(header):
    """What they declare stands in the program itself."""
    source = f"int x;\n{header}int f() {{ return x; }}\n"
    told = (source.replace(header, f"// {header}"), ("own-files",))
    assert READING.complete(source, "", "f") == (told if HEADERS[header] else (source, ()))


def test_a_main_of_its_own_is_set_aside():
    """Tests bring theirs."""
    source = "int f() { return 1; }\nint main() {\n    return f();\n}\n"
    aside = "int f() { return 1; }\n// int main() {\n//     return f();\n// }\n"
    assert READING.complete(source, "", "f") == (aside, ("own-main",))


F = "int f() { return 1; }\n"
BEFORE = [
    "#include <map>\n",
    "typedef long long ll;\n",
    "map<int, int> seen;\n",
    "const unsigned long long MOD = 7;\n",
]


@pytest.mark.parametrize("before", BEFORE)
def test_what_the_prompt_holds_and_the_program_does_not_comes_before_it(before):
    """Once."""
    prompt = f"{before}int f() {{\n"
    assert READING.complete(F, prompt, "f") == (f"{before}\n{F}", ())
    assert READING.complete(before + F, prompt, "f") == (before + F, ())


@pytest.mark.parametrize("before", [*BEFORE, "bool operator<(P a, P b) { return true; }\n"])
def test_an_answer_is_whole_whatever_it_declares(before):
    """And so is its function, though a semicolon stands behind it."""
    found = READING.parse(f"{before}int f() {{ return 1; }};\n")
    assert found is not None
    assert found.defines("f")
