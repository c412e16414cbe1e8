"""The changelog of a collection: ``CHANGES.md`` in ``data/<collection>/``, in ``data/`` where there are several; the newest edition first.

It is written for people, and a curator may reword it. ``kg release`` puts an entry before the others; a build refuses one that names what is
withheld or was taken back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.appellations import Names
from kg.names import KG
from kg.project import Project
from kg.record import Record
from kg.validation import Finding

FILE: Final = "CHANGES.md"

_HEAD: Final = "# Changes of the collection\n\nThe newest edition first. What was taken back is told of by number, day and reason alone.\n"
_ENTRY: Final = re.compile(r"^## ", re.MULTILINE)
_ESCAPED: Final = re.compile(r"\\([\\`*_\[\]<>#|~])")


def place(project: Project) -> Path:
    """Give where the changelog of *project* is, or is to be."""
    data = project.root / "data"
    collections = [path for path in (data.iterdir() if data.is_dir() else ()) if path.is_dir() and not path.name.startswith(".")]  # fmt: skip
    return (collections[0] if len(collections) == 1 else data) / FILE


def heading(edition: str, date: str) -> str:
    """Give what stands over the entry of *edition*."""
    return f"{edition} ({date})"


def entry(text: str, edition: str) -> str:
    """Give the entry of *edition* in the changelog *text*, nothing where there is none."""
    found = re.search(
        rf"^## {re.escape(edition)}(?= |$)[^\n]*\n(?:(?!## )[^\n]*(?:\n|$))*", text, re.MULTILINE
    )
    return found[0] if found else ""


def prepended(text: str, entry: str) -> str:
    """Give the changelog *text*, or a new one where it is empty, with *entry* before all others; what stood there stays as it was."""
    text = text or _HEAD
    first = _ENTRY.search(text)
    at = first.start() if first else len(text)
    before = text[:at]
    gap = "" if before.endswith("\n\n") else "\n" if before.endswith("\n") else "\n\n"
    return f"{before}{gap}{entry.strip()}\n" + (f"\n{text[at:]}" if first else "")


def naming(project: Project, quads: Collection[ox.Quad], fallen: Collection[str]) -> list[Finding]:
    """Give a violation for each line of the changelog that names one of *fallen*, IRIs that are not public, or says what a claim of them says."""
    path = place(project)
    if not fallen or not path.is_file():
        return []
    names = Names(quads, fallen)
    sentences = {_folded(each) for each in _sentences(quads, fallen)}
    slugs = {named[1] for iri in fallen if (named := project.base.split(iri))}
    found = []
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
        said = _ESCAPED.sub(r"\1", line)
        folded = _folded(said)
        words = set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", said))
        if names.in_text(said) or any(each in folded for each in sentences) or not words.isdisjoint(slugs):
            found.append(
                Finding(
                    "violation",
                    "this line of the changelog names what is withheld or redacted",
                    "redacted-name",
                    "say how much was taken back, when and why, and no more",
                    file=project.name(path),
                    line=number,
                )
            )
    return found


def _sentences(quads: Iterable[ox.Quad], fallen: Collection[str]) -> list[str]:
    """Give what the claims among *fallen* say."""
    record = Record(quads)
    nodes = [ox.NamedNode(iri) for iri in sorted(fallen) if not iri.startswith("_:")]
    return [
        record.sentence(node)
        for node in nodes
        if record.is_a(node, KG + "Claim") and record.follow(node, "rdf:subject")
    ]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
