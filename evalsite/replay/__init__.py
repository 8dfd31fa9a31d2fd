"""An embedded OpenAI-compatible server that replays recorded completions: evalsite without a model."""
