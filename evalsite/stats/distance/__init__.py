"""How far two models are apart by their tokens, with what is noise beside it: arrays in, figures out."""

from evalsite.stats.distance.figures import Figure, Figures, KindFigures
from evalsite.stats.distance.found import Found, distances_between, load_distance
from evalsite.stats.distance.pairs import Pair, Pairs

__all__ = ["Figure", "Figures", "Found", "KindFigures", "Pair", "Pairs", "distances_between", "load_distance"]
