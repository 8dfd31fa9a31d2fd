"""How far verdicts on calls agree with BFCL's published checker, and how long they take.

Run ``python bench/calls.py``. For every record of BFCL v4's single-turn categories the accepted answers
themselves are judged, and ``--perturbations`` seeded changes of them: another value, another type, another
name, an argument or a call more or less, another order. Both sides see the same calls. bfcl-eval 2026.3.23 is
installed from the package index, without the SDKs of the vendors that it can ask, into a virtual environment
of its own (``--environments``, kept between runs); of it only the checker's module runs, with a table of
models in place of its own that says that names keep their dots. Where the checker itself fails with an
exception, it has no word, and the answer is counted apart.

Ends with status 1 where fewer than 99.5 % agree, or where judging all records takes 10 s of CPU time.
"""

import argparse
import copy
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from grading import environment_with

from evalsite.calls.judging import Judgement, judge_calls
from evalsite.calls.reading import read_call
from evalsite.calls.task import Task, task_of
from evalsite.datasets import load_dataset
from evalsite.datasets.records import read_records
from evalsite.rundir.schema import Problem
from evalsite.rundir.taxonomy import VerdictClass

DATA = Path(__file__).resolve().parents[2] / "shared/datasets/bfcl-v4-single-turn.jsonl.gz"
TABLE = Path(__file__).resolve().parents[1] / "tests/calls/published.jsonl"
"""Small cases, one for each rule, with the published checker's word; the tests hold ours to it."""
CHECKER = "bfcl-eval==2026.3.23"
ENOUGH = 0.995
ENOUGH_CPU_S = 10.0
Answer = list[dict[str, dict[str, Any]]]
"""Calls as the published checker takes them: ``{name: arguments}`` each."""

PEER = """
import json, sys, types
table = types.ModuleType("bfcl_eval.constants.model_config")
class KeepsDots(dict):
    def __missing__(self, name):
        return types.SimpleNamespace(underscore_to_dot=False)
table.MODEL_CONFIG_MAPPING = KeepsDots()
sys.modules["bfcl_eval.constants.model_config"] = table
from bfcl_eval.constants.enums import Language
from bfcl_eval.eval_checker.ast_eval.ast_checker import ast_checker
for line in sys.stdin:
    record, calls = json.loads(line)
    category = record["category"]
    try:
        if "irrelevance" in category:
            found = not calls
        elif "relevance" in category:
            found = bool(calls)
        else:
            found = ast_checker(record["function"], calls, record["ground_truth"], Language.PYTHON,
                                category, "any")["valid"]
    except Exception as exc:
        found = type(exc).__name__
    print(json.dumps(found))
"""


def main() -> None:
    """Measure, print what differs, and end with status 1 where it is not enough."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--perturbations", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=26)
    parser.add_argument("--environments", type=Path, default=Path.home() / ".cache/evalsite/bench")
    options = parser.parse_args()
    problems = load_dataset("bfcl-v4", options.data).problems
    accepted = [(problem, accepted_answer(task_of(problem))) for problem in problems]
    changed = perturbed(accepted, options.perturbations, random.Random(options.seed))
    python = environment_with(options.environments, CHECKER, "--no-deps")
    good = True
    raw = {record["id"]: record for record in _raw(options.data)}
    table = _raw(TABLE)
    words = published(python, [(record, record["calls"]) for record in table])
    for record, word in zip(table, words, strict=True):
        good &= word == record["valid"]
        if word != record["valid"]:
            print(f"{TABLE.name}: {record['id']} is {record['valid']} there, and {word} to the checker")
    for title, answers in (("accepted answers", accepted), ("perturbed answers", changed)):
        before = time.process_time()
        ours = [judge(problem, answer) for problem, answer in answers]
        took_s = time.process_time() - before
        theirs = published(python, [(raw[problem.task_id], answer) for problem, answer in answers])
        good &= report(title, answers, ours, theirs, took_s)
    sys.exit(0 if good else 1)


def judge(problem: Problem, answer: Answer) -> Judgement:
    """Judge an answer as one that a server sent: names on the wire, arguments as JSON text."""
    task = task_of(problem)
    calls = [read_call(name, json.dumps(given)) for call in answer for name, given in call.items()]
    return judge_calls(calls, task.expected, task.tools)


def _raw(path: Path) -> list[dict[str, Any]]:
    """The records of a file as they are."""
    return [json.loads(bytes(record)) for _, record in read_records(path)]


def published(python: Path, answers: Sequence[tuple[dict[str, Any], Answer]]) -> list[bool | str]:
    """What the published checker says of each answer; the name of the exception that it failed with."""
    lines = "".join(json.dumps(answer) + "\n" for answer in answers)
    done = subprocess.run([python, "-c", PEER], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def report(
    title: str,
    answers: Sequence[tuple[Problem, Answer]],
    ours: Sequence[Judgement],
    theirs: Sequence[bool | str],
    took_s: float,
) -> bool:
    """Print how far both agree, and each difference; return whether it is enough."""
    passed = [each.verdict is VerdictClass.PASSED for each in ours]
    judged = [n for n, word in enumerate(theirs) if isinstance(word, bool)]
    same = [n for n in judged if passed[n] == theirs[n]]
    share = len(same) / len(judged)
    print(
        f"{title}: {len(judged)} judged by both, {share:.2%} alike, {sum(passed)} pass; {took_s:.2f} s of CPU"
    )
    print(
        "  " + ", ".join(f"{name} {count}" for name, count in Counter(str(e.verdict) for e in ours).items())
    )
    for number in sorted(set(judged) - set(same)):
        problem, answer = answers[number]
        print(
            f"  {problem.task_id}: ours {ours[number].verdict} ({ours[number].message}), theirs "
            f"{theirs[number]}: {json.dumps(answer)[:300]}"
        )
    failed = Counter(word for word in theirs if isinstance(word, str))
    if failed:
        print(f"  the published checker failed with: {dict(failed)}")
    return share >= ENOUGH and took_s < ENOUGH_CPU_S


def accepted_answer(task: Task) -> Answer:
    """The first accepted value of each argument; what may be left out is."""
    if task.expected.word == "some":
        return [{task.tools[0].name: {}}]
    return [
        {name: {key: _plain(values[0]) for key, values in arguments.items() if "" not in values and values}}
        for call in task.expected.calls
        for name, arguments in call.items()
    ]


def _plain(value: Any) -> Any:
    """A value that is accepted: of an object's names, and of an array's objects', the first of each."""
    if isinstance(value, dict):
        return {key: each[0] for key, each in value.items() if "" not in each and each}
    if isinstance(value, list):
        return [_plain(each) if isinstance(each, dict) else each for each in value]
    return value


