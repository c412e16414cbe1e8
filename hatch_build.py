"""Builds the release of this checkout and puts it into the wheel as ``kg/_bundle``: no downloads."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]
    """What ``kg build`` does, run while a wheel is made."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the release and include its files; an editable install reads the checkout's own instead."""
        if version == "editable":
            return
        self._directory = tempfile.TemporaryDirectory(prefix="kg-bundle-")
        release = self._build(Path(self._directory.name))
        for path in sorted(release.rglob("*")):
            if path.is_file():
                target = f"kg/_bundle/{path.relative_to(release).as_posix()}"
                build_data["force_include"][str(path)] = target

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was built."""
        if version != "editable":
            self._directory.cleanup()

    def _build(self, out: Path) -> Path:
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))  # the package being built, not one that happens to be installed
        try:
            from kg import building, manifest
            from kg.errors import InvalidGraph, KgError
            from kg.project import Project
        except ImportError as error:
            self.app.abort(
                f"The wheel holds a release, and building one needs {error.name}: build with isolation, "
                "or install requirements/run.txt first."
            )
        try:
            building.build(Project.open(root), out, downloads=())
            return manifest.current(out)
        except InvalidGraph as error:
            for finding in error.report:
                self.app.display_error(str(finding))
            self.app.abort(f"No wheel without a release: {error.message}.")
        except KgError as error:
            self.app.abort(f"No wheel without a release: {error} ({error.remedy})")
        finally:
            sys.path.remove(str(root / "src"))
        raise AssertionError  # abort does not return
