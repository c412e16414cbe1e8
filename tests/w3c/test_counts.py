"""What docs/testing.md says of the suites over HTTP is what is held here."""

from __future__ import annotations

import pytest
import test_protocol
import test_service_description
import test_sparql_http
from cases import CASES, EXCEPTIONS

import suites

pytestmark = pytest.mark.needs("w3c")


def test_counts() -> None:
    described = len(test_service_description.TESTS)
    kinds = {
        "queries": (len(CASES), len(EXCEPTIONS)),
        "protocol": (len(test_protocol.TESTS), len(test_protocol.EXCEPTIONS)),
        "description": (described, 0),
    }
    tests, excepted = (sum(numbers) for numbers in zip(*kinds.values(), strict=True))
    text = (suites.ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    assert (tests, tests - excepted, len(test_sparql_http.UNSUPPORTED)) == (857, 825, 8)
    assert "| all | 857 | 825 |" in text
    assert "**8**" in text
