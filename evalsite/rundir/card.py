"""What a user declares of the weights behind an endpoint."""

from typing import Annotated, Literal

import msgspec

from evalsite.rundir.rows import Amount, Count


class ModelCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the user declares of the weights behind the endpoint (``--model-card FILE``, TOML)."""

    role: Literal["baseline", "candidate", ""] = ""
    family: str = ""
    parameters: str = ""
    quantization: str = ""
    """The scheme, such as ``ternary``, ``FP8`` or ``Q4_1``."""
    bits_per_weight: Amount | None = None
    group_size: Count | None = None
    weights_bytes: Annotated[int, msgspec.Meta(ge=0, le=2**60)] | None = None
    weights_sha256: str = ""
    server: str = ""
    server_version: str = ""
    context_length: Count | None = None
    kv_cache: str = ""
    hardware: str = ""
    link: str = ""
    notes: str = ""
