"""Reads a model card: what the user declares of the weights behind an endpoint."""

import re
from pathlib import Path

import msgspec

from evalsite.errors import UsageError
from evalsite.rundir.schema import ModelCard
from evalsite.rundir.typed import parse_toml, read_typed

_CREDENTIALS = re.compile(r"//[^/\s@]+@")

HINT = f"Known fields: {', '.join(ModelCard.__struct_fields__)}."


def read_model_card(path: Path) -> ModelCard:
    """Read a TOML file; an error names the file and the field."""
    try:
        card = msgspec.convert(parse_toml(read_typed(path), str(path), HINT), ModelCard)
    except OSError as exc:
        raise UsageError(f"{path}: cannot be read ({exc.strerror})") from exc
    except msgspec.ValidationError as exc:
        what, _, field = str(exc).partition(" - at `$.")
        where = f"field `{field.rstrip('`')}`: " if field else ""
        raise UsageError(f"{path}: {where}{what}", hint=HINT) from exc
    for name in card.__struct_fields__:
        if _CREDENTIALS.search(str(getattr(card, name))):
            raise UsageError(
                f"{path}: field `{name}`: holds a URL with credentials, and a card is published",
                hint="Write the URL without the part before the @.",
            )
    return card
