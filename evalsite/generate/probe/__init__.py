"""What a server is and what it takes: asked cheaply before a run, and at length by ``evalsite doctor``."""

from evalsite.generate.probe.description import Description, greet
from evalsite.generate.probe.examination import Finding, examine

__all__ = ["Description", "Finding", "examine", "greet"]
