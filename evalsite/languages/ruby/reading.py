"""Finds Ruby in an answer, and makes a program of it."""

import re

from evalsite.languages.ruby.grammar import RubyGrammar
from evalsite.languages.scanned.reading import ScannedReading


class RubyReading(ScannedReading):
    """By the words that begin and end its blocks."""

    grammar = RubyGrammar()
    closing = "end"
    body_marks = re.compile(r"\w")
    fences = re.compile(r"\{?\.?(?:ruby|rb|irb)\b", re.IGNORECASE)
    begins = re.compile(
        r"require(?:_relative)?\s*\(?[\"']|(?:private\s+)?def\s+[\w.?!=]+|class\s+[A-Z]\w*|module\s+[A-Z]\w*"
        r"|# frozen_string"
        r"|[a-z_]\w*\s*=\s*(?:lambda|->|proc)|[A-Z_]+\s*=\s|=begin\b"
    )
    defining = re.compile(r"(?m)^(?:def\s|class\s|module\s|require\b)")
