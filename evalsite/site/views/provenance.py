"""How a run was made: what was asked of whom, on what machine, and the command that does it again."""

import json
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evalsite.report.asked import asked_besides, part_in_words
from evalsite.rundir.sandboxes import SANDBOXES, Sandbox
from evalsite.rundir.schema import Grading, Incident, Run, Settings
from evalsite.site.subjects.runs import DatasetSubject, RunSubject
from evalsite.site.views.frame import Fact
from evalsite.stats.steadiness import changes_within
from evalsite.words import cells
from evalsite.words.sentences import count
from evalsite.words.text import shorten


@dataclass(frozen=True)
class Provenance:
    """How a run was made, and what stands in the way of holding it against its baseline."""

    run_id: str
    baseline: str
    """The baseline's model; empty where there is none."""
    reservations: tuple[str, ...]
    """In what this run and the baseline differ besides the model."""
    changes: tuple[str, ...]
    """What did not stay the same while the run was made."""
    settings: tuple[Fact, ...]
    card: tuple[Fact, ...]
    machine: tuple[Fact, ...]
    command: str
    incidents: tuple[tuple[str, ...], ...]
    """When, what, of what and why, for the first :data:`MOST_INCIDENTS`."""
    incidents_told: str
    """How many there were; empty where there was none."""


def provenance_of(subject: RunSubject, incidents: Iterable[Incident]) -> Provenance:
    """Say how a run was made; ``incidents`` are read once."""
    run = subject.run.run
    rows, total = _incident_rows(incidents)
    return Provenance(
        run_id=run.id,
        baseline=subject.baseline_name,
        reservations=subject.reservations,
        changes=changes_within(run, subject.run.summary, subject.run.retested),
        settings=(*posed_as(subject.dataset), *settings_of(run)),
        card=card_of(run),
        machine=machine_of(run),
        command=reproduce(run, subject.run.asked_ids),
        incidents=rows,
        incidents_told=_incidents_told(total),
    )


def _incident_rows(incidents: Iterable[Incident]) -> tuple[tuple[tuple[str, ...], ...], int]:
    """Return the first incidents as rows of a table, and how many there are in all."""
    rows: list[tuple[str, ...]] = []
    total = 0
    for total, each in enumerate(incidents, start=1):
        if total <= MOST_INCIDENTS:
            of = f"{each.problem}, sample {each.sample}" if each.problem else each.endpoint
            what = _WORDS.get(each.kind, each.kind)
            waited = f" ({count(each.waiting, 'request')})" if each.waiting else ""
            rows.append((cells.moment(each.at), f"{what}{waited}", of, shorten(each.message, MOST_WORDS)))
    return tuple(rows), total


def _incidents_told(total: int) -> str:
    shown = f", the first {MOST_INCIDENTS} shown" if total > MOST_INCIDENTS else ""
    return f"{count(total, 'incident')} while the model was asked{shown}" if total else ""


MOST_INCIDENTS = 100
"""Incidents that a page shows; the run's ``incidents.jsonl`` has all of them."""
MOST_WORDS = 300
"""Characters of an incident's message that a page shows."""

_WORDS = {
    "waiting": "waited",
    "answering": "answered again",
    "feature": "done without",
    "missing": "sample missing",
}


def posed_as(dataset: DatasetSubject) -> tuple[Fact, ...]:
    """Say in which language problems are to be solved, and what they ask for."""
    return (Fact("Language", dataset.languages), Fact("Kind", ", ".join(dataset.kinds)))


