"""Edits of files: exercises of several files, how models write edits, what files come of them. Pure text."""
