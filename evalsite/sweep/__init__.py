"""A sweep: every model of a plan asked every data set, by servers that are started and ended for it."""
