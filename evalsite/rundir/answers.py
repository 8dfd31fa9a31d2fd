"""What a verdict is about: each carries a hash of the completion that it judges, and of what it judges it by.

A verdict whose completion is gone, or is another one by now, is void. It is dropped before anything is
appended to the run, so that the sample is graded anew and no verdict ever stands beside another answer. Tests
are no answer but the question: where they are others by now, the record of the run was changed.
"""

import functools
import hashlib
import logging
from collections.abc import Iterator

import msgspec

from evalsite.rundir.schema import FIRST_KINDS, Completion, Problem, SecondAnswer, Verdict
from evalsite.rundir.store import Key, RunDir
from evalsite.words.text import sha256_of

log = logging.getLogger("evalsite")


def hash_completion(completion: Completion) -> str:
    """Return a SHA-256, in hexadecimal, of what a verdict depends on: form, finish reason, text and calls.

    Hashed are these joined by line feeds, in UTF-8; a finish reason that is not known is empty. Calls are
    JSON as in the file, and left out where there are none. Where a second answer followed, its finish reason,
    calls and text come behind them. Of an agent, why its transcript ended comes behind the finish reason.
    """
    calls = _told(completion)
    second = completion.again
    again = (second.finish_reason or "", *_told(second), second.text) if second else ()
    agent = (completion.agent.ending,) if completion.agent else ()
    judged = (completion.form, completion.finish_reason or "", *agent, *calls, completion.text, *again)
    return hashlib.sha256("\n".join(judged).encode()).hexdigest()


def _told(answer: Completion | SecondAnswer) -> tuple[str, ...]:
    return (msgspec.json.encode(answer.calls).decode(),) if answer.calls else ()


def answer_text(completion: Completion) -> str:
    """Everything that a model said, as one text: its calls, as JSON, stand behind its words."""
    if not completion.calls:
        return completion.text
    return f"{completion.text}\n{msgspec.json.encode(completion.calls).decode()}"


@functools.lru_cache(maxsize=1024)
def _hash_tests(*parts: str) -> str:
    return sha256_of("\n".join(parts))


def hash_tests(problem: Problem) -> str:
    """Return a SHA-256, in hexadecimal, of what a program is judged by: language, entry point and tests.

    Hashed are the three joined by line feeds, in UTF-8; before them the kind, where it is none of the first.
    """
    kind = () if problem.kind in FIRST_KINDS else (problem.kind,)
    return _hash_tests(*kind, problem.language, problem.entry_point, problem.tests)


def find_retested(run_dir: RunDir) -> tuple[str, ...]:
    """The problems with verdicts that were reached by other tests than ``problems.jsonl`` holds.

    A verdict from before its tests were written down could have been reached by any.
    """
    tests = {problem.task_id: hash_tests(problem) for problem in run_dir.problems()}
    judged = {(verdict.problem, verdict.tests_sha256) for verdict in run_dir.verdict_rows()}
    others = {task for task, by in judged if by and by != tests.get(task, by)}
    return tuple(task for task in tests if task in others)


def find_void(run_dir: RunDir) -> Iterator[tuple[Verdict, str]]:
    """Yield every void verdict as it stands in the file, and in a few words why it is void.

    A verdict of format 1 carries no hash: it belongs to whatever completion has its key.
    """
    hashes = _hashes(run_dir)
    for verdict in run_dir.verdict_rows():
        if why := _why_void(verdict, hashes):
            yield verdict, why


def drop_void(run_dir: RunDir) -> int:
    """Take the void verdicts out of the file, with a warning; return how many there were.

    Must be called with the run's lock held, before the first row is appended: after that, a new answer
    could be taken for the one that a verdict without a hash belongs to.
    """
    hashes = _hashes(run_dir)
    rows = list(run_dir.verdict_rows())
    sound = [verdict for verdict in rows if not _why_void(verdict, hashes)]
    if dropped := len(rows) - len(sound):
        run_dir.write_verdicts(sound)
        log.warning(
            "%s: %d verdicts belong to no answer that is there: dropped, and what is there is graded anew",
            run_dir.path,
            dropped,
        )
    return dropped


def _hashes(run_dir: RunDir) -> dict[Key, str]:
    return {(each.problem, each.sample): hash_completion(each) for each in run_dir.completions()}


def _why_void(verdict: Verdict, hashes: dict[Key, str]) -> str:
    answer = hashes.get((verdict.problem, verdict.sample))
    if answer is None:
        return "has a verdict but no completion"
    if verdict.completion_sha256 and verdict.completion_sha256 != answer:
        return "has a verdict on another completion than the one that is there"
    return ""
