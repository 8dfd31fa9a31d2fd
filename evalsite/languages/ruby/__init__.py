"""Ruby: its blocks that words begin and end."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.failures import Failures
from evalsite.languages.ruby.reading import RubyReading
from evalsite.languages.running import Running

RUBY = Language(
    name="ruby",
    title="Ruby",
    lexer="ruby",
    comment="#",
    asking=Asking(
        function_stops=("\ndef ", "\nputs ", "\nclass ", "\n```"),
        program_stops=("\nputs ", "\n```"),
        text="=begin\n{}\n=end\n",
    ),
    reading=RubyReading(),
    running=Running(),
    failures=Failures(),
)
