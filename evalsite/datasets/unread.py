"""Fields that change what a problem asks or tests and that we do not read: such a record is refused.

To leave such a field out in silence is to grade by other tests than the data set's own.
"""

from collections.abc import Collection, Mapping

import msgspec

from evalsite.errors import DatasetError

EVALPLUS = "A record of EvalPlus' own form has both: `base_input` and `plus_input`."
ANOTHER_KIND = (
    "evalsite does not know this kind of problem yet: docs/datasets.md lists the kinds that it asks."
)

UNREAD: Mapping[str, tuple[str, str]] = {
    "base_input": ("EvalPlus' inputs, to be run through the reference solution", EVALPLUS),
    "plus_input": ("EvalPlus' further inputs, which its tests do not hold", EVALPLUS),
    "suffix": ("code that follows the gap which is to be filled", ANOTHER_KIND),
    "input_output": ("inputs and outputs of a whole program", ANOTHER_KIND),
    "public_test_cases": ("inputs and outputs of a whole program", ANOTHER_KIND),
    "private_test_cases": ("inputs and outputs of a whole program", ANOTHER_KIND),
}
"""Field -> what it holds, and what to do instead."""

_EMPTY = frozenset({b"null", b'""', b"[]", b"{}"})


def is_given(fields: Mapping[str, msgspec.Raw], name: str) -> bool:
    """Whether a field holds something: exports of tables carry columns that hold nothing."""
    return name in fields and bytes(fields[name]).strip() not in _EMPTY


def refuse_unread(place: str, fields: Mapping[str, msgspec.Raw], read: Collection[str] = ()) -> None:
    """Raise :class:`DatasetError` where tests or prompt of a record need a field that is not ``read``."""
    for name, (what, instead) in UNREAD.items():
        if name not in read and is_given(fields, name):
            raise DatasetError(f"{place}: field `{name}` ({what}) is not read", hint=instead)
    if "language" not in read:
        _refuse_language(place, fields.get("language"))


_OTHERS = (
    "Records in other languages have the fields of HumanEvalPack, MBXP or MultiPL-E, which docs/datasets.md "
    "describes, and name a language that is known."
)


def _refuse_language(place: str, value: msgspec.Raw | None) -> None:
    if value is None:
        return
    language = msgspec.json.decode(value)
    if isinstance(language, str) and language.casefold() not in ("", "python", "python3", "py"):
        raise DatasetError(
            f"{place}: field `language`: {language!r} with fields that are Python's alone",
            hint=_OTHERS,
        )