def perturbed(
    answers: Sequence[tuple[Problem, Answer]], count: int, rng: random.Random
) -> list[tuple[Problem, Answer]]:
    """So many answers that were changed in one place each; problems and changes are drawn."""
    found: list[tuple[Problem, Answer]] = []
    while len(found) < count:
        problem, answer = rng.choice(answers)
        changed = rng.choice(CHANGES)(copy.deepcopy(answer), task_of(problem), rng)
        if changed is not None:
            found.append((problem, changed))
    return found


def _argument(answer: Answer, rng: random.Random) -> tuple[dict[str, Any], str] | None:
    places = [(given, key) for call in answer for given in call.values() for key in given]
    return rng.choice(places) if places else None


def _value(answer: Answer, _: Task, rng: random.Random) -> Answer | None:
    if (place := _argument(answer, rng)) is None:
        return None
    given, key = place
    given[key] = _other(given[key], rng)
    return answer


def _other(value: Any, rng: random.Random) -> Any:
    """Another value of the same type; of a string, half the time one that counts as the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + rng.choice((1, -1, 0.5) if isinstance(value, float) else (1, -1))
    if isinstance(value, str):
        same = (value.upper(), value.replace(" ", "_"), f" {value}.", value.replace('"', "'"))
        return rng.choice((*same, value + "x", value[1:], value.replace("a", "b"), ""))
    if isinstance(value, list):
        return rng.choice((value[1:], [*value, *value[:1]], value[::-1], [_other(e, rng) for e in value]))
    if isinstance(value, dict):
        return {key: _other(each, rng) for key, each in value.items()}
    return "x"


def _type(answer: Answer, _: Task, rng: random.Random) -> Answer | None:
    if (place := _argument(answer, rng)) is None:
        return None
    given, key = place
    value = given[key]
    options = [str(value), [value], {"value": value}, None, True, 1, 1.0, json.dumps(value)]
    if isinstance(value, int) and not isinstance(value, bool):
        options += [float(value)] * 3
    if isinstance(value, float) and value.is_integer():
        options += [int(value)] * 3
    if isinstance(value, list):
        options += [[str(each) for each in value], [float(e) if isinstance(e, int) else e for e in value]]
    given[key] = rng.choice(options)
    return answer


def _name(answer: Answer, task: Task, rng: random.Random) -> Answer | None:
    if not answer:
        return None
    index = rng.randrange(len(answer))
    ((name, given),) = answer[index].items()
    others = [tool.name for tool in task.tools if tool.name != name]
    answer[index] = {rng.choice([*others, name + "s", name.replace(".", "/"), name.upper()]): given}
    return answer


def _fewer_arguments(answer: Answer, _: Task, rng: random.Random) -> Answer | None:
    if (place := _argument(answer, rng)) is None:
        return None
    del place[0][place[1]]
    return answer


def _more_arguments(answer: Answer, task: Task, rng: random.Random) -> Answer | None:
    """One that nobody knows, or one that may be left out, with an accepted value or another."""
    if not answer:
        return None
    index = rng.randrange(len(answer))
    ((name, given),) = answer[index].items()
    wanted = next((call[name] for call in task.expected.calls if name in call), {})
    left_out = [(key, values) for key, values in wanted.items() if key not in given]
    if left_out and rng.random() < 0.7:
        key, values = rng.choice(left_out)
        given[key] = rng.choice([_plain(each) for each in values] + ["x", 1])
    else:
        given[rng.choice(("unknown", "x"))] = rng.choice((1, "x", None))
    return answer


def _fewer_calls(answer: Answer, _: Task, rng: random.Random) -> Answer | None:
    if not answer:
        return None
    del answer[rng.randrange(len(answer))]
    return answer


def _more_calls(answer: Answer, task: Task, rng: random.Random) -> Answer | None:
    further = (
        copy.deepcopy(rng.choice(answer)) if answer else {task.tools[0].name if task.tools else "unknown": {}}
    )
    return [*answer, further]


def _order(answer: Answer, _: Task, rng: random.Random) -> Answer | None:
    if len(answer) < 2:
        return None
    rng.shuffle(answer)
    return answer


CHANGES: Sequence[Callable[[Answer, Task, random.Random], Answer | None]] = (
    _value, _value, _type, _name, _fewer_arguments, _more_arguments, _fewer_calls, _more_calls, _order,
)  # fmt: skip

if __name__ == "__main__":
    main()
