"""Reads what a validator found, and holds it against what was planted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.names import SH
from scaling.material import Finding


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far findings are those planted: by focus node, path and component, and of those how many have the right value too."""

    exact: int
    missing: int
    extra: int
    values: int

    @classmethod
    def of(cls, found: Counter[Finding], planted: Counter[Finding]) -> Agreement:
        """Compare *found* with *planted*."""
        ours, theirs = _without_values(planted), _without_values(found)
        return cls(
            exact=(ours & theirs).total(),
            missing=(ours - theirs).total(),
            extra=(theirs - ours).total(),
            values=(found & planted).total(),
        )


def _without_values(findings: Counter[Finding]) -> Counter[Finding]:
    counted: Counter[Finding] = Counter()
    for (focus, path, component, _), number in findings.items():
        counted[focus, path, component, ""] += number
    return counted


def of_report(file: Path) -> Counter[Finding]:
    """Give the results of the W3C validation report in *file* (Turtle or N-Triples, by its suffix)."""
    about: dict[Any, dict[str, Any]] = {}
    format = ox.RdfFormat.TURTLE if file.suffix == ".ttl" else ox.RdfFormat.N_TRIPLES
    results = set()
    for triple in ox.parse(path=file, format=format):
        about.setdefault(triple.subject, {})[triple.predicate.value] = triple.object
        if triple.predicate.value == SH + "result":
            results.add(triple.object)
    return Counter(_finding(about[result]) for result in results)


def _finding(result: dict[str, Any]) -> Finding:
    path, value = result.get(SH + "resultPath"), result.get(SH + "value")
    return (
        str(result[SH + "focusNode"]),
        str(path) if isinstance(path, ox.NamedNode) else "",
        result[SH + "sourceConstraintComponent"].value,
        "" if value is None else str(value),
    )


def of_ours(file: Path) -> Counter[Finding]:
    """Give the results of SHACL in what ``kg validate --format json`` printed; named checks are no part of them."""
    told = json.loads(file.read_text("utf-8"))["findings"]
    return Counter(
        (each["focus"], each.get("path", ""), each["component"], each.get("value", ""))
        for each in told
        if each.get("component")
    )


def of_rows(file: Path) -> Counter[Finding]:
    """Give the results in *file*, JSON rows of focus node, path, component and value."""
    return Counter(_rows(json.loads(file.read_text("utf-8"))))


def _rows(rows: list[list[str]]) -> Iterator[Finding]:
    for focus, path, component, value in rows:
        one = path if path.startswith("<") and path.count("<") == 1 else ""
        yield focus, one, component.strip("<>"), value
