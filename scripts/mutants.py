#!/usr/bin/env python3
"""Put small faults into the code, one at a time, and see whether the tests of its room notice.

``make mutants`` tries 500 of them, which takes hours; ``--count`` and names of modules try fewer. The faults
are drawn with a seed, as many from each module: a comparison or an arithmetic operator exchanged, a condition
negated, a constant changed, two arguments swapped, a statement dropped, a value not returned. Prints how many
were noticed and each that was not; the exit code is 1 where that is fewer than ``BAR`` over all or ``LEAST``
in a module. Faults that change nothing (equivalent ones) count as not noticed.

Works on a copy of the checkout, so that nothing can be left behind in it. mutmut and cosmic-ray run every
fault against every test, or take a minute to begin: hence a script of our own.
"""

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BAR, LEAST = 0.92, 0.85
SEED = 20261127
COUNT = 500

ROOMS: dict[str, str] = {
    "stats/compare/signflip.py": "stats/compare/test_signflip.py",
    "stats/compare/paired.py": "stats/compare/test_paired.py stats/compare/test_evidence.py",
    "stats/compare/evidence.py": "stats/compare/test_evidence.py",
    "stats/compare/numbers.py": "stats/compare/test_runs.py stats/test_properties.py",
    "stats/compare/runs.py": "stats/compare/test_runs.py stats/test_readiness.py",
    "stats/compare/guard.py": "stats/compare/test_guard.py",
    "stats/compare/flips.py": "stats/compare/test_runs.py stats/compare/test_luck.py",
    "stats/compare/luck.py": "stats/compare/test_luck.py",
    "stats/compare/noise.py": "stats/compare/test_noise.py",
    "stats/compare/shift.py": "stats/compare/test_shift.py",
    "stats/compare/planning.py": "stats/compare/test_planning.py",
    "stats/unseen.py": "stats/test_unseen.py",
    "stats/intervals.py": "stats/test_intervals.py",
    "stats/quantiles.py": "stats/test_quantiles.py",
    "stats/targets/judge.py": "stats/targets/test_judge.py",
    "stats/targets/measure.py": "stats/targets/test_judge.py",
    "stats/targets/parse.py": "stats/targets/test_parse.py",
    "counts/passk.py": "counts/test_passk.py",
    "counts/tally.py": "counts",
    "counts/times.py": "counts/test_times.py counts/test_tally.py",
    "counts/validate.py": "counts/test_validate.py",
    "rundir/files.py": "rundir/test_files.py rundir/test_store.py",
    "rundir/locks.py": "rundir/test_locks.py",
    "rundir/store.py": "rundir",
    "site/slugs.py": "words/test_text.py",
    "grade/verdicts.py": "grade/test_verdicts.py",
    "extraction/answers.py": "extraction/test_extraction.py",
    "client/faults.py": "client/test_protocol.py client/test_refusals.py client/test_faults.py",
    "words/limits.py": "words/test_limits.py",
    "words/sentences.py": "words/test_sentences.py",
    "words/text.py": "words/test_text.py",
}
"""A module below ``evalsite/``, and the tests below ``tests/`` that have to notice."""

Fault = tuple[str, int, str]
"""The module's source with the fault, its line, and in words what was changed."""

SYMMETRIC = ("min", "max", "math.gcd", "np.minimum", "np.maximum")
"""Functions whose arguments may be swapped."""
SWAPPED: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


def exchanged(node: ast.AST) -> None:
    """Another operator."""
    if isinstance(node, ast.Compare):
        node.ops[0] = SWAPPED[type(node.ops[0])]()
    elif isinstance(node, (ast.BinOp, ast.BoolOp)):
        node.op = SWAPPED[type(node.op)]()


def negated(node: ast.AST) -> None:
    """The opposite condition."""
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        node.test = ast.UnaryOp(ast.Not(), node.test)


def changed(node: ast.AST) -> None:
    """Another constant."""
    if isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1


def crossed(node: ast.AST) -> None:
    """The first two arguments swapped."""
    if isinstance(node, ast.Call):
        node.args[:2] = reversed(node.args[:2])


def dropped(node: ast.AST) -> None:
    """A call or an assignment in place that is not made."""
    if isinstance(node, ast.Expr):
        node.value = ast.Constant(None)
    elif isinstance(node, ast.AugAssign):
        node.op, node.value = ast.Add(), ast.Constant(0)


