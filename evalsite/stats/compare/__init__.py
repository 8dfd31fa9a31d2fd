"""Paired comparison of two runs: how much was lost, is it more than chance, and what would tell.

``numbers.compare`` takes counts; ``runs.compare_runs`` takes runs and adds flips, error classes, the
comparability guard and the explaining sentences; ``runs.compare_all`` corrects over several candidates.
"""
