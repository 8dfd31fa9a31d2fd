"""Other tools' files <-> completions of a run directory."""
