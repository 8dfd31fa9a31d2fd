"""``make test-oldest`` installs the oldest packages that pyproject.toml allows to users."""

import re
import tomllib

from scripts import oldest


def test_each_package_of_users_is_held_to_the_oldest_that_is_allowed():
    """Also those of extras, on the same condition; development's own are left to be the newest."""
    found = oldest.constraints(
        {
            "dependencies": ["click>=8.1.8", "numpy>=2"],
            "optional-dependencies": {
                "cards": ["fontpkg-inter>=4.1"],
                "dask": [],
                "inspect": ["backports.zstd>=1; python_version < '3.14'"],
                "parquet": ["pyarrow>=17"],
                "dev": ["ruff>=0.9"],
            },
        }
    )
    assert found == [
        "backports.zstd==1; python_version < '3.14'",
        "click==8.1.8",
        "fontpkg-inter==4.1",
        "numpy==2",
        "pyarrow==17",
    ]


def test_every_package_names_its_oldest_version():
    """One that names none would be tried as the newest alone."""
    project = tomllib.loads(oldest.PROJECT.read_text(encoding="utf-8"))["project"]
    held = oldest.constraints(project)
    assert len(held) > 15
    for each in held:
        assert re.fullmatch(r"[\w.-]+==\d+(\.\d+)*(; .+)?", each), each
