"""HumanEval and MBPP in other languages: HumanEvalPack, also to be repaired, MBXP, and MultiPL-E."""

from dataclasses import replace

from evalsite.datasets import humanevalpack, mbxp, multipl_e
from evalsite.datasets.catalogue.base import Known, Published
from evalsite.languages import LANGUAGES

_PACK = "https://huggingface.co/datasets/bigcode/humanevalpack/resolve/main/data/{0}/data/humanevalpack.jsonl"
_MBXP = "https://raw.githubusercontent.com/amazon-science/mxeval/main/data/mbxp/"

_PACKS = {
    "python": (
        537_907,
        "eb39e8b42ec0e2067073b9203f2693351993241d7302fad5e218bd363d02422f",
        "0df37679fd267ff6afad6d61ee045a4e2aa6676c310bad2a760bd31d583fa54d",
    ),
    "javascript": (
        479_665,
        "8a34a4c616cac768e1f27d8e9c6f5e1c258201375c2f9362738d499ef55f940c",
        "9a71ec36f541f043d5611bc45a61b918f99a2586d1ed219d460a8553a5885877",
    ),
    "java": (
        710_974,
        "fb500de0fbeae91a2de1121530e91a8dc7bdb03106a2a892da2f9ac9c63c2c6a",
        "7647ac058746c4e4e1a64d5601978e7c1bd0910411515d880c41a0a164891e43",
    ),
    "go": (
        520_781,
        "69fcd2d498ee7ae117b045a3840d001a98f61b171e1511332596c05da12f2254",
        "d241d21daee52ba6ad1ef327e4b5344f9d166f9e1c22b6a0e8d4a0b3fa0c46f2",
    ),
    "cpp": (
        519_422,
        "4e1de129396d70b1da6ff1396c1d551b4b92b47da47e27367c0625a84fa4ff34",
        "538223e3ef1f83aaf9333336087ff709c63b71fb71895cf5bcb315d29226837a",
    ),
    "rust": (
        497_152,
        "e70cef8707a232bca70f18ebd25c040cdb74bcc967941613b4237500d062ee28",
        "7c14a05f40c20fb8112359d5bfbaff5c3d2a331c2c9cdf297614e2716251abd9",
    ),
}
"""Language -> bytes of the file, hash as synthesis and as repair."""

_MBXPS = {
    "javascript": (
        "mbjsp_release_v1.2", 966, 1_425_621,
        "d757615a06ef3e3d5dc79cca293d3b3efad0e8ba0de326e44c630d7780db841f",
    ),
    "typescript": (
        "mbtsp_release_v1.2", 968, 1_545_093,
        "66de02624c17e655a405e077bd5ef0a8e9e3285e619696f4a02635fc16a33c8c",
    ),
    "java": (
        "mbjp_release_v1.2", 966, 2_420_406,
        "98f4b14f7c4d7a74d085d80303bb255e6a2ec5652e32f1adf3423efda54b9b9e",
    ),
    "go": (
        "mbgp_release_v1.1", 939, 1_648_341,
        "2341da835a7fa562603d1559b4cc0b1e5d9e4545461cb04c83c819b5dd3799fb",
    ),
    "cpp": (
        "mbcpp_release_v1.2", 848, 1_304_509,
        "9bff588336cec8bb4112d525d8de2f276a0ca976ed5da30d6f6af72bb9dab9a4",
    ),
    "php": (
        "mbphp_release_v1.2", 966, 1_413_807,
        "f6c1bc3d2c1a8597873744683dce6e2c60adebc14636ddf41707a4449ffdaa65",
    ),
    "ruby": (
        "mbrbp_release_v1.2", 966, 1_140_233,
        "a8bed7a3d35bebc92709a16444a7055e64355fd8ebe1a3d2fe82d5b0f05ba09f",
    ),
    "perl": (
        "mbplp_release_v1", 966, 1_171_983,
        "d76e22169721994c616e37fa8e3c48823c07ca98a8f30571f295dd471e5e789f",
    ),
}  # fmt: skip
"""Language -> file, problems, bytes, hash."""


_UNJUDGED = {
    "humanevalpack-cpp": ("CPP/23",),
    "humanevalpack-cpp-fix": ("CPP/23", "CPP/38"),
    "humanevalpack-go-fix": tuple(f"Go/{number}" for number in (10, 32, 38, 50)),
    "humanevalpack-js": ("JavaScript/162",),
    "humanevalpack-js-fix": ("JavaScript/162",),
    "humanevalpack-rust": tuple(f"Rust/{number}" for number in (32, 38, 50, 53, 91, 162)),
    "humanevalpack-rust-fix": tuple(f"Rust/{number}" for number in (32, 38, 50, 53, 91, 162)),
}
"""Name -> problems that want a crate or a package, lack a helper or hold another's body; and CPP/23, whose
tests may call the C library's ``strlen`` in place of what was written.
"""


