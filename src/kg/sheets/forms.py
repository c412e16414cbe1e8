"""The field of a printed form: a text and its language, whatever language that is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.sheets.columns import Cells, Column
from kg.sheets.entries import Entry, node
from kg.sheets.holdings import Holdings, Said
from kg.sheets.values import KEPT, Text

_FORM: Final = node("skosxl:literalForm")
_TAG: Final = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Form:
    """A name as printed."""

    columns: tuple[Column, ...] = (
        Column("form", "skosxl:literalForm", "the name as printed, letter by letter", "the Long Week", "text", required=True),
        Column("language", "skosxl:literalForm", "its language and script", "ru-latn", "BCP 47 tag in small letters", required=True),
    )  # fmt: skip

    def show(self, holdings: Holdings, subject: ox.NamedNode) -> list[str]:
        """Give form and language."""
        forms = holdings.values(subject, _FORM)
        if not forms:
            return ["", ""]
        only = forms[0] if len(forms) == 1 else None
        if not isinstance(only, ox.Literal) or not only.language:
            return [KEPT, KEPT]
        return [Text(only.language).show(only) or KEPT, only.language]

    def governs(self, said: Said) -> bool:
        """Tell whether it is a form."""
        return said[0] == _FORM

    def make(self, entry: Entry, cells: Cells) -> list[Said]:
        """Give the form with its language."""
        tag = cells["language"].strip()
        if not _TAG.fullmatch(tag):
            entry.fault("language", f"{tag!r} is no language tag in small letters", "write for example en, hy or ru-latn")  # fmt: skip
        if not cells["form"]:
            entry.fault("form", "the cell is empty, and the row needs it", "write the name as printed")
        return [] if entry.faults else [(_FORM, ox.Literal(cells["form"], language=tag))]
