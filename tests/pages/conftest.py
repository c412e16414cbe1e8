from __future__ import annotations

import pytest

import collection
import kg


@pytest.fixture(scope="session")
def archive() -> kg.Archive:
    """The real collection."""
    return kg.open(collection.built())
