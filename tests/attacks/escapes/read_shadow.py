# expect: sandbox_violation|runtime_error
"""Reads the passwords."""

print(open("/etc/shadow").read())
