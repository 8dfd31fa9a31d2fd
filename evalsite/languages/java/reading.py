"""Finds Java in an answer, and makes a program of it."""

import re

from evalsite.languages.java.grammar import JavaGrammar
from evalsite.languages.scanned.reading import ScannedReading


class JavaReading(ScannedReading):
    """By its classes and their methods."""

    grammar = JavaGrammar()
    fences = re.compile(r"\{?\.?java(?:\d+)?\b", re.IGNORECASE)
    begins = re.compile(
        r"import\s+(?:static\s+)?[\w.*]+\s*;|package\s+[\w.]+\s*;|@\w+|/\*\*?$|/\*\*? "
        r"|(?:(?:public|private|protected|static|final|abstract)\s+)*(?:class|interface|enum|record)\s+\w+"
        r"|(?:(?:public|private|protected|static|final)\s+)+[\w<>\[\], ?]+\("
    )
    defining = re.compile(r"(?m)^(?:import|package|public|private|protected|class|interface|enum|record|@)\b")
