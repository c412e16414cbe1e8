"""Identifiers of rows: which resource each row is, and a proposal for a row that does not say it.

The proposal for a claim is the source and the number of the row (``gazette-1-004``), for a name its form and language, for
anything else its label as a slug; where that is in use, 2, 3 and so on follow.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from kg.escaping import shortened
from kg.names import SLUG
from kg.sheets.columns import ID, Sheet
from kg.sheets.entries import Register
from kg.sheets.holdings import Holdings
from kg.sheets.naming import Collection, slug
from kg.sheets.reading import Read, Row
from kg.sheets.values import SOURCE, Unread, expand

_FORM = "use small Latin letters, digits and single hyphens, as velmora-1901"


class Identifiers:
    """The resource of each row; what is wrong with an identifier is noted in the sheet.

    ``added`` gives for the IRI of each row its cell ``scheme``, ``labels`` its label, ``register`` holds the IRIs in use. Identifiers for rows
    without one are put into *given*, by sheet and row, where *identify* asks for it, and are else a violation that proposes
    them.
    """

    def __init__(
        self, holdings: Holdings, reads: Sequence[Read], given: dict[str, dict[int, str]], *, identify: bool
    ) -> None:
        self._names = Collection(holdings)
        self._given, self._identify = given, identify
        self._subjects: dict[tuple[str, int], ox.NamedNode] = {}
        self._rows: dict[str, int] = {}
        self.added: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        without = []
        for read in reads:
            for row in read.rows:
                text = (row.cells[0] or "").strip()
                if not text:
                    without.append((read, row))
                elif iri := self._written(read, row, text):
                    self._add(read, row, iri)
        self.register = Register(holdings, self.added)
        for read, row in without:
            self._propose(read, row)

    def subject(self, read: Read, row: Row) -> ox.NamedNode | None:
        """Give the resource of *row*, None where its identifier cannot be used."""
        return self._subjects.get((read.name, row.number))

    def _written(self, read: Read, row: Row, text: str) -> str | None:
        sheet = read.sheet
        try:
            iri = expand(text, (sheet.slug_type,) if sheet.slug_type else sheet.types, self._names)
        except Unread:
            iri = ""
        named = SOURCE.split(iri)
        if named is None or not SLUG.fullmatch(named[1]):
            proposal = _prefixed(sheet, slug(text.rpartition(":")[2]))
            read.fault(row.number, ID, f"{shortened(text, 60)!r} is no identifier", "sheet-id", f"write {proposal}, if that is meant" if proposal else _FORM)  # fmt: skip
            return None
        if named[0] not in sheet.types:
            read.fault(row.number, ID, f"{text!r} is a {named[0]}, and no row of {sheet.name}", "sheet-id", f"write {' or '.join(f'{each}:…' for each in sheet.types)}, or enter it in another sheet")  # fmt: skip
            return None
        if iri in self._rows:
            first = self._rows.get(iri, "")
            read.fault(row.number, ID, f"row {first} has the identifier {text!r} too", "sheet-id", "keep one of the two rows, or give the second another identifier")  # fmt: skip
            return None
        return iri

    def _add(self, read: Read, row: Row, iri: str) -> None:
        cells = dict(zip(read.sheet.header, row.cells, strict=False))
        self.added[iri], self._rows[iri] = cells.get("scheme") or "", row.number
        self.labels[iri] = cells.get("label") or ""
        self._subjects[read.name, row.number] = ox.NamedNode(iri)
        citation = (cells.get("citation") or "").strip()
        if citation and cells.get("work"):
            self.added.setdefault(SOURCE.id("citation", citation.removeprefix("citation:")), "")

    def _propose(self, read: Read, row: Row) -> None:
        """Give a row an identifier, or tell which one it might have."""
        sheet = read.sheet
        cells = {name: cell or "" for name, cell in zip(sheet.header, row.cells, strict=False)}
        if sheet.name == "claims":
            stem = f"{slug(cells['source'])}-{row.number:03}" if cells["source"] else ""
        elif sheet.name == "names":
            stem = slug(f"{cells['form']} {cells['language']}") if slug(cells["form"]) else ""
        else:
            stem = slug(cells["label"])
        if not stem or not sheet.slug_type:
            likely = _prefixed(sheet, stem)
            read.fault(row.number, ID, "the row has no identifier", "sheet-id", f"write {likely}, whichever it is" if likely else _FORM)  # fmt: skip
            return
        subject = self.register.coin(sheet.slug_type, stem)
        written = subject.value.rpartition("/")[2]
        self._add(read, row, subject.value)
        if self._identify:
            self._given.setdefault(read.name, {})[row.number] = written
        else:
            read.fault(row.number, ID, "the row has no identifier", "sheet-id", f"write {written}, or import with --write-ids, which writes it into the sheet")  # fmt: skip


def _prefixed(sheet: Sheet, stem: str) -> str:
    """Give *stem* as an identifier of *sheet*, with each type that it may have; nothing where there is no stem."""
    if not stem:
        return ""
    return stem if sheet.slug_type else " or ".join(f"{each}:{stem}" for each in sheet.types)
