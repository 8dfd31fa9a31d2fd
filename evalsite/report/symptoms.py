"""What a report says of the symptoms of answers."""

from collections.abc import Iterator, Sequence

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.symptoms import ANY, Symptom, SymptomCounts
from evalsite.stats.compare.symptoms import SymptomShift
from evalsite.stats.intervals import Estimate, estimate_share
from evalsite.words.commands import command
from evalsite.words.sentences import count, percent

HEADER = ("symptom", "answers", "share of answers", "of them passed", "")


def shares(run: LoadedRun) -> Iterator[tuple[Symptom, int, Estimate]]:
    """The symptoms that occur in a run whose answers were all looked at: samples, and their share."""
    if not run.tells_symptoms:
        return
    for symptom in Symptom:
        counts = run.symptoms(symptom)
        if counts.any():
            yield symptom, int(counts.sum()), estimate_share(counts, run.n)


def not_looked_at(run: LoadedRun) -> str:
    """Of how many answers symptoms are known, where not all were looked at by the same rules; else empty."""
    if run.is_ungraded or run.tells_symptoms or not run.num_samples:
        return ""
    seen = run.summary.symptoms.looked_at if run.summary.symptoms else 0
    return f"{seen:,} of {count(run.num_samples, 'answer')} were looked at by one version of the rules"


def symptom_facts(run: LoadedRun) -> Iterator[tuple[str, str]]:
    """What ending loops spared; a remark where not all answers were looked at, with what to do."""
    if ended := run.summary.ended_loops:
        yield "Ended loops", ended.sentence
    if told := not_looked_at(run):
        yield "Symptoms", f"blank: {told}; all are by: {command('tally', run.dir.path)}"


def symptom_rows(run: LoadedRun) -> list[tuple[str, ...]]:
    """Rows of :data:`HEADER`, the most frequent symptom first."""
    passed = run.summary.symptoms.passed if run.summary.symptoms else {}
    found = sorted(shares(run), key=lambda each: -each[1])
    return [
        (symptom, f"{number:,}", percent(share.value), f"{passed.get(symptom, 0):,}", symptom.meaning)
        for symptom, number, share in found
    ]


def symptoms_json(run: LoadedRun) -> dict[str, object] | None:
    """The same for scripts, all symptoms named; shares in [0, 1]. None where not all were looked at."""
    if not (counts := run.summary.symptoms) or not run.tells_symptoms:
        return None
    return {
        "version": next(iter(counts.versions)),
        **{name: _share_json(run, counts, name) for name in (ANY, *map(str, Symptom))},
    }


def _share_json(run: LoadedRun, counts: SymptomCounts, name: str) -> dict[str, object]:
    share = estimate_share(run.symptoms(name), run.n) if name in counts.samples else None
    return {
        "samples": counts.samples.get(name, 0),
        "passed": counts.passed.get(name, 0),
        "share": share.value if share else 0.0,
        "low": share.interval.low if share else None,
        "high": share.interval.high if share else None,
    }


def shifts_json(shifts: Sequence[SymptomShift] | None) -> list[dict[str, object]] | None:
    """How symptoms shifted between two runs, for scripts; shares in [0, 1]."""
    if shifts is None:
        return None
    return [
        {
            "symptom": shift.symptom.value,
            "base": {"samples": shift.base, "share": shift.base_share},
            "candidate": {"samples": shift.candidate, "share": shift.candidate_share},
            "difference": shift.value,
            "low": shift.interval.low,
            "high": shift.interval.high,
            "p_value": shift.p_value,
            "p_adjusted": shift.p_adjusted,
            "test": shift.test,
        }
        for shift in shifts
    ]