def forgotten(node: ast.AST) -> None:
    """Nothing is returned."""
    if isinstance(node, ast.Return):
        node.value = None


def ways(node: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    """The faults that can be put into a node."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPPED:
        yield exchanged
    if isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in SWAPPED:
        yield exchanged
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield negated
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        yield changed
    several = isinstance(node, ast.Call) and len(node.args) > 1 and not isinstance(node.args[0], ast.Starred)
    if several and ast.unparse(node.func) not in SYMMETRIC:  # type: ignore[attr-defined]
        yield crossed
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield dropped
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        yield dropped
    if isinstance(node, ast.Return) and node.value is not None:
        yield forgotten


def code(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes that do something: no annotations, no decorators, no ``strict=True`` of zip."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and getattr(child, "arg", "") != "strict":
                yield child
                yield from code(child)


def faults(source: str) -> list[Callable[[], Fault]]:
    """Everything that can be put into a module, each made when it is called."""
    tree = ast.parse(source)
    places = [(index, way) for index, node in enumerate(code(tree)) for way in ways(node)]

    def make(index: int, way: Callable[[ast.AST], None]) -> Fault:
        other = copy.deepcopy(tree)
        node = list(code(other))[index]
        before = ast.unparse(node).splitlines()[0]
        way(node)
        told = f"{before}  ->  {ast.unparse(ast.fix_missing_locations(node)).splitlines()[0]}"
        return ast.unparse(ast.fix_missing_locations(other)), getattr(node, "lineno", 0), told

    return [lambda index=index, way=way: make(index, way) for index, way in places]  # type: ignore[misc]


def passes(checkout: Path, tests: str, limit: float | None = None) -> bool:
    """Whether the tests pass; those that take too long do not."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"]
    command += [f"tests/{path}" for path in tests.split()]
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        command, cwd=checkout, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            return process.wait(limit) == 0
        except subprocess.TimeoutExpired:
            process.kill()
            return False


def try_module(checkout: Path, module: str, count: int, generator: random.Random) -> tuple[int, int]:
    """Put faults into one module; how many were tried, and noticed. Prints the others."""
    path, tests = checkout / "evalsite" / module, ROOMS[module]
    source = path.read_text(encoding="utf-8")
    begun = time.monotonic()
    if not passes(checkout, tests):
        raise SystemExit(f"{module}: {tests} fail without any fault")
    limit = 30 + 5 * (time.monotonic() - begun)
    possible = faults(source)
    tried = generator.sample(possible, min(count, len(possible)))
    missed = []
    for fault in tried:
        text, line, told = fault()
        path.write_text(text, encoding="utf-8")
        if passes(checkout, tests, limit):
            missed.append(f"  {module}:{line}: {told}")
    path.write_text(source, encoding="utf-8")
    noticed = len(tried) - len(missed)
    print(f"| {module} | {len(possible)} | {len(tried)} | {noticed} |", flush=True)
    print("\n".join(missed), file=sys.stderr, flush=True)
    return len(tried), noticed


def main() -> int:
    """Try faults in all modules, or in those named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("modules", nargs="*", choices=[[], *ROOMS], help="below evalsite/; all by default")
    parser.add_argument("--count", type=int, default=COUNT, help=f"faults in all (default {COUNT})")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    modules = given.modules or list(ROOMS)
    tried = noticed = 0
    poor = []
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / "checkout"
        for name in ("evalsite", "tests", "templates", "static", "bench", "docs", "scripts"):
            shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md"):
            shutil.copy(ROOT / name, checkout)
        (Path(folder) / "shared").symlink_to(ROOT.parent / "shared")
        print("| module | possible | tried | noticed |\n|---|---|---|---|")
        for module in modules:
            generator = random.Random(f"{given.seed} {module}")
            some, seen = try_module(checkout, module, -(-given.count // len(modules)), generator)
            tried, noticed = tried + some, noticed + seen
            poor += [module] if seen < LEAST * some else []
    print(f"| all | | {tried} | {noticed} ({noticed / max(tried, 1):.0%}) |")
    if poor:
        print(f"Fewer than {LEAST:.0%} noticed in: {', '.join(poor)}")
    return int(bool(poor) or noticed < BAR * tried)


if __name__ == "__main__":
    sys.exit(main())
