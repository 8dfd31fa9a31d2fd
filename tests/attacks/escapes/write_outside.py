# expect: sandbox_violation|runtime_error
"""Writes a file of the host whose path it knows."""

with open("@CANARY@", "w") as canary:
    canary.write("owned")
