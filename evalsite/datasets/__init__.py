"""Data sets: a source (file, cache, package, download) -> a tuple of problems with a hash of their own."""

from evalsite.datasets.catalogue import KNOWN
from evalsite.datasets.source import FILE, LoadedDataset, file_of, load_dataset, needs_file

__all__ = ["FILE", "KNOWN", "LoadedDataset", "file_of", "load_dataset", "needs_file"]
