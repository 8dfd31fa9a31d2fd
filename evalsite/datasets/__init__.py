"""Data sets: a source (file, cache, package, download) -> a tuple of problems with a hash of their own."""

from evalsite.datasets.source import KNOWN, LoadedDataset, load_dataset, needs_file

__all__ = ["KNOWN", "LoadedDataset", "load_dataset", "needs_file"]
