"""The comparability guard: every condition that differs is found, and nothing else is."""

from typing import Any

import msgspec
import pytest

from evalsite.report.brief import as_brief
from evalsite.rundir.schema import Dataset, Limits, Model, ModelCard
from evalsite.stats.compare.guard import equal_roles, reservations, swapped_roles
from evalsite.stats.compare.runs import compare_runs
from tests.make import GRADING, SETTINGS, loaded_run

BASE = loaded_run([1, 0], 1).run


def changed(**fields: Any) -> Any:
    return msgspec.structs.replace(BASE, **fields)


def test_equal_conditions_are_no_reservation() -> None:
    """Another model, another time, another sample count and another patch of Python: comparable."""
    grading = msgspec.structs.replace(GRADING, python="3.11.9")
    other = loaded_run(
        [1, 0], 5, model="other", id="other", created_at="2027-01-01T00:00:00Z", grading=grading
    )
    assert reservations(BASE, other.run) == ()


@pytest.mark.parametrize(
    ("field", "run"),
    [
        ("dataset.name", changed(dataset=Dataset(name="mbpp", sha256="0" * 64, num_problems=2))),
        ("dataset.sha256", changed(dataset=Dataset(name="humaneval", sha256="1" * 64, num_problems=2))),
        ("num_problems", changed(num_problems=1)),
        *(
            (f"settings.{name}", changed(settings=msgspec.structs.replace(SETTINGS, **{name: value})))
            for name, value in {
                "api": "completions",
                "prompt": "chat-v2",
                "system": "Be brief.",
                "temperature": 0.8,
                "top_p": 1.0,
                "max_tokens": 1024,
                "stop": ("\ndef",),
            }.items()
        ),
        *(
            (f"grading.{name}", changed(grading=msgspec.structs.replace(GRADING, **{name: value})))
            for name, value in {
                "extraction": "2",
                "sandbox": "process",
                "layers": ("seccomp",),
                "python": "3.12.1",
            }.items()
        ),
        *(
            (
                f"limits.{name}",
                changed(
                    grading=msgspec.structs.replace(
                        GRADING, limits=msgspec.structs.replace(Limits(), **{name: 99})
                    )
                ),
            )
            for name in Limits.__struct_fields__
        ),
    ],
)
def test_each_differing_condition_is_found_alone(field: str, run: Any) -> None:
    """One change, one reservation, named, with both values in its sentence."""
    found = reservations(BASE, run)
    assert [one.field for one in found] == [field]
    assert found[0].base != found[0].candidate
    assert found[0].sentence.startswith(f"Not the same in both runs: {field} ({found[0].base} against ")


def test_imports_that_were_read_otherwise_are_not_quite_comparable() -> None:
    """If both recorded how: older files did not."""
    forms = {name: changed(read_as=tuple(name.split())) for name in ("", "solution", "response solution")}
    (found,) = reservations(forms["solution"], forms["response solution"])
    assert (found.field, found.base, found.candidate) == ("read_as", "solution", "response, solution")
    assert reservations(forms[""], forms["solution"]) == reservations(BASE, BASE) == ()


def test_samples_made_elsewhere_have_unknown_settings() -> None:
    """What nobody recorded cannot be called equal, not even if it is missing from both."""
    imported = changed(settings=None)
    assert [one.field for one in reservations(imported, imported)] == ["settings"]
    (one_sided,) = reservations(BASE, imported)
    assert one_sided.sentence == (
        "Not recorded for the candidate: settings, which decide how the model was asked."
    )


def test_each_value_stands_on_its_side() -> None:
    """0.2 against 0.8, and not the other way round; and who did not record it is named."""
    hot = changed(settings=msgspec.structs.replace(SETTINGS, temperature=0.8))
    (one,), (other,) = reservations(BASE, hot), reservations(hot, BASE)
    assert (one.base, one.candidate, other.base, other.candidate) == ("0.2", "0.8", "0.8", "0.2")
    assert one.sentence == (
        "Not the same in both runs: settings.temperature (0.2 against 0.8), which changes how much the "
        "answers vary, and pass@k with it."
    )
    imported = changed(settings=None)
    whose = [reservations(*pair)[0].sentence for pair in ((imported, BASE), (imported, imported))]
    assert whose[0].startswith("Not recorded for the baseline: settings, ")
    assert whose[1].startswith("Not recorded for both runs: settings, ")


@pytest.mark.parametrize(
    ("stop", "text"),
    [((), "none"), (("END",), "END"), (("\ndef", "END", "\n#"), r"'\ndef', END, '\n#'")],
)
def test_stop_sequences_keep_their_line_breaks_visible(stop: tuple[str, ...], text: str) -> None:
    """And stand on one line; the baseline has none."""
    base = changed(settings=msgspec.structs.replace(SETTINGS, stop=("x",)))
    (one,) = reservations(base, changed(settings=msgspec.structs.replace(SETTINGS, stop=stop)))
    assert (one.field, one.base, one.candidate) == ("settings.stop", "x", text)


def test_ungraded_runs_have_unknown_grading_and_limits() -> None:
    """Without grading there is nothing to compare limits with."""
    found = reservations(BASE, changed(grading=None))
    assert [one.field for one in found] == ["grading", "limits"]


