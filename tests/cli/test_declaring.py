"""Samples made elsewhere can be said to have been asked alike: ``import`` takes what is known of it."""

import pytest

from tests.runner.test_trial import record, write

ALIKE = ("--api", "chat", "--prompt", "their-v1", "--temperature", "0.2", "--top-p", "1", "--max-tokens", 512)


@pytest.fixture
def imported(evalsite, tmp_path):
    """Import one sample under a model's name, with what is declared of it."""
    write(tmp_path / "demo.jsonl", [record(0)])
    write(tmp_path / "samples.jsonl", [{"task_id": "Demo/0", "completion": "    return 2 * x\n"}])
    data = ("--dataset", "demo", "--data-path", "demo.jsonl", "--no-grade")

    def run(name, *declared):
        done = evalsite("import", "samples.jsonl", *data, "--model-name", name, *declared)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


def test_what_is_declared_is_told(evalsite, imported):
    """In the report, in place of "not recorded"."""
    assert "temperature 0.2; top_p 1; max_tokens 512" in evalsite("report", imported("m", *ALIKE)).stdout
    assert "temperature and prompt are not recorded" in evalsite("report", imported("other")).stdout
