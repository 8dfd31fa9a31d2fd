"""Agents: a folder of files in memory, the tools that work on it, and a transcript of who said what. Pure."""
