"""What each page is about, taken out of all that is known: a run, a pair of runs, a problem, its samples."""
