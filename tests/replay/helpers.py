"""A recorded model of a few answers."""

from evalsite.replay.recordings import About, RecordedModel, Recording
from evalsite.rundir.schema import ModelCard, Settings
from tests.make import make_problem

PROBLEMS = [make_problem(f"Demo/{number}", f"double_{number}") for number in range(3)]


def recorded(api, style):
    settings = Settings(api=api, prompt=style, temperature=0.2, top_p=1.0, max_tokens=64, seed=7)
    answers = {
        problem.task_id: tuple(
            Recording(
                problem=problem.task_id, sample=sample, text=f"answer {sample} to {problem.task_id} ✓\n" * 9,
                finish_reason="stop", prompt_tokens=5, completion_tokens=40 + sample,
                latency_s=0.05, first_token_s=0.01,
            )
            for sample in range(2)
        )
        for problem in PROBLEMS
    }  # fmt: skip
    return RecordedModel(About("tiny", "demo", 2, settings, ModelCard()), answers)
