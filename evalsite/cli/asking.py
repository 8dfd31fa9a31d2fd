"""Options that say how a model is asked, and what they make of a run's settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import click

from evalsite.cli.parameters import FILE, Number, Taken, taken
from evalsite.datasets import LoadedDataset
from evalsite.datasets.slips import slip_in
from evalsite.edits.formats import FORMATS
from evalsite.errors import UsageError
from evalsite.kinds import kind_of
from evalsite.kinds.agent import MAX_TURNS
from evalsite.kinds.editing import STYLES as EDIT_STYLES
from evalsite.kinds.fim import style_of_family
from evalsite.kinds.judging import Wants
from evalsite.kinds.own import check_template, own_style
from evalsite.kinds.prompts import STYLES, build_prompt, style_for
from evalsite.rundir.schema import Api, Example, Problem, Settings
from evalsite.rundir.typed import read_typed

OWN_OPTIONS: Mapping[str, str] = {
    "model": "--model-name",
    "messages": "--prompt-file, --system or --prefill",
    "prompt": "--prompt-file",
    "n": "--num-samples",
    "seed": "--seed",
    "stream": "--stream or --no-stream",
    "stream_options": "--stream or --no-stream",
    "temperature": "--temperature",
    "top_p": "--top-p",
    "top_k": "--top-k",
    "min_p": "--min-p",
    "max_tokens": "--max-tokens",
    "max_completion_tokens": "--max-tokens",
    "stop": "--stop",
    "reasoning_effort": "--reasoning-effort",
    "tools": "--calls",
    "tool_choice": "--tool-choice",
    "chat_template_kwargs": "--chat-template-kwargs",
}
"""Field of a request -> the option that sets it."""


api_option = click.option(
    "--api",
    type=click.Choice(["completions", "chat"]),
    help="Where the endpoint's path leaves it open.  [default: chat where the server answers that]",
)
"""Adds ``--api``."""


@dataclass(frozen=True)
class AskingOptions(Taken):
    """What decides what a model is sent besides the problem."""

    prompt: str | None = taken(
        "--prompt", type=click.Choice(list(STYLES)), help="Prompt style.  [default: the API's current one]"
    )
    calls: str | None = taken(
        "--calls",
        type=click.Choice(["tools", "prompt"]),
        help="Offer tools by the API's own field, or describe them in the prompt, for servers without.  "
        "[default: tools]",
    )
    tool_choice: Literal["auto", "required"] = taken(
        "--tool-choice",
        type=click.Choice(["auto", "required"]),
        default="auto",
        help="Whether a model that is offered tools has to call one.",
    )
    edit_format: str | None = taken(
        "--edit-format",
        type=click.Choice(list(FORMATS)),
        help="How edits are asked for, of exercises or problems to be repaired.  [exercises: whole]",
    )
    turns: int = taken(
        "--turns",
        type=click.IntRange(1, 2),
        default=1,
        help="Edits a sample may take: with 2, what came of one that fails goes back to the model once.",
    )
    max_turns: int | None = taken(
        "--max-turns",
        type=click.IntRange(1, 1000),
        help="Answers that an agent may give to one problem.  [agents: 15]",
    )
    prompt_file: Path | None = taken(
        "--prompt-file",
        type=FILE,
        help="A prompt of your own: a Jinja template with the problem's fields (docs/recipes.md).",
    )
    prefill: str = taken(
        "--prefill", default="", metavar="TEXT", help="How every answer is begun for the model to go on."
    )
    few_shot: str = taken(
        "--few-shot",
        default="",
        metavar="N|FILE",
        help="Examples before every prompt: a text file, or N solved problems of the data set itself.",
    )
    system: str = taken("--system", default="", metavar="TEXT", help="A system message (chat only).")
    stop: tuple[str, ...] = taken(
        "--stop", multiple=True, metavar="TEXT", help="End answers here, too; \\n is a line end. Repeatable."
    )
    top_k: int | None = taken(
        "--top-k", type=click.IntRange(min=0), help="Sample from the K most likely tokens."
    )
    min_p: float | None = taken(
        "--min-p", type=Number(min=0, max=1), help="Sample from tokens this likely, relative to the first."
    )
    reasoning_effort: str = taken(
        "--reasoning-effort", default="", metavar="WORD", help="Such as none, low, medium or high."
    )
    chat_template_kwargs: str | None = taken(
        "--chat-template-kwargs",
        metavar="JSON",
        help="Such as '{\"enable_thinking\": false}', for vLLM, SGLang and llama.cpp.",
    )
    extra_body: tuple[str, ...] = taken(
        "--extra-body",
        multiple=True,
        metavar="KEY=JSON",
        help="A further field of every request. Repeatable.",
    )
    extra_body_file: Path | None = taken(
        "--extra-body-file", type=FILE, help="Further fields: a JSON object."
    )

    def suited_api(self, problem: Problem, family: str = "") -> Api | None:
        """The API that these options are for, where they tell: a system message is for chat, and so on; what
        a gap is filled by is tokens, where those of the model's family are known.
        """
        if self.system or kind_of(problem).style or self.edit_format:
            return "chat"
        if self.prompt is None:
            return "completions" if style_of_family(family, problem) else None
        return "chat" if build_prompt(problem, self.prompt).form == "response" else "completions"

    def settings(self, api: Api, dataset: LoadedDataset, family: str = "", **others: Any) -> Settings:
        """Return what counts towards a run's identity; ``family`` is the model's, as far as it is known."""
        if self.system and api != "chat":
            raise UsageError("--system goes with the chat API only", hint="Add --api chat, or leave it out.")
        if self.prompt and self.prompt_file:
            raise UsageError("--prompt and --prompt-file are two prompts", hint="Leave one of them out.")
        if "" in self.stop:
            raise UsageError(
                "--stop is empty: every answer would be cut to nothing", hint="Give a text, or leave it out."
            )
        if others.get("stop_loops") and not others.get("stream", True):
            raise UsageError(
                "--stop-loops ends answers while they are streamed, and --no-stream streams none",
                hint="Leave one of them out.",
            )
        template = _read(self.prompt_file, "--prompt-file") if self.prompt_file else ""
        if self.prompt_file:
            if not template.strip():
                raise UsageError(
                    f"{self.prompt_file}: is empty", hint="docs/recipes.md shows a whole template."
                )
            check_template(template, str(self.prompt_file))
        usual = self._usual_style(api, dataset.problems[0], family)
        style = own_style(template) if template else self.prompt or usual
        if self.turns > 1 and style not in EDIT_STYLES:
            raise UsageError(
                "--turns is for edits: what came of one goes back to the model",
                hint="Leave it out, or add --edit-format, with exercises or problems to be repaired.",
            )
        return Settings(
            api=api,
            prompt=style,
            template=template,
            prefill=self.prefill.replace("\\n", "\n"),
            few_shot=self._examples(dataset, usual if template else style),
            system=self.system,
            tool_choice=self.tool_choice,
            turns=self.turns,
            max_turns=self._max_turns(dataset.problems[0]),
            stop=tuple(stop.replace("\\n", "\n").replace("\\t", "\t") for stop in self.stop),
            top_k=self.top_k,
            min_p=self.min_p,
            reasoning_effort=self.reasoning_effort,
            extra=self._extra(),
            **others,
        )

    def refuse_ungraded(self, dataset: LoadedDataset) -> None:
        """Raise UsageError where a model is told what came of its answers, which takes grading them."""
        if self.turns > 1:
            raise UsageError(
                "--turns 2 sends back what came of an answer, and with --no-grade nothing comes of it",
                hint="Leave one of them out.",
            )
        if kind_of(dataset.problems[0]).wants is Wants.AGENT:
            raise UsageError(
                "an agent has tests run while it works, and with --no-grade nothing is run",
                hint="Leave --no-grade out, where the sandbox works: evalsite doctor",
            )

    def _max_turns(self, problem: Problem) -> int | None:
        """How many answers an agent may give; None for whoever is none."""
        if kind_of(problem).wants is Wants.AGENT:
            return self.max_turns or MAX_TURNS
        if self.max_turns:
            raise UsageError(
                "--max-turns is for agents",
                hint="Leave it out, or name such a data set: polyglot-agent-python, or mine+agent with "
                "--data-path FOLDER",
            )
        return None

    def _usual_style(self, api: Api, problem: Problem, family: str) -> str:
        """The style where nobody names one; raises UsageError where --calls or --tool-choice say nothing."""
        kind = kind_of(problem)
        if kind.wants is not Wants.CALLS and (self.calls or self.tool_choice != "auto"):
            raise UsageError(
                "--calls and --tool-choice are for problems that want calls of tools, and these ask for code",
                hint="Leave them out, or name such a data set: --dataset bfcl-v4",
            )
        if (kind.style or self.edit_format) and api != "chat":
            what = "edits" if kind.wants is Wants.EDITS or self.edit_format else "calls of tools"
            raise UsageError(
                f"{what} are asked for by the chat API only", hint="Leave --api out, or give --api chat."
            )
        if self.edit_format:
            if self.prompt or self.prompt_file or kind.to_edit(problem) is None:
                raise UsageError(
                    "--edit-format is for exercises and for problems to be repaired, in words of its own",
                    hint="Leave --prompt and --prompt-file out, and name such a data set: --dataset "
                    "polyglot-python",
                )
            return f"edit-{self.edit_format}-v1"
        return "calls-prompt-v1" if self.calls == "prompt" else style_for(api, problem, family)

    def _examples(self, dataset: LoadedDataset, style: str) -> tuple[Example, ...]:
        """A file's text, or solved problems of the data set: one too many, as none is shown to itself."""
        if not self.few_shot.isdecimal():
            path = Path(self.few_shot)
            return (Example(text=_read(path, "--few-shot")),) if self.few_shot else ()
        wanted = dataset.problems[: int(self.few_shot) + 1]
        if len(wanted) <= int(self.few_shot) or not all(problem.reference for problem in wanted):
            raise UsageError(
                f"--few-shot {self.few_shot}: the data set has too few problems with a reference solution",
                hint="Give a file with examples in its place.",
            )
        return tuple(Example(problem=each.task_id, text=_solved(each, style)) for each in wanted)

    def _extra(self) -> dict[str, Any]:
        """The further fields of a request, of all options that give some."""
        extra: dict[str, Any] = {}
        if self.extra_body_file:
            extra |= _object(_read(self.extra_body_file, "--extra-body-file"), str(self.extra_body_file))
        for given in self.extra_body:
            key, equals, value = given.partition("=")
            if not equals or not key.strip():
                raise UsageError(
                    f"--extra-body {given}: not of the form KEY=JSON",
                    hint="Such as: --extra-body repeat_penalty=1.0",
                )
            extra[key.strip()] = _json(value, f"--extra-body {key}")
        for key in extra:
            if key in OWN_OPTIONS:
                raise UsageError(
                    f"--extra-body {key}: this field has an option of its own",
                    hint=f"Use {OWN_OPTIONS[key]}.",
                )
        if self.chat_template_kwargs:
            found = _object(self.chat_template_kwargs, "--chat-template-kwargs")
            extra["chat_template_kwargs"] = found
        return extra


