"""What runs beside hostile code, inside the sandbox, with nothing but the standard library.

:mod:`.server` talks to the grader by :mod:`.messages` and knows the tests. For each sample it connects two
others: :mod:`.programs` forks a process for it, which enters the :mod:`.layers` (:mod:`.lockdown` calls the
kernel for them), runs the program (:mod:`.python_program`) and is waited for by :mod:`.watching`; its
:mod:`.disk` is clean again when the next one starts. :mod:`.verifying` is a process that runs the tests
(:mod:`.python_verifier`), of which some things are known before (:mod:`.python_tests`). What the two say to
each other over a :mod:`.python_wire` is a :mod:`.python_dialogue` of :mod:`.python_values`:
:mod:`.python_library` rebuilds what the library has, :mod:`.python_sharing` keeps alike what both go on
holding, :mod:`.python_mirrors` stand in for what cannot be rebuilt, and :mod:`.python_judging` decides how
far an object is believed that a program made. All begin :mod:`.warming`, and tell of failures in
:mod:`.python_reports`.
"""
