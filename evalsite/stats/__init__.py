"""Numbers: what can honestly be said about counts of passed samples, and with what certainty."""
