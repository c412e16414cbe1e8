"""Findings about data, and the report that gathers them.

A :class:`Finding` is what a curator reads: where, how grave, one plain sentence, the rule, the remedy. SHACL
results and the named checks of :mod:`kg.checks` give the same form, so that one report holds both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["violation", "warning", "info"]
_ORDER = {"violation": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in the data.

    ``rule`` names the shape or check (``claim-evidence``); ``focus``, ``path`` and ``value`` are terms in
    N-Triples form where there are any; ``component`` is the SHACL constraint component's IRI for a SHACL
    result. ``path_`` and ``line`` (from 1; 0 when not known) say where the statement stands.
    """

    severity: Severity
    message: str
    rule: str
    remedy: str = ""
    focus: str = ""
    path: str = ""
    value: str = ""
    component: str = ""
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = (
            f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""
        )
        remedy = f" → {self.remedy}" if self.remedy else ""
        return f"{place}{self.severity}: {self.message} ({self.rule}){remedy}"

    def to_dict(self) -> dict[str, Any]:
        """Give the finding as a JSON object; empty fields are left out."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}


@dataclass(slots=True)
class Report:
    """All findings about one dataset; it *conforms* when none is a violation."""

    findings: list[Finding] = field(default_factory=list)

    @property
    def conforms(self) -> bool:
        """Whether there is no violation (warnings and information do not count)."""
        return not self.count("violation")

    def count(self, severity: Severity) -> int:
        """Give the number of distinct findings of one severity."""
        return sum(finding.severity == severity for finding in set(self.findings))

    def extend(self, findings: Iterable[Finding]) -> None:
        """Add *findings*."""
        self.findings.extend(findings)

    def sorted(self) -> list[Finding]:
        """Give the findings by file, line and column, the graver first where two share a place."""
        return sorted(
            set(self.findings),
            key=lambda f: (
                f.file,
                f.line,
                f.column,
                _ORDER[f.severity],
                f.rule,
                f.focus,
                f.path,
                f.value,
                f.message,
            ),
        )

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.sorted())
