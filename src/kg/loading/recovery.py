"""Recovery: what can be read of a document around statements that cannot.

A broken statement is blotted out, its line ends excepted, and the rest is read again, so that every place stays what it
was. The signs alone tell where a statement ends (:mod:`kg.positions.splitting`); where they do not, because a string has
no end or the parser stops at the same place again, all that follows is in doubt.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from kg.formats import N_QUADS, N_TRIPLES, Format
from kg.loading import reading, screening
from kg.loading.doubt import Doubt
from kg.loading.reading import Document
from kg.names import Base
from kg.positions import splitting
from kg.positions.splitting import Span
from kg.positions.statements import LINE_END_BYTES as LINE_END
from kg.validation import Finding

MOST: Final = 50
"""How many broken statements of one document are told one by one; what follows is then not looked at."""

_INK: Final = re.compile(rb"[^\r\n]")
_FIRST: Final = re.compile(r"[^\s;,]+")
_DECLARED: Final = re.compile(r"@?prefix\s+([^\s<:]*)", re.IGNORECASE)
_UNDECLARED: Final = re.compile(r"the prefix (\S*): is not declared")


@dataclass(slots=True)
class Recovered:
    """The *document* that was read, its *text* with the broken statements blotted out, and what those may say."""

    document: Document
    text: bytes
    doubt: Doubt = field(default_factory=Doubt)


def read(
    data: bytes, format: Format, *, name: str, strict: bool, base: Base, graph: str | None = None
) -> Recovered:
    """Read *data*, the file *name*, as :func:`kg.loading.reading.read` does, and around what cannot be read.

    Where nothing can be, the document is not readable, and the doubt is about all that its text names; about everything
    in a format whose names cannot be told from its text. Each broken statement has a finding. What can be read whole is placed in *graph*
    where that is given and its text allows it.
    """
    home = (graph, base) if graph else None
    document = reading.read(data, format, name=name, strict=strict, home=home)
    text = data.removeprefix(codecs.BOM_UTF8)
    if document.readable:
        return Recovered(document, text)
    if format not in screening.TERSE or text.startswith(reading.UTF_16):
        return Recovered(document, b"", Doubt(everything=True))
    torn = _Torn(text, format, base)
    findings = document.findings
    while not document.readable:
        fault = document.findings[-1]
        if document.findings is not findings and torn.is_new(fault):
            findings.append(fault)
        torn.blot(fault, last=len(findings) > MOST)
        document = reading.read(torn.text, format, name=name)
    document.findings = findings
    return Recovered(document, torn.text, torn.doubt)


class _Torn:
    """A document while its broken statements are blotted out, which makes less of it each time."""

    def __init__(self, text: bytes, format: Format, base: Base) -> None:
        self.text = text
        self.doubt = Doubt()
        self._whole = text.decode("utf-8", "replace")
        self._base = base
        self._spans = splitting.split(text, format)
        self._declarations: set[str] = set()
        self._gap = int(format in (N_TRIPLES, N_QUADS))  # the end of a line belongs to it

    def is_new(self, fault: Finding) -> bool:
        """Tell whether *fault* is more than what follows from a declaration that is broken itself."""
        return _prefix(fault) not in self._declarations

    def blot(self, fault: Finding, *, last: bool) -> None:
        """Blot out what *fault* makes unreadable; all that follows as well where it is the *last* that is told."""
        at = _offset(self.text, fault.line, fault.column)
        here = next((number for number, span in enumerate(self._spans) if at < span.end + self._gap), None)
        if here is None or not fault.line or last or self._ends_anywhere(self._spans[here]):
            start = self._spans[here].start if here is not None and fault.line else 0
            self._blot([Span(start, len(self.text))])
            return
        if here:  # a full stop too many parts a statement from what follows
            subject = _FIRST.match(self._written(self._spans[here - 1]))
            self.doubt |= Doubt.of(subject[0] if subject else "", self._whole, self._base)
        self._blot(self._with_prefix(_prefix(fault), here) or [self._spans[here]])

    def _with_prefix(self, prefix: str | None, here: int) -> list[Span]:
        """Give the spans from *here* on that use an undeclared *prefix*."""
        if prefix is None:
            return []
        used = re.compile(rb"(?<![\w:<])" + re.escape(prefix.encode()) + rb":")
        return [span for span in self._spans[here:] if used.search(span.within(self.text))]

    def _ends_anywhere(self, span: Span) -> bool:
        """Tell whether a string of several lines makes the end of *span* uncertain."""
        text = span.within(self.text)
        return b'"""' in text or b"'''" in text or (span.torn and span.end == len(self.text))

    def _blot(self, spans: list[Span]) -> None:
        left = len(self.text.split())
        for span in spans:
            text = self._written(span)
            self._declarations |= {match[1]} if (match := _DECLARED.match(text)) else set()
            self.doubt |= Doubt.of(text, self._whole, self._base)
            self.text = (
                self.text[: span.start] + _INK.sub(b" ", span.within(self.text)) + self.text[span.end :]
            )
        if left == len(self.text.split()):  # nothing was: the fault is not where the parser says
            self.doubt |= Doubt.of(self._whole, self._whole, self._base)
            self.text = _INK.sub(b" ", self.text)

    def _written(self, span: Span) -> str:
        return span.within(self.text).decode("utf-8", "replace")


def _prefix(fault: Finding) -> str | None:
    """Give the prefix that *fault* says is not declared, None where it says something else."""
    match = _UNDECLARED.match(fault.message) if fault.rule == "prefix" else None
    return match[1] if match else None


def _offset(text: bytes, line: int, column: int) -> int:
    """Give the byte at *line* and *column*, both from 1, the column in characters."""
    starts = (0, *(end.end() for end in LINE_END.finditer(text)))
    start = next(islice(starts, max(line - 1, 0), None), len(text))
    line_text = text[start:].partition(b"\n")[0].decode("utf-8", "surrogateescape")
    return start + len(line_text[: max(column - 1, 0)].encode("utf-8", "surrogateescape"))
