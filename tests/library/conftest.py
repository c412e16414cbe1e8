from __future__ import annotations

from pathlib import Path

import invented
import pytest

import collection
import kg


@pytest.fixture(scope="session")
def releases() -> Path:
    """A directory of releases of the real collection."""
    return collection.built()


@pytest.fixture(scope="session")
def archive(releases: Path) -> kg.Archive:
    """The real collection."""
    return kg.open(releases)


@pytest.fixture(scope="session")
def fair(tmp_path_factory: pytest.TempPathFactory) -> kg.Archive:
    """An invented collection: what was said of a fair that never was."""
    return invented.opened(invented.FAIR, tmp_path_factory.mktemp("fair"))