def settings_of(run: Run) -> tuple[Fact, ...]:
    """Say what was asked, and how."""
    picked = part_in_words(run)
    problems = f"{run.num_problems} of {run.dataset.num_problems} problems"
    facts = [
        Fact("Data set", run.dataset.name, f"{problems}, {picked}" if picked else problems),
        Fact("Data set hash", run.dataset.sha256[:12], run.dataset.source),
        Fact("Samples of each problem", f"{run.num_samples}"),
    ]
    if run.settings is None:
        return (
            *facts,
            Fact("Asked", "elsewhere", _imported(run)),
            *(Fact(name, value, "as declared") for name, value in run.model.declared.items()),
        )
    asked = run.settings
    facts += [
        Fact("Prompt", asked.prompt, f"{asked.api} API"),
        Fact("Temperature", f"{asked.temperature:g}"),
        Fact("top_p", f"{asked.top_p:g}"),
        Fact("Token limit", f"{asked.max_tokens:,}"),
    ]
    if asked.seed is not None:
        facts.append(Fact("Seed", str(asked.seed)))
    if asked.system:
        facts.append(Fact("System message", asked.system))
    if stops := run.asked.stop if run.asked else asked.stop:
        facts.append(Fact("Stop sequences", ", ".join(map(repr, stops))))
    if run.asked and run.asked.cut:
        facts.append(Fact("Cut here, not sent", ", ".join(map(repr, run.asked.cut))))
    facts += [Fact(name, value) for name, value in asked_besides(asked).items()]
    if run.asked and run.asked.most_choices > 1 and run.num_samples > 1:
        facts.append(Fact("Samples of a request", f"up to {min(run.asked.most_choices, run.num_samples)}"))
    return tuple(facts)


def card_of(run: Run) -> tuple[Fact, ...]:
    """Say what is declared of the weights, and what the server told of itself."""
    card = run.model.card
    facts = (
        ("Family", card.family),
        ("Parameters", card.parameters),
        ("Quantization", card.quantization),
        ("Bits per weight", cells.bits(card.bits_per_weight) if card.bits_per_weight else ""),
        ("Group size", str(card.group_size) if card.group_size else ""),
        ("Weights", cells.size(card.weights_bytes) if card.weights_bytes else ""),
        ("Weights hash", card.weights_sha256[:12]),
        ("Server", f"{card.server} {card.server_version}".strip()),
        ("Context length", f"{card.context_length:,}" if card.context_length else ""),
        ("KV cache", card.kv_cache),
        ("Hardware", card.hardware),
    )
    told = tuple(Fact(f"Server's {name}", value) for name, value in sorted(run.model.server.items()))
    return (
        *(Fact(name, value) for name, value in facts if value),
        *([Fact("Link", card.link, link=_web_address(card.link))] if card.link else []),
        *([Fact("Notes", card.notes)] if card.notes else []),
        *told,
    )


def _web_address(text: str) -> str:
    """Return an address that may become a link, or an empty string for anything else."""
    return text if re.fullmatch(r"https?://[\x21-\x7e]+", text) else ""


def machine_of(run: Run) -> tuple[Fact, ...]:
    """Say when, where and in what sandbox the run was made."""
    facts = [
        Fact("Status", run.status),
        *(Fact("Missing", f"{number:,} of them", why) for why, number in run.lost.items()),
        Fact("Started", cells.moment(run.created_at)),
        Fact("Finished", cells.moment(run.finished_at)),
    ]
    facts += [Fact("Endpoint", endpoint) for endpoint in run.model.endpoints]
    facts += [
        Fact("Replaced on purpose", change, cells.moment(sighting.at))
        for sighting in run.sightings
        for change in sighting.replaced
    ]
    environment = run.environment
    if run.grading is not None:
        grading = run.grading
        facts += [
            Fact("Sandbox", grading.sandbox, ", ".join(grading.layers)),
            Fact("Limits", f"{grading.limits.cpu_s:g} s CPU, {grading.limits.memory_mib:,} MiB"),
            Fact("Extraction", f"version {grading.extraction}" if grading.extraction else cells.DASH),
            Fact("Python in the sandbox", grading.python),
            *_packages(grading),
            Fact("Graded by", f"evalsite {', '.join(grading.graded_by) or environment.evalsite}"),
        ]
    facts += [
        Fact("Begun by", f"evalsite {environment.evalsite}", f"Python {environment.python}"),
        Fact("Machine", environment.platform, count(environment.cpus, "processor")),
    ]
    if run.identity:
        facts.append(Fact("Identity", run.identity[:12]))
    return tuple(facts)


