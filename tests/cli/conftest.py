from __future__ import annotations

from pathlib import Path

import pytest

import collection


@pytest.fixture(scope="session")
def release() -> Path:
    """A directory of releases of the real collection."""
    return collection.built()
