# expect: runtime_error|sandbox_violation
"""Opens the terminal of whoever started the grader."""

with open("/dev/tty", "w") as terminal:
    terminal.write("x")