def _packages(grading: Grading) -> Iterator[Fact]:
    """What programs could import besides the standard library, where somebody chose it."""
    if grading.packages:
        listed = ", ".join(f"{name} {version}" for name, version in grading.packages.items())
        yield Fact("Packages in the sandbox", listed, f"hash {grading.packages_sha256[:12]}")


def _imported(run: Run) -> str:
    told = f"imported from {run.origin}" if run.origin else "imported"
    return f"{told}, read as {' and '.join(run.read_as)}" if run.read_as else told


def reproduce(run: Run, asked_ids: Sequence[str] = ()) -> str:
    """Return the command that makes such a run again, quoted for a shell; ``asked_ids`` are its problems.

    Options that have their default value now are told all the same: defaults change.
    """
    if run.settings is None:
        words = ["evalsite", "import", run.origin or "SAMPLES.jsonl", "--dataset", run.dataset.name]
        words += ["--as", *run.read_as] if len(run.read_as) == 1 else []
        return shlex.join([*words, "--model-name", run.model.name, *_grading_options(run)])
    asked = run.settings
    words = ["evalsite", "run", "--dataset", run.dataset.name]
    for endpoint in run.model.endpoints:
        words += ["--model-endpoint", endpoint]
    if not all(endpoint.endswith("/completions") for endpoint in run.model.endpoints):
        words += ["--api", asked.api]
    words += ["--model-name", run.model.name, "--num-samples", str(run.num_samples)]
    words += ["--temperature", f"{asked.temperature:g}", "--top-p", f"{asked.top_p:g}"]
    words += ["--max-tokens", str(asked.max_tokens)]
    words += [word for name, value in _besides(asked) for word in (name, value)]
    if not asked.stream:
        words += ["--no-stream"]
    if asked.stop_loops:
        words += ["--stop-loops"]
    if run.shard:
        words += ["--shard", run.shard]
    if part_in_words(run):
        words += _part(run, asked_ids)
    if asked.seed is not None:
        words += ["--seed", str(asked.seed)]
    return shlex.join([*words, *_grading_options(run)])


def _part(run: Run, asked_ids: Sequence[str]) -> list[str]:
    """The options that pick its problems; those that no draw picked have to be named."""
    if run.draw is not None:
        return ["--max-problems", str(run.num_problems), "--draw-seed", str(run.draw.seed)]
    return [] if run.shard and not run.chosen else ["--problems", ",".join(asked_ids)]


def _besides(asked: Settings) -> Iterator[tuple[str, str]]:
    """The options of what is asked; a text that came from a file is named, and stands on the page."""
    if asked.template:
        yield "--prompt-file", f"{asked.prompt}.jinja"
    else:
        yield "--prompt", asked.prompt
    if asked.system:
        yield "--system", asked.system
    if asked.few_shot:  # of solved problems one more is kept than is shown, for the turn of each of them
        solved = asked.few_shot[0].problem
        yield "--few-shot", str(len(asked.few_shot) - 1) if solved else "EXAMPLES.txt"
    if asked.prefill:
        yield "--prefill", asked.prefill.replace("\n", "\\n")
    for stop in asked.stop:
        yield "--stop", stop.replace("\n", "\\n")
    if asked.top_k is not None:
        yield "--top-k", str(asked.top_k)
    if asked.min_p is not None:
        yield "--min-p", f"{asked.min_p:g}"
    if asked.reasoning_effort:
        yield "--reasoning-effort", asked.reasoning_effort
    if asked.tool_choice != "auto":
        yield "--tool-choice", asked.tool_choice
    for name, value in asked.extra.items():
        told = json.dumps(value, ensure_ascii=False)
        if name == "chat_template_kwargs":
            yield "--chat-template-kwargs", told
        else:
            yield "--extra-body", f"{name}={told}"


def _grading_options(run: Run) -> list[str]:
    if run.grading is None:
        return []
    limits = run.grading.limits
    words = ["--cpu-limit", f"{limits.cpu_s:g}", "--memory-limit", str(limits.memory_mib)]
    named = [] if run.grading.sandbox in (SANDBOXES[0], Sandbox.NONE) else ["--sandbox", run.grading.sandbox]
    return words + named
