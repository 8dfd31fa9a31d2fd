"""What is shared by languages whose source is scanned: its brackets, texts and comments are told, no more.

No parser of such a language is at hand where answers are read, and none is needed: where a function begins
and ends, what it is called and whether anything is left open can be told from the brackets, if texts and
comments are known.
"""
