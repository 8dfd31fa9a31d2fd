"""MultiPL-E's tests tell right programs from wrong ones, whatever its harness has to switch on for that."""

import json
from pathlib import Path

import pytest

from evalsite.datasets.shapes import read_entry
from tests.datasets.test_multipl_e import JAVA, JS
from tests.languages.judged import MARKS, lacking, verdicts

pytestmark = MARKS

CASES = """require 'test/unit'
class TestHumanEval < Test::Unit::TestCase
  def test_is_nice
    candidate = method(:is_nice)
    assert_equal(true, candidate.call(1))
  end
end
"""
DEEP = """use Test::Deep;
sub testhumaneval {
    my $candidate = \\&is_nice;
        if(eq_deeply($candidate->(1),1)) {
        print "ok!" }else{
        exit 1;
        }
}

testhumaneval();
"""
PERL = {**JS, "language": "pl", "prompt": "# Nice?\nsub is_nice {\n    my($x) = @_;\n", "tests": DEEP}
RUBY = {**JS, "language": "rb", "prompt": "# Nice?\ndef is_nice(x)\n", "tests": CASES}
TEST_UNIT = list(Path("/usr/share/rubygems-integration/all/gems").glob("test-unit-*"))


def told(row, body):
    """Verdict classes of the prompt with a body that gives true, and with one that gives false."""
    problem = read_entry("here", json.dumps(row).encode()).problem
    programs = {value: problem.prompt + body.format(value) for value in ("true", "false")}
    found = verdicts(problem.language, problem.tests, programs)
    return [found[value].verdict for value in ("true", "false")]


@pytest.mark.skipif(bool(lacking("java")), reason="needs default-jdk-headless")
def test_javas_assertions_are_looked_at():
    """Java passes over them, unless it is told otherwise."""
    assert told(JAVA, "        return {};\n    }}\n}}\n") == ["passed", "wrong_answer"]


@pytest.mark.skipif(bool(lacking("ruby")) or not TEST_UNIT, reason="needs ruby and ruby-test-unit")
def test_rubys_cases_are_looked_at():
    """They run when the process ends, unless they are run before."""
    assert told(RUBY, "  {}\nend\n") == ["passed", "wrong_answer"]


@pytest.mark.skipif(
    bool(lacking("perl")) or not Path("/usr/share/perl5/Test/Deep.pm").exists(),
    reason="needs perl and libtest-deep-perl",
)
@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("return 1;", "passed"),
        ("return 0;", "wrong_answer"),
        ("exit 1;", "early_exit"),
        ("exit 0;", "early_exit"),
        ("eval 'exit 1'; return 1;", "early_exit"),
        ("CORE::GLOBAL::exit(1);", "runtime_error"),
        ("*CORE::GLOBAL::exit = sub {}; return 0;", "wrong_answer"),
        ("die 'no';", "runtime_error"),
    ],
)
def test_perls_tests_say_by_their_status_that_they_have_failed(body, verdict):
    """And a program that leaves with the same one leaves early."""
    problem = read_entry("here", json.dumps(PERL).encode()).problem
    found = verdicts("perl", problem.tests, {"it": f"{problem.prompt}    {body}\n}}\n"})["it"]
    assert found.verdict == verdict, found
