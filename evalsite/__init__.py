"""evalsite: benchmark a code model behind an endpoint, and publish what can honestly be said about it.

Two wings meet only at a run directory (:mod:`evalsite.rundir`)::

    PRODUCE   dataset -> prompt -> completion -> program -> execution -> verdict -> run directory
    PUBLISH   run directory -> tallies -> statistics -> views -> templates -> static site
"""

__version__ = "0.1.0"