_MULTIPL_E = "https://huggingface.co/datasets/nuprl/MultiPL-E"
_MULTIPL_ES = {
    "javascript": (161, 70_034),
    "typescript": (159, 70_294),
    "java": (158, 86_178),
    "go": (154, 78_121),
    "cpp": (161, 83_221),
    "rust": (156, 75_300),
    "php": (161, 75_195),
    "ruby": (161, 72_942),
    "perl": (161, 77_247),
}
"""Language -> problems and bytes, as its data card says."""


def _code(language: str) -> str:
    """A language in names of data sets."""
    return LANGUAGES[language].written[0]


def _synthesis(language: str, size: int, sha256: str) -> Known:
    code = _code(language)
    return Known(
        files=(Published(f"humanevalpack-{code}.jsonl", _PACK.format(code), size),),
        kinds=("code",),
        language=language,
        problems=164,
        licence="MIT",
        origin="https://huggingface.co/datasets/bigcode/humanevalpack",
        sha256=sha256,
        hub=("bigcode/humanevalpack", code),
        shape=humanevalpack.SYNTHESIS,
        prompt="`completion-v1` continues the code, as OctoPack's HumanEvalSynthesize lets base models do "
        "(Muennighoff et al. 2023, arXiv 2308.07124), `octopack-instruct-v1` instructs as theirs does, and "
        "`chat-v1` shows the same code in words of our own.",
        numbers="Completions with HumanEvalSynthesize and, where the tests are the same, with HumanEval-X; "
        "compilers are the machine's, of other versions than theirs.",
    )


def _repair(synthesis: Known, sha256: str) -> Known:
    return replace(
        synthesis,
        kinds=("repair",),
        sha256=sha256,
        hub=None,
        shape=humanevalpack.REPAIR,
        prompt="Shown are the faulty function and its tests, without the description, as in OctoPack's "
        "HumanEvalFix with tests: to the letter by `octopack-instruct-v1` (but that Go's imports stand "
        "there, too), in words of our own by `completion-v1` and `chat-v1`.",
        numbers="With HumanEvalFix with tests where its words are asked for, near it where not; not with "
        "HumanEvalFix with docs.",
    )


def _mbxp(language: str, file: str, problems: int, size: int, sha256: str) -> Known:
    return Known(
        files=(Published(f"mbxp-{_code(language)}.jsonl", f"{_MBXP}{file}.jsonl", size),),
        kinds=("code",),
        language=language,
        problems=problems,
        licence="CC-BY-4.0",
        origin="https://github.com/amazon-science/mxeval",
        sha256=sha256,
        shape=mbxp.SHAPE,
        prompt="`completion-v1` continues the code, as in Athiwaratkun et al. 2022 (arXiv 2210.14868).",
        numbers="With the pass@1 of MBXP. Solutions were written by models, and many problems lack one: they "
        "are asked and counted all the same, and no reference vouches for their tests.",
    )


def _multipl_e(language: str, problems: int, size: int) -> Known:
    code = LANGUAGES[language].suffix
    url = f"{_MULTIPL_E}/resolve/main/humaneval-{code}/test-00000-of-00001.parquet"
    return Known(
        files=(Published(f"multipl-e-humaneval-{code}.parquet", url, size),),
        kinds=("code",),
        language=language,
        problems=problems,
        licence="MIT",
        origin=_MULTIPL_E,
        hub=("nuprl/MultiPL-E", f"humaneval-{code}"),
        shape=multipl_e.SHAPE,
        prompt="`completion-v1` continues the code, as in Cassano et al. 2023 (arXiv 2208.08227); an answer "
        "may end behind the function, and not only at MultiPL-E's stop tokens.",
        numbers="With MultiPL-E's pass@1 on HumanEval in this language. It has no references. We have "
        "not had its files: counts and sizes are its data card's, and `fetch` tells the hash.",
    )


_SYNTHESES = {language: _synthesis(language, *fields[:2]) for language, fields in _PACKS.items()}
_REPAIRS = {language: _repair(known, _PACKS[language][2]) for language, known in _SYNTHESES.items()}

_ALL = {
    **{f"humanevalpack-{_code(language)}": known for language, known in _SYNTHESES.items()},
    **{f"humanevalpack-{_code(language)}-fix": known for language, known in _REPAIRS.items()},
    **{f"mbxp-{_code(language)}": _mbxp(language, *fields) for language, fields in _MBXPS.items()},
    **{
        f"multipl-e-{_code(language)}": _multipl_e(language, *fields)
        for language, fields in _MULTIPL_ES.items()
    },
}

MULTILINGUAL: dict[str, Known] = {
    name: replace(known, unjudged=frozenset(_UNJUDGED.get(name, ()))) for name, known in _ALL.items()
}
"""Name -> data set."""
