"""The questions of a project: those that cannot be asked, and those that name what is not public."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kg import queries, release
from kg.errors import QueryError
from kg.loading import screening
from kg.names import Base
from kg.project import Project
from kg.validation import Finding


class Questions:
    """The findings about question files; a file is looked at again only where its bytes differ."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[bytes, str, Base], list[Finding]]] = {}

    def findings(self, project: Project, fallen: frozenset[str]) -> list[Finding]:
        """Give a violation for each question that cannot be asked, or that names, by its slug, one of the IRIs *fallen*."""
        slugs = {named[1] for iri in fallen if (named := project.base.split(iri))}
        found = []
        known, self._known = self._known, {}
        for path in project.query_files():
            name, data = project.name(path), path.read_bytes()
            key = (data, name, project.base)
            kept = known.get(path)
            if kept is None or kept[0] != key:
                kept = (key, list(_faults(data, path.stem, name, project.base)))
            self._known[path] = kept
            found += [*kept[1], *_named(data, slugs, name)]
        return found


def _faults(data: bytes, stem: str, name: str, base: Base) -> Iterator[Finding]:
    try:
        queries.read(stem, data.decode(), base)
    except QueryError as error:
        remedy = error.remedy or "see CONTRIBUTING.md on questions"
        line, column = error.line or 1, error.column or 1
        yield Finding("violation", str(error), "question", remedy, file=name, line=line, column=column)
    except UnicodeDecodeError as error:
        line, column = screening.place(data, error.start)
        yield Finding(
            "violation", "this is not UTF-8", "question", "save the file as UTF-8", file=name, line=line, column=column
        )  # fmt: skip


def _named(data: bytes, slugs: set[str], name: str) -> Iterator[Finding]:
    if not slugs or not release.says(data, slugs):
        return
    said = re.compile(
        rb"(?<![a-z0-9-])(?:"
        + b"|".join(re.escape(slug.encode()) for slug in sorted(slugs))
        + rb")(?![a-z0-9-])"
    )
    match = said.search(data)
    line, column = screening.place(data, match.start()) if match else (1, 1)
    yield Finding(
        "violation",
        "this question names what is withheld or redacted",
        "redacted-name",
        "ask for something else, or take the question out",
        file=name,
        line=line,
        column=column,
    )
