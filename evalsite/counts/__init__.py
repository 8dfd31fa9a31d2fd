"""The rows of a run, counted: tallies, the pass@k estimator over them, a run as it is read, its soundness."""
