"""Prompt -> Completion: the client of OpenAI-compatible servers; and what a server is and takes."""
