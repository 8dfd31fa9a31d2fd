"""What runs beside hostile code, inside the sandbox, with nothing but the standard library.

:mod:`.server` is the fork server. It takes :mod:`.messages` and forks a process for each sample, which enters
the :mod:`.layers` (:mod:`.lockdown` calls the kernel for them) and is waited for by :mod:`.watching`; its
:mod:`.disk` is clean again when the next one starts. :mod:`.python_sample` runs the program, and then the
tests that :mod:`.python_tests` compiled, whose comparisons :mod:`.python_comparing` makes.
"""
