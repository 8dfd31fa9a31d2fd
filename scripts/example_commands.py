"""What ``record_behaviour.py`` puts to a checkout: settings files, and commands that only read runs."""

from collections.abc import Iterator, Sequence

from example_runs import BASELINE, CANDIDATE, INCOMPLETE, MBPP_BASELINE, MBPP_CANDIDATE, WEAK

EVALSITE_TOML = f"""\
title = "Recorded <results>"
site_url = "https://example.org/results"
repository = "me/results"

[redirects]
"2025-01-01T10-00-00Z--toy--humaneval" = "{CANDIDATE}"
"""
TRIMMED_TOML = f"""\
baseline = "Toy-FP8"
downloads = false
repository = "https://example.org/forge"
issue_form = "eval-failure.yml"
max_samples_per_problem = 2
max_pairs = 2
exclude = ["{INCOMPLETE}"]
targets = "targets.toml"

[[rules]]
match = ["Other-*"]
archive = true

[[rules]]
match = ["*--toy-ternary--humaneval"]
keep = "failures"
"""
TARGETS_TOML = """\
format = 1
confidence = 0.9

[[target]]
name = "Half"
metric = "pass@1"
above = 50

[[target]]
name = "Nearly all"
dataset = "humaneval"
metric = "pass@5"
baseline = 99
above = 98

[[target]]
name = "Loss"
metric = "degradation"
margin = 20
applies_to = { quantization = "tern*" }

[[target]]
name = "Loss of pass@2"
dataset = ["humaneval", "mbpp"]
metric = "degradation@2"
margin = 5

[[target]]
name = "Slow requests"
metric = "request_time.p95"
below = 2000

[[target]]
name = "Timeouts"
metric = "error_share.timeout"
below = 5

[[target]]
name = "Speed"
metric = "tokens_per_s"
above = 40
"""


SETTINGS = {
    "evalsite.toml": EVALSITE_TOML,
    "trimmed.toml": TRIMMED_TOML,
    "targets.toml": TARGETS_TOML,
    "bad.toml": 'tilte = "x"\nbudget = "much"\n',
}
"""Name of a file -> what stands in it."""


def reading_commands() -> Iterator[tuple[str, Sequence[str]]]:
    """Return name and arguments of the commands that only read runs."""
    pairs = {
        "candidate": (BASELINE, CANDIDATE), "incomplete": (BASELINE, INCOMPLETE), "weak": (BASELINE, WEAK),
        "better": (WEAK, BASELINE), "same": (BASELINE, BASELINE), "mbpp": (MBPP_BASELINE, MBPP_CANDIDATE),
        "mixed": (BASELINE, MBPP_CANDIDATE),
    }  # fmt: skip
    everything = (BASELINE, CANDIDATE, INCOMPLETE, WEAK, MBPP_BASELINE, MBPP_CANDIDATE)
    for form in ("text", "markdown", "json"):
        yield f"report-all-{form}", ("report", *everything, "--format", form)
        yield f"report-one-{form}", ("report", CANDIDATE, "--baseline", "Other-1B", "--format", form)
    for form in ("text", "markdown", "json", "junit"):
        for name, pair in pairs.items():
            if form in ("text", "json") or name in ("candidate", "weak", "mixed"):
                yield f"compare-{name}-{form}", ("compare", *pair, "--format", form)
        repeat = (BASELINE, CANDIDATE, "--repeat", f"runs/{INCOMPLETE}", "--margin", "25")
        yield f"compare-repeat-{form}", ("compare", *repeat, "--format", form)
        yield f"check-{form}", ("check", "--format", form)
        yield f"check-targets-{form}", ("check", "--config", "trimmed.toml", "--format", form)
    yield "compare-strict", ("compare", "--strict", BASELINE, WEAK)
    yield "check-allow", ("check", "--allow", "inconclusive,pending")
    yield "check-bad-config", ("check", "--config", "bad.toml")
    yield "check-no-such-baseline", ("check", "--baseline", "nobody")
    for form in ("text", "markdown"):
        yield f"failures-{form}", ("failures", CANDIDATE, "--format", form)
        limits = ("--class", "timeout", "--class", "no_code", "--limit", "2")
        yield f"failures-some-{form}", ("failures", CANDIDATE, *limits, "--format", form)
    for form in ("url", "markdown", "block", "issue"):
        yield f"link-problem-{form}", ("link", CANDIDATE, "HumanEval-3", "--format", form)
        yield f"link-sample-{form}", ("link", CANDIDATE, "3", "4", "--format", form)
        trimmed = ("link", MBPP_CANDIDATE, "MBPP/11", "0", "--site-url", "https://example.org/s/")
        yield f"link-trimmed-{form}", (*trimmed, "--config", "trimmed.toml", "--format", form)
    yield "link-unknown", ("link", CANDIDATE, "HumanEval/99")
    yield "validate", ("validate", *everything)
    yield "validate-damaged", ("validate", CANDIDATE, "--runs-dir", "damaged")
    yield "report-damaged", ("report", CANDIDATE, "--runs-dir", "damaged")
    yield "report-unknown", ("report", "nothing")
