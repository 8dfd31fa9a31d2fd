"""Ruby: its blocks that words begin and end."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.ruby.failures import RubyFailures
from evalsite.languages.ruby.reading import RubyReading
from evalsite.languages.ruby.toolchain import Ruby
from evalsite.languages.scripts import ScriptRunning

RUBY = Language(
    name="ruby",
    title="Ruby",
    lexer="ruby",
    comment="#",
    suffix="rb",
    written=("ruby", "rb"),
    asking=Asking(
        function_stops=("\ndef ", "\nputs ", "\nclass ", "\n```"),
        program_stops=("\nputs ", "\n```"),
        text="=begin\n{}\n=end\n",
    ),
    reading=RubyReading(),
    running=ScriptRunning(
        "ruby",
        "def NAME(*arguments)\n  BODY\nend\n",
        raises='raise NotImplementedError, "not implemented"',
        idle="Object.new",
        varying=r"\brand\b|Random\.|Time\.now|Date\.today",
    ),
    failures=RubyFailures(),
    toolchain=Ruby(),
)
