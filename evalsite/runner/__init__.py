"""Wires PRODUCE: data set -> prompt -> completion -> program -> execution -> verdict -> run directory."""
