"""What a build adds to what lies in the checkout: the small bundle of plotly.js, if it can be had."""

import importlib.util
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FetchAssets(BuildHookInterface):
    """Puts the bundle into wheels, and beside the sources of an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch it; a build without it is a build, and says what it lacks."""
        spec = importlib.util.spec_from_file_location(
            "fetch_assets", Path(self.root) / "scripts/fetch_assets.py"
        )
        assert spec is not None
        assert spec.loader is not None
        assets = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(assets)
        here = Path(self.root) / assets.VENDORED
        if version != "editable" and not here.is_file():
            self._folder = tempfile.TemporaryDirectory()  # what is packed is not left in the checkout
            here = Path(self._folder.name) / assets.FILE
            build_data["force_include"][str(here)] = f"evalsite/{assets.VENDORED.as_posix()}"
        if why := assets.fetch(here):
            build_data["force_include"].pop(str(here), None)
            self.app.display_warning(f"{why}; charts that are touched load the whole plotly.js")
