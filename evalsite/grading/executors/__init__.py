"""Who executes programs for the grader: this machine's fork servers."""
