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
    result. ``file``, ``line`` and ``column`` (from 1; 0 when not known) say where the statement stands.
    ``statement`` is the one that is meant where a path of several steps leads through it: subject, property and
    object, as far as there are any. ``other`` is a second resource that the finding is about, ``also`` its place.
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
    statement: tuple[str, ...] = field(default=(), compare=False, repr=False)
    other: str = ""
    also: str = ""

    @property
    def place(self) -> str:
        """Where it stands, as far as that is known: ``file:line:column``."""
        numbers = (self.line, self.column) if self.column else (self.line,)
        return ":".join((self.file, *(str(number) for number in numbers if self.file and self.line)))

    def __str__(self) -> str:
        place = f"{self.place}: " if self.file else ""
        also = f"; the other stands at {self.also}" if self.also else ""
        remedy = f" → {self.remedy}" if self.remedy else ""
        return f"{place}{self.severity}: {self.message}{also} ({self.rule}){remedy}"

    def to_dict(self) -> dict[str, Any]:
        """Give the finding as a JSON object; empty fields are left out."""
        names = (name for name in self.__slots__ if name != "statement")
        return {name: value for name in names if (value := getattr(self, name))}


@dataclass(slots=True)
class Report:
    """All findings about one dataset; it *conforms* when none is a violation.

    ``root`` is the directory that the files of findings are relative to, empty where none is known.
    """

    findings: list[Finding] = field(default_factory=list)
    root: str = ""

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
                f.component,
                f.other,
            ),
        )

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.sorted())
