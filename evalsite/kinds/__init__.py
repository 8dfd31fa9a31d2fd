"""Kinds of problem: how each is asked, and in which form its answer comes."""
