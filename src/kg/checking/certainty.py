"""Certainty: which findings hold whatever the statements say that could not be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from kg.loading import Doubt
from kg.names import RDF
from kg.passages import READ
from kg.validation import Finding

_ALONE: Final = frozenset({"edtf", "isbn", "language", "loaded-word", "quotation"})
"""Rules that one statement breaks, whatever stands beside it."""
_EVIDENCE: Final = "passage-position"
_LEADS: Final = frozenset(READ) - {RDF + "type"}
_ANYTHING: Final = "_:anything"
"""A node of which nothing is certain."""


def certain(findings: list[Finding], doubt: Doubt, quads: Iterable[ox.Quad]) -> list[Finding]:
    """Give those of *findings* that rest on nothing in *doubt*; *quads* are all that was read."""
    if not doubt:
        return findings
    records = _records(quads) if any(finding.rule == _EVIDENCE for finding in findings) else {}
    return [
        finding
        for finding in findings
        if finding.rule in _ALONE or not any(map(doubt.about, _rests_on(finding, records)))
    ]


def _rests_on(finding: Finding, records: dict[str, set[str]]) -> set[str]:
    """Give the resources that what is said of decides whether *finding* holds."""
    if finding.rule == "reference":
        return {finding.value, finding.focus} - {""}
    about = {finding.focus, finding.other} - {""}
    if finding.rule == _EVIDENCE:
        about = about or {_ANYTHING}
        waiting = [*about]
        while waiting:
            more = records.get(waiting.pop(), set()) - about
            about |= more
            waiting += more
    return about


def _records(quads: Iterable[ox.Quad]) -> dict[str, set[str]]:
    """Give what each record of evidence names, by its N-Triples form."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate.value in _LEADS and isinstance(quad.object, ox.NamedNode):
            found[str(quad.subject)].add(str(quad.object))
    return found
