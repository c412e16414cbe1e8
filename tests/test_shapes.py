"""The rules of the profile ``attest``, in both directions: the invented collection keeps all, each file breaks one."""

from __future__ import annotations

import pytest

from kg.validation import Finding
from shapes import fixtures

CASES = fixtures.cases()


def found(findings: list[Finding]) -> set[fixtures.Found]:
    return {(finding.rule, finding.severity, finding.focus) for finding in findings}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_broken_is_found_and_nothing_else(case: fixtures.Case) -> None:
    findings = fixtures.findings(fixtures.replaced(case.quads), texts=case.rule in fixtures.NEEDS_TEXT)
    assert found(findings) == case.expected
