"""The distance of two models by their tokens: what its directory holds, and where a text is asked at."""
