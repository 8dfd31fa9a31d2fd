"""A distance as a directory, without a server: the toy of tests/forcing/server.py names the tokens."""

from evalsite.distance.identity import identity_leaves
from evalsite.distance.positions import RULE
from evalsite.distance.schema import Distance, Named, Side
from evalsite.distance.store import DistanceDir
from evalsite.forcing.texts import over_references, repeated, with_positions
from evalsite.rundir.files import Appender
from evalsite.rundir.identity import hash_identity
from evalsite.rundir.naming import new_run_id
from evalsite.rundir.schema import Dataset, Environment, Model
from tests.forcing.server import distribution
from tests.make import problem


def write_distance(
    runs_dir, base, candidate, *, problems=8, weights=3.0, positions=60, dataset="humaneval", number=None
):
    """Make a finished distance of two models by name; ``number``: of tokens that are named."""
    loaded = [problem(i) for i in range(problems)]
    texts = with_positions(over_references(loaded), positions, 0)
    models = (
        Model(name=name, endpoints=(f"http://{at}:8081/v1/completions",))
        for at, name in (("one", base), ("two", candidate))
    )
    sides = tuple(Side(model=model, way="prefix", most=30, named=30) for model in models)
    of = Dataset(name=dataset, sha256="ab" * 32, num_problems=problems)
    total = sum(len(text.positions) for text in texts)
    leaves = identity_leaves(sides, of, over="reference", run="", seed=0, num_positions=total)
    record = Distance(
        id=new_run_id("2026-11-21T10:00:00Z", f"{base} {candidate}", f"{dataset} distance"),
        status="complete", created_at="2026-11-21T10:00:00.000Z", identity=hash_identity(leaves),
        identity_of=leaves, base=sides[0], candidate=sides[1], dataset=of, num_positions=total, seed=0,
        rule=RULE, repeated=repeated(texts),
        environment=Environment(evalsite="0", python="3.11", platform="Linux", cpus=2),
    )  # fmt: skip
    folder = DistanceDir.create(runs_dir, record, texts)
    for who, own in (("base", 0.0), ("candidate", weights), ("repeat", 0.0)):
        with Appender(folder.path / f"{who}.jsonl") as rows:
            for text in texts:
                for at in text.positions if who != "repeat" or text.problem in record.repeated else ():
                    named = dict(list(distribution(text.text[:at], own).items())[:number])
                    said = {"tokens": tuple(named), "logprobs": tuple(named.values())}
                    rows.append(Named(problem=text.problem, at=at, **said))
    return folder
