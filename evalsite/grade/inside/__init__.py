"""What runs beside hostile code, inside the sandbox, with nothing but the standard library.

:mod:`.server` is the fork server. It takes :mod:`.messages` and forks a process for each sample, whose rights
:mod:`.lockdown` takes away. :mod:`.python_sample` runs the program, and then the tests that
:mod:`.python_tests` compiled, whose comparisons :mod:`.python_comparing` makes. :mod:`.attempts` tries each
isolation layer for real.
"""
