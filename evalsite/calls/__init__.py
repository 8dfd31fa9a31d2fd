"""Calls of tools: how models write them, what they are read as, and what they are worth. Nothing is run."""
