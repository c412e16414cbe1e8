"""A citation: what a reference to one record, page or answer says, written for people and for the programs that keep references.

BibTeX is written for BibTeX and biblatex alike (``@misc``, ``@dataset``), in UTF-8 with an ASCII key; CSL-JSON is that of CSL 1.0.2.
Who answers for the record stands as its author; who *said* what it records is never that, and stands in the note.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kg.errors import NotAcceptable
from kg.formats import BIBTEX, CSL_JSON

TEXT: Final = "text"
"""The name of the plain text beside the suffixes of the two formats."""

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")
"""Control characters, and marks that turn the direction of the words around them."""
_SPECIAL: Final = str.maketrans(
    {character: f"\\{character}" for character in "#$%&_"}
    | {
        "\\": r"\textbackslash{}",
        # \{ would do for LaTeX; BibTeX counts braces, escaped or not
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
_DOUBLED: Final = frozenset({"author", "publisher", "title"})
"""Fields whose braces are doubled: names that nobody shall take apart, titles whose letters stay as large as they are."""
_ADDRESS: Final = re.compile(r"https?://[^\s{}\\]+")
"""What is written as it is: fields of addresses are read verbatim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A reference to something in one release of a collection.

    ``key`` is what a bibliography knows it by, in ASCII; ``genre`` says what it is (``record of a claim``); ``responsible`` is who
    answers for it, the publisher of the collection; ``container`` is the title of the collection, empty where that itself is cited;
    ``date`` is that of its ``edition``, in ISO 8601 or empty; ``permalink`` leads to what the ``release`` says of it, ``iri`` to what is
    said now. ``note`` says of a claim who said it, through whom it came, when, and where it is printed. ``language`` is that of the title, empty where it is not known;
    ``kind`` is the type of CSL: ``entry`` for a record among others, else ``dataset``.
    """

    key: str
    title: str
    genre: str
    responsible: str
    container: str
    edition: str
    release: str
    date: str
    permalink: str
    iri: str
    licence: str
    note: str = ""
    language: str = ""
    kind: str = "entry"

    def __str__(self) -> str:
        return self.text()

    def write(self, format: str) -> str:
        """Give the citation in *format*: ``bibtex``, ``csl`` or ``text``. Raises NotAcceptable, which lists these."""
        if format not in WRITERS:
            raise NotAcceptable(f"no citation is written as {format!r}", available=tuple(WRITERS))
        return WRITERS[format](self)

    def text(self) -> str:
        """Give the reference as one paragraph, in words."""
        edition = f"edition {self.edition}" if self.edition else ""
        placed = ", ".join(filter(None, (self.container, edition, self._version, self.date)))
        title = f"“{self.title}” ({self.genre})"
        sentences = (
            f"{self.responsible}: {title}" if self.responsible else title,
            self.note.removesuffix("."),
            placed[:1].upper() + placed[1:],
            self.permalink,
        )
        more = [f"identifier {self.iri}"] if self.iri != self.permalink else []
        more += [f"licence {self.licence}"] if self.licence else []
        return _line(". ".join(filter(None, sentences)) + (f" ({'; '.join(more)})" if more else ""))

    def bibtex(self) -> str:
        """Give the reference as an entry of BibTeX, readable by BibTeX and biblatex."""
        year, month, _ = self._day
        edition = f"edition {self.edition}" if self.edition else ""
        fields = {
            "author": self.responsible,
            "title": self.title,
            "type": self.genre[:1].upper() + self.genre[1:],
            "howpublished": ", ".join(filter(None, (f"In: {self.container}", edition)))
            if self.container
            else "",
            "edition": "" if self.container else self.edition,
            "version": self._version,
            "publisher": "" if self.container else self.responsible,
            "year": f"{year:04}" if year else "",
            "month": _MONTHS[month - 1] if month else "",
            "note": " ".join(filter(None, (self.note, self._identifier))),
            "url": self.permalink,
            "license": self.licence,
        }
        lines = [f"  {name} = {_braced(name, text)}," for name, text in fields.items() if _line(text)]
        return f"@{'misc' if self.container else 'dataset'}{{{self.key},\n" + "\n".join(lines) + "\n}\n"

    def item(self) -> dict[str, Any]:
        """Give the reference as an item of CSL-JSON (csl-data.json of CSL 1.0.2), as JSON values."""
        values: dict[str, Any] = {
            "id": self.key,
            "type": self.kind,
            "title": self.title,
            "author": [{"literal": self.responsible}] if _line(self.responsible) else [],
            "container-title": self.container,
            "genre": self.genre,
            "publisher": self.responsible,
            "edition": self.edition,
            "version": self._version,
            "issued": {"date-parts": [[part for part in self._day if part]]} if any(self._day) else {},
            "URL": self.permalink,
            "note": " ".join(filter(None, (self.note, self._identifier, self._licence))),
            "language": self.language,
        }
        return {name: clean for name, value in values.items() if (clean := _clean(value))}

    def csl(self) -> str:
        """Give the reference as CSL-JSON: a list of one item."""
        return json.dumps([self.item()], ensure_ascii=False, indent=1) + "\n"

    @property
    def _day(self) -> tuple[int, int, int]:
        """Year, month and day of the date, 0 for what it does not say."""
        found = _DAY.match(self.date)
        year, month, day = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
        return (year, month, day) if month <= len(_MONTHS) and day <= 31 else (year, 0, 0)

    @property
    def _version(self) -> str:
        return f"release {self.release}" if self.release else ""

    @property
    def _identifier(self) -> str:
        return f"Identifier: {self.iri}." if self.iri != self.permalink else ""

    @property
    def _licence(self) -> str:
        return f"Licence: {self.licence}." if self.licence else ""


WRITERS: Final[Mapping[str, Callable[[Citation], str]]] = {
    TEXT: Citation.text,
    "bibtex": Citation.bibtex,
    "csl": Citation.csl,
}
"""What writes a citation, by the name of the form."""
FORMATS: Final = {BIBTEX: Citation.bibtex, CSL_JSON: Citation.csl}
"""The same by format, for those that have a media type."""


def key(*parts: str) -> str:
    """Give a key of a bibliography made of *parts*: ASCII letters, digits and hyphens.

    >>> key("claim", "Érevan, 2", "0123456789ab")
    'claim-erevan-2-0123456789ab'
    """
    plain = unicodedata.normalize("NFKD", "-".join(filter(None, parts))).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-") or "record"


def _braced(name: str, text: str) -> str:
    """Give *text* as the value of the field *name*, so that no character of it means anything to BibTeX or LaTeX."""
    line = _line(text)
    if name == "month":  # a macro, which styles write out
        return line
    if name in ("url", "license") and _ADDRESS.fullmatch(line):
        return f"{{{line}}}"
    escaped = line.translate(_SPECIAL)
    return f"{{{{{escaped}}}}}" if name in _DOUBLED else f"{{{escaped}}}"


def _line(text: str) -> str:
    """Give *text* as one line, without what is not seen."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _line(value)
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return {name: _clean(each) for name, each in value.items()} if isinstance(value, dict) else value
