"""Other tools' files <-> completions and verdicts of a run directory. ``docs/formats.md`` lists them."""