def test_roles_that_are_swapped_are_said() -> None:
    """A gate with BASE and CANDIDATE swapped would always pass."""
    fp8 = loaded_run([1, 1], 1, model="fp8", card=ModelCard(role="baseline"))
    ternary = loaded_run([1, 0], 1, model="ternary", card=ModelCard(role="candidate"))
    assert compare_runs(fp8, ternary).reservations == ()
    (said,) = compare_runs(ternary, fp8).reservations
    assert said == (
        "By their model cards the roles are the other way round: "
        "fp8 is the baseline, and ternary the candidate."
    )


@pytest.mark.parametrize(
    ("base", "candidate", "said"),
    [
        ("candidate", "", "one is a candidate, and stands here as the baseline; two has no role."),
        ("", "baseline", "two is a baseline, and stands here as the candidate; one has no role."),
    ],
)
def test_one_role_against_the_order_is_not_called_a_swap(base: Any, candidate: Any, said: str) -> None:
    """What the other model is, no card says."""
    one = loaded_run([1, 1], 1, model="one", card=ModelCard(role=base))
    two = loaded_run([1, 0], 1, model="two", card=ModelCard(role=candidate))
    assert compare_runs(one, two).reservations == (f"By its model card {said}",)


@pytest.mark.parametrize("role", ["baseline", "candidate"])
def test_two_models_of_one_role_are_said(role: Any) -> None:
    """It is no reservation: all else may have been equal. Two runs of one model need no word."""
    card = ModelCard(role=role)
    one, two = (loaded_run([1, 1], 1, model=name, card=card, id=name) for name in ("one", "two"))
    found = compare_runs(one, two)
    assert found.reservations == ()
    assert (
        f"By their model cards both are {role}s: two is held against one because they were named in this "
        "order."
    ) in found.notes
    assert "By their model cards both" in as_brief(found, lambda _task: "")
    again = loaded_run([1, 0], 1, model="one", card=card, id="again")
    assert compare_runs(one, again).equal_roles == ""


def in_sandbox(sandbox: Any, **likeness: str) -> Any:
    layers = ("pid-namespace",) if sandbox == "bubblewrap" else ("process-group",)
    grading = msgspec.structs.replace(GRADING, sandbox=sandbox, layers=layers, likeness=likeness)
    return changed(grading=grading)


def test_two_sandboxes_are_alike_where_what_could_differ_was_tried_and_did_not() -> None:
    """And unlike by the name of what differed; where it was not tried, they are what they are called."""
    base = in_sandbox("bubblewrap", files="passed", signals="passed")
    assert reservations(base, in_sandbox("landlock", files="passed", signals="passed")) == ()
    (found,) = reservations(base, in_sandbox("landlock", files="passed", signals="sandbox_violation"))
    assert (found.field, found.base, found.candidate) == (
        "grading.likeness.signals", "passed", "sandbox_violation",
    )  # fmt: skip
    untried = {each.field for each in reservations(base, in_sandbox("landlock"))}
    assert untried == {"grading.sandbox", "grading.layers"}
    assert {
        each.field for each in reservations(base, in_sandbox("process", files="passed", signals="passed"))
    } == (untried)
    assert reservations(base, in_sandbox("bubblewrap")) == ()


def test_what_is_declared_of_imports_is_compared() -> None:
    """Alike is no reservation, unlike is one, and what nobody declared is not known of either."""
    known = {"api": "chat", "temperature": "0.2", "top_p": "1"}
    base, other = (
        msgspec.structs.replace(loaded_run([1], 1).run, settings=None, model=Model(name=name, declared=known))
        for name in ("fp8", "ternary")
    )
    fields = {each.field: each.sentence for each in reservations(base, other)}
    assert not {"settings.api", "settings.temperature", "settings"} & fields.keys()
    assert fields["settings.prompt"].startswith("Not recorded for both runs: settings.prompt")
    warmer = msgspec.structs.replace(
        other, model=Model(name="ternary", declared={**known, "temperature": "0.8"})
    )
    fields = {each.field: each.sentence for each in reservations(base, warmer)}
    assert "(0.2 against 0.8)" in fields["settings.temperature"]


@pytest.mark.parametrize(
    ("field", "changes", "values"),
    [
        ("grading.excluded", {"excluded": {"A/0": "no", "A/1": "nor"}}, "none against A/0, A/1"),
        (
            "grading.packages",
            {"packages": {"numpy": "2.1", "scipy": "1.14"}, "packages_sha256": "0123456789abcdef"},
            "none against 2 of the hash 0123456789ab",
        ),
        ("grading.python", {"python": "3.13.1"}, "3.11 against 3.13"),
    ],
)
def test_what_differs_in_grading_is_told_with_both_values(field: str, changes: Any, values: str) -> None:
    """In either direction."""
    other = changed(grading=msgspec.structs.replace(GRADING, **changes))
    (found,) = reservations(BASE, other)
    assert found.field == field
    assert f"{field} ({values})" in found.sentence
    (back,) = reservations(other, BASE)
    assert (back.base, back.candidate) == (found.candidate, found.base)


@pytest.mark.parametrize("roles", [("baseline", "candidate"), ("baseline", ""), ("", "candidate"), ("", "")])
def test_roles_that_fit_need_no_word(roles: tuple[Any, Any]) -> None:
    """Nor do two runs of one model in one role."""
    runs = [changed(model=Model(name=f"m{role}", card=ModelCard(role=role))) for role in roles]
    assert swapped_roles(*runs) == ""
    assert equal_roles(*runs) == ""
    assert equal_roles(runs[0], runs[0]) == ""
