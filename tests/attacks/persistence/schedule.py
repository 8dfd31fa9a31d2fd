# expect: sandbox_violation|runtime_error
"""Asks cron to run it again."""

with open("/etc/cron.d/again", "w") as table:
    table.write("* * * * * root id\n")