def _solved(problem: Problem, style: str) -> str:
    """A problem in a style's words, and its reference solution as the answer."""
    prompt = build_prompt(problem, style)
    if prompt.form == "completion":
        return f"{kind_of(problem).solved(problem, prompt.text).strip()}\n\n\n"
    return f"{prompt.text.rstrip()}\n\n```{problem.language}\n{problem.reference.strip()}\n```\n\n"


def _read(path: Path, option: str) -> str:
    try:
        return read_typed(path)
    except OSError as exc:
        raise UsageError(
            f"{option} {path}: cannot be read ({exc})", hint="Name a text file in UTF-8."
        ) from exc


AN_OBJECT = 'Such as: {"enable_thinking": false}'


def _json(text: str, place: str) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as exc:
        of_a_key = place.startswith("--extra-body ")
        raise UsageError(
            f"{place}: not JSON ({slip_in(text.encode('utf-8', 'replace')) or exc})",
            hint="Text stands in quotes, too, such as: --extra-body 'mode=\"fast\"'"
            if of_a_key
            else AN_OBJECT,
        ) from exc


def _object(text: str, place: str) -> dict[str, Any]:
    found = _json(text, place)
    if not isinstance(found, dict):
        raise UsageError(f"{place}: no JSON object", hint=AN_OBJECT)
    return found
