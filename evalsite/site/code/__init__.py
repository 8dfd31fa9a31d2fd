"""Programs as pages show them: highlighted, numbered, and folded where nobody looks."""
