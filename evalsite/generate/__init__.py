"""The way from a problem to a program: prompts, the endpoint client, and extraction."""
