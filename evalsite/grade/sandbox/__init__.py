"""Where generated code runs.

:mod:`.layers` and :mod:`.pool` work outside and start the workers; :mod:`.child` (the fork server),
:mod:`.sample`, :mod:`.lockdown`, :mod:`.harness` and :mod:`.wire` work inside, with nothing but the
standard library.
"""
