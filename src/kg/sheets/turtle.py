"""Turtle files with the edits of an import in them; what no edit concerns stays byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from kg.sheets.holdings import Said
from kg.sheets.values import SOURCE
from kg.turtle import Document
from kg.turtle.layout import Layout
from kg.turtle.writing import Writer, written

FEW: Final = 20
"""New resources that are put into a file one by one; more are written at its end together, in a fraction of the time."""


def edited(text: str, edits: Mapping[ox.NamedNode, Sequence[Said]]) -> str:
    """Give *text* with exactly what *edits* say of each of their resources; new ones stand at its end.

    Raises EditError where a value in brackets would go; RuntimeError where the text would not say what is meant.
    """
    document = Document.read(text)
    present = frozenset(document.subjects)
    new = {subject: said for subject, said in edits.items() if subject.value not in present}
    for subject, said in edits.items():
        if subject not in new:
            document.put(subject.value, said)
    if len(new) <= FEW:
        for subject, said in new.items():
            document.put(subject.value, said)
        return document.text
    # A resource that needs a prefix which none before it needed is put by the editor, which declares it.
    seen: set[str] = set()
    rest = {}
    for subject, said in new.items():
        needed = _prefixes(subject, said)
        if needed <= seen:
            rest[subject] = said
        else:
            document.put(subject.value, said)
            seen |= needed
    return _appended(document.text, rest)


def _prefixes(subject: ox.NamedNode, said: Sequence[Said]) -> set[str]:
    """Give the prefixes that a block needs."""
    writer = Writer({}, SOURCE.prefixes(), (), ())
    written(subject, said, writer, Layout())
    return set(writer.declared)


def _appended(text: str, new: Mapping[ox.NamedNode, Sequence[Said]]) -> str:
    """Give *text*, which declares all prefixes needed, with the blocks of *new* at its end."""
    parser = ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)
    before = {quad.triple for quad in parser}
    writer = Writer(parser.prefixes, {}, (), ())
    layout = Layout(line_end="\r\n" if "\r\n" in text else "\n")
    blocks = [written(subject, said, writer, layout) for subject, said in new.items()]
    gap = layout.line_end * 2
    whole = text.rstrip("\r\n") + gap + gap.join(blocks) + layout.line_end
    meant = before | {ox.Triple(subject, *pair) for subject, said in new.items() for pair in said}
    if _ground(ox.parse(whole.encode(), format=ox.RdfFormat.TURTLE)) != _ground_of(meant):
        raise RuntimeError("the file would not say what was meant, and was not written")
    return whole


def _ground(quads: Iterable[ox.Quad]) -> set[ox.Triple]:
    return _ground_of(quad.triple for quad in quads)


def _ground_of(triples: Iterable[ox.Triple]) -> set[ox.Triple]:
    """Give those of *triples* that have no blank node, whose labels are new at each reading."""
    return {each for each in triples if not any(isinstance(term, ox.BlankNode) for term in each)}
