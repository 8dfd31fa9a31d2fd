"""Questions to a server before a run: what it refuses is left out of the next one, and becomes a finding."""

from typing import Any

import pytest

from evalsite.client.examination import flags
from tests.client.helpers import findings, said


def refused(words: str) -> tuple[int, Any]:
    return 400, {"error": {"message": words}}


def test_a_model_that_wants_the_other_name_of_the_token_limit_is_examined_with_it() -> None:
    """As the run would ask it; no option is needed."""

    def wants(body: dict[str, Any]) -> tuple[int, Any]:
        if "max_tokens" in body:
            return refused("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
        return said("x = 1\n")

    found = findings(wants)
    assert found["token limit"].ok
    assert found["chat API"].ok
    assert not [each for each in found.values() if each.ok is False or each.flag]


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_model_of_one_temperature_is_examined_at_it(temperature: float) -> None:
    """The option follows, unless it was given: then greedy answers were tried, and that is all."""

    def wants(body: dict[str, Any]) -> tuple[int, Any]:
        if body["temperature"] != 1:
            return refused("Unsupported value: 'temperature'. Only the default (1) value is supported.")
        return said("x = 1\n")

    found = findings(wants, temperature=temperature, top_p=1.0)
    assert found["chat API"].ok
    assert found["greedy twice"].ok is None
    assert found["temperature"].ok is (None if temperature else False)
    assert flags(list(found.values())) == ([] if temperature else ["--temperature", "1"])


def test_a_server_that_takes_one_of_temperature_and_top_p_says_which_to_leave_out() -> None:
    """The row holds its words and the option; the other checks go on without top-p."""

    def wants(body: dict[str, Any]) -> tuple[int, Any]:
        if "top_p" in body:
            return refused("`temperature` and `top_p` cannot both be specified for this model.")
        return said("x = 1\n")

    found = findings(wants)
    assert (found["top-p"].ok, found["top-p"].flag) == (False, "--top-p 1")
    assert found["chat API"].ok
