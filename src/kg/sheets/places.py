"""Places: in which file a row's resource is written, and what kg.toml has to say of a graph that comes with it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.errors import ProjectError
from kg.misspelling import kin
from kg.names import SLUG
from kg.project import CONFIGURATION, Project
from kg.sheets.columns import Cells
from kg.sheets.entries import Entry
from kg.sheets.holdings import Holdings
from kg.sheets.naming import nearest
from kg.sheets.reading import Read, Row
from kg.sheets.values import SOURCE

EDITORIAL: Final = "editorial"
"""What the cell ``source`` holds for claims of the project."""
_DERIVED: Final = "editorial/derived.ttl"


class Places:
    """Where the resources of an import are and go, below ``data/<collection>/``.

    Raises ProjectError where the *collection* is not told and cannot be found out.
    """

    def __init__(
        self, project: Project, holdings: Holdings, reads: Sequence[Read], collection: str = ""
    ) -> None:
        self._project, self._holdings = project, holdings
        self._wanted = collection
        self._labels = {
            slug: cells.get("label") or slug
            for read in reads
            if read.sheet.name == "sources"
            for row in read.rows
            if (cells := dict(zip(read.sheet.header, row.cells, strict=False)))
            and (slug := (cells["id"] or "").strip().removeprefix("source:"))
        }
        self._sources = {
            path.name: path for path in (project.root / "data").glob("*/sources/*") if path.is_dir()
        }
        self._files = {file.path: file for file in holdings.files}
        self.created: set[str] = set()

    def source(self, read: Read, row: Row, cells: Cells, old: Cells, known: bool) -> str:
        """Give the source whose directory a row's resource stands in, nothing for a sheet without such a cell."""
        if not read.sheet.has_source:
            return ""
        text = cells["source"].strip().removeprefix("source:")
        if known:
            if text != old["source"]:
                read.fault(row.number, "source", f"it stands in {old['source'] or 'no source'}, and stays where it is", "sheet-source", f"write {old['source']}; withdraw it and enter it anew to have it elsewhere")  # fmt: skip
            return old["source"]
        if text == EDITORIAL and read.sheet.name == "claims":
            return text
        if not text or not self._is_source(text):
            sources = [*self._sources, *self._labels]
            near, there = nearest(text, sources) if text else "", ", ".join(kin(text, sources))
            message = f"there is no source {text!r}" if text else "the cell is empty, and the row needs it"
            remedy = f"did you mean {near}? Otherwise add it to sources.csv" if near else f"write the slug of a source, and add it to sources.csv{f'; there are {there}' if there else ''}"  # fmt: skip
            read.fault(row.number, "source", message, "sheet-source", remedy)
            return ""
        return text

    def _is_source(self, slug: str) -> bool:
        described = ox.NamedNode(SOURCE.id("source", slug)) in self._holdings
        return bool(SLUG.fullmatch(slug)) and (slug in self._sources or slug in self._labels or described)

    def file(self, read: Read, row: Row, entry: Entry) -> Path | None:
        """Give the file of *entry*: its home, for a new one the file of its kind; None, and a fault, where it can have none."""
        if not entry.new:
            home = self._holdings.home(entry.subject)
            return home.path if home else None
        path = self._new(read, row, entry)
        known = self._files.get(path) if path else None
        if known is not None and not known.editable:
            read.fault(row.number, "", f"it would stand in {known.name}, which kg does not edit", "sheet-file", "only Turtle on the base of source files is edited")  # fmt: skip
            return None
        return path

    def _new(self, read: Read, row: Row, entry: Entry) -> Path | None:
        file = read.sheet.file
        if "{scheme}" in file:
            return self._scheme(read, row)
        slug = entry.subject.value.rpartition("/")[2]
        if read.sheet.name == "sources":
            self.created.add(slug)
        if read.sheet.has_source and not entry.source:
            return None  # which is a fault already
        if entry.source == EDITORIAL:
            return self._collection() / _DERIVED
        if entry.source:
            self.created.add(entry.source)
            directory = self._sources.get(entry.source) or self._collection() / "sources" / entry.source
            return directory / file.rpartition("/")[2]
        return self._collection() / file.format(id=slug)

    def _scheme(self, read: Read, row: Row) -> Path | None:
        cells = dict(zip(read.sheet.header, row.cells, strict=False))
        slug = (cells["scheme"] or "").split("|")[0].strip().removeprefix("concept:")
        home = self._holdings.home(ox.NamedNode(SOURCE.id("concept", slug)))
        if home is None:
            read.fault(row.number, "scheme", f"no file has the scheme {slug!r}", "sheet-file", f"begin it in ontology/vocab/{slug or 'scheme'}.ttl as a skos:ConceptScheme")  # fmt: skip
            return None
        return home.path

    def _collection(self) -> Path:
        data = self._project.root / "data"
        every = sorted(path.name for path in data.iterdir() if path.is_dir()) if data.is_dir() else []
        wanted = self._wanted or (every[0] if len(every) == 1 else "")
        if not SLUG.fullmatch(wanted):
            raise ProjectError(
                "nothing says in which collection under data/ new records are to stand",
                remedy=f"name it with --collection: {', '.join(every) or 'a new name of small letters'}",
            )
        return data / wanted

    def name(self, path: Path) -> str:
        """Give *path* as plans and findings show it."""
        return self._project.name(path)

    def settings(self) -> bytes | None:
        """Give kg.toml with a table for each new source's graph at its end, None where it needs none.

        Raises ProjectError, which says what to add, where it is written so that nothing can be added at its end.
        """
        missing = [slug for slug in sorted(self.created) if f"source/{slug}" not in self._project.graphs]
        if not missing:
            return None
        old = (self._project.root / CONFIGURATION).read_bytes()
        tables = "".join(self._table(slug) for slug in missing)
        new = old + (b"" if old.endswith(b"\n") else b"\n") + tables.encode()
        try:
            tomllib.loads(new.decode())
        except tomllib.TOMLDecodeError as error:
            raise ProjectError(
                f"{CONFIGURATION} cannot take the graphs of new sources at its end ({error})",
                remedy=f"add this to it, and import again:\n{tables}",
            ) from error
        return new

    def _table(self, slug: str) -> str:
        label = self._labels.get(slug) or self._holdings.label(ox.NamedNode(SOURCE.id("source", slug)))
        title = json.dumps(f"What is read in: {label}", ensure_ascii=False)
        return f'\n[graphs."source/{slug}"]\ntitle = {title}\nlicence = {json.dumps(self._project.licence)}\n'
