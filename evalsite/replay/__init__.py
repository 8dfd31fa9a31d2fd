"""An embedded OpenAI-compatible server that replays recorded completions, in place of a model."""
