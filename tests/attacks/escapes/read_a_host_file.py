# expect: sandbox_violation|runtime_error
"""Reads a file of the host whose path it knows."""

print(open("@CANARY@").read())
