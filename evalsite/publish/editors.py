"""The JSON Schema of ``evalsite.toml``, for editors: which keys there are, and what they take."""

from typing import Any, get_args

from evalsite.publish.values import FORM, REPOSITORY, SIZE
from evalsite.rundir.json_schema import DRAFT, table, told
from evalsite.site.options import Keep

_TEXT = {"type": "string"}
_NAME = {"type": "string", "minLength": 1}
_FLAG = {"type": "boolean"}
_COUNT = {"type": "integer", "minimum": 0}
_ADDRESS = r"https?://[^?#\s]+"
_SIZE = {"anyOf": [_COUNT, {"type": "string", "pattern": rf"^\s*{SIZE}\s*$"}]}
_PATTERNS = {"type": "array", "minItems": 1, "items": _NAME}
_SHOWN = told(_COUNT, "Samples shown on a problem's page, failures first; 0 shows all. All are counted.")
_OPTION = {"type": ["string", "number", "boolean", "array"]}


def config_schema() -> dict[str, Any]:
    """Return the schema of a whole settings file."""
    return {"$schema": DRAFT, "title": "evalsite.toml", **table({**_site(), **_shown()})}


def _site() -> dict[str, Any]:
    """Where the site stands, and what it is made of."""
    return {
        "title": told(_TEXT, "The site's name."),
        "site_url": told(
            _TEXT | {"pattern": f"^({_ADDRESS})?$"},
            "Where the site stands, such as https://me.github.io/results/",
        ),
        "repository": told(
            _TEXT | {"pattern": f"^({REPOSITORY}|{_ADDRESS})?$"},
            "owner/name on GitHub, or an address: where failures are reported.",
        ),
        "issue_form": told(
            _TEXT | {"pattern": f"^({FORM})?$"}, "An issue form in the repository's .github/ISSUE_TEMPLATE/."
        ),
        "baseline": told(_TEXT, "What candidates are compared with: a model's name or a run's id."),
        "targets": told(_NAME, "A targets file."),
        "runs": told(_NAME, "The folder of runs."),
        "output": told(_NAME, "The folder of the site."),
        "redirects": told(
            {"type": "object", "additionalProperties": _NAME}, "Old run ids, and the new ones."
        ),
        "run": told(
            {"type": "object", "additionalProperties": _profile()},
            "Profiles: [run.NAME] holds options of 'evalsite run' for 'evalsite run NAME'.",
        ),
    }


def _profile() -> dict[str, Any]:
    """Options by their names, without the dashes in front; no secrets, which belong into the environment."""
    hidden = told({"const": "env"}, "A secret has no place in a file: name an environment variable.")
    return {
        "type": "object",
        "properties": {"header": hidden, "proxy": hidden},
        "additionalProperties": _OPTION,
    }


def _shown() -> dict[str, Any]:
    """How much of which runs is shown."""
    rule = {
        "match": told(_PATTERNS, "Patterns over run ids and models' names."),
        "keep": told({"enum": list(get_args(Keep))}, "Which samples are shown."),
        "max_samples_per_problem": _SHOWN,
        "archive": told({"enum": [True, False, "counts"]}, "Compressed pages; counts leaves them out."),
    }
    rules = {"type": "array", "items": table(rule, "match") | {"minProperties": 2}}
    return {
        "budget": told(_SIZE, "The largest size of the site, such as 900MB: a larger one fails the build."),
        "site_budget": told(_SIZE, "The size beyond which the oldest runs are archived."),
        "downloads": told(_FLAG, "Whether the runs' own files are published beside their pages."),
        "max_samples_per_problem": _SHOWN,
        "max_pairs": told(_COUNT, "Pairs of runs without a baseline among them that get a page."),
        "exclude": told(_PATTERNS, "Patterns over run ids and models' names: these are left out."),
        "rules": told(rules, "The first rule that fits a run counts."),
    }
