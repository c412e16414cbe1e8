"""Turtle files with the edits of an import in them; what no edit concerns stays byte for byte.

:class:`kg.turtle.Document` reads and changes a file as a whole, which takes seconds a megabyte. A long file is therefore cut
into its statements first, and the editor sees only those that change, each below the prefixes of the file. Whatever way was
taken, the result is read again and has to say exactly what is meant.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from kg.names import RDF
from kg.sheets.holdings import Said
from kg.sheets.values import SOURCE
from kg.turtle import Document
from kg.turtle.layout import Layout
from kg.turtle.writing import Writer, written

LONG: Final = 100_000
"""Characters of a file, or of new text, from which on it is worked on in parts."""
_TOKEN: Final = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*\''''
    r"""|<[^<>"\s]*>|#[^\r\n]*|(?P<end>\.)(?=\s|#|\Z)""",
    re.DOTALL,
)
_SPACE: Final = re.compile(r"(?:\s+|#[^\r\n]*)*")
_SUBJECT: Final = re.compile(r"<[^>]*>|[^\s<>;,]+")
_PROBE: Final = "urn:x-kg:probe"
_VALUE: Final = ox.NamedNode(RDF + "value")

Edits = Mapping[ox.NamedNode, Sequence[Said]]


def edited(text: str, edits: Edits) -> str:
    """Give *text* with exactly what *edits* say of each of their resources; new ones stand at its end.

    Raises EditError where a value in brackets would go; RuntimeError where the text would not say what is meant.
    """
    if len(text) + 500 * len(edits) >= LONG and (found := _in_parts(text, edits)) is not None:
        return found
    document = Document.read(text)
    for subject, said in edits.items():
        _put(document, subject, said)
    return document.text


def _put(document: Document, subject: ox.NamedNode, said: Sequence[Said]) -> None:
    """Let *document* say *said* of *subject*, and what it says in brackets, whose nodes have other labels at each reading."""
    bracketed = [pair for pair in document.triples(subject.value) if isinstance(pair[1], ox.BlankNode)]
    document.put(subject.value, [*_ground_pairs(said), *bracketed])


def _ground_pairs(said: Sequence[Said]) -> list[Said]:
    return [pair for pair in said if not isinstance(pair[1], ox.BlankNode)]


def _in_parts(text: str, edits: Edits) -> str | None:
    """Give the same, by its statements; None where the text is so written that they cannot be told apart surely."""
    head, statements = _cut(text)
    if any(_first(each).lower() in ("@prefix", "@base", "prefix", "base") for each in statements):
        return None
    prefixes = _prefixes(head)
    writer = Writer(prefixes, SOURCE.prefixes(), (), ())
    layout = Layout(_line_end(text))
    by_subject: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(statements):
        by_subject[_first(each)].append(place)
    blocks, known = [], {}
    for subject, said in edits.items():
        places = [place for name in _names(subject, prefixes) for place in by_subject.get(name, ())]
        if len(places) > 1:
            return None
        block = written(
            subject, _ground_pairs(said), writer, layout
        )  # which says, too, what has to be declared
        if places:
            known[subject] = places[0]
        else:
            blocks.append(block)
    head = _declared(head, writer.declared)
    for subject, place in known.items():
        document = Document.read(head + statements[place])
        _put(document, subject, edits[subject])
        if not document.text.startswith(head):
            return None
        statements[place] = document.text.removeprefix(head)
    whole = _joined(head + "".join(statements), blocks, _line_end(text))
    return whole if _says(whole, text, edits) else None


def _cut(text: str) -> tuple[str, list[str]]:
    """Give the text up to the first statement that is no directive, and the rest statement by statement, with what precedes each."""
    head, start = 0, 0
    statements: list[str] = []
    for match in _TOKEN.finditer(text):
        if match["end"]:
            statement = text[start : match.end()]
            if not statements and _first(statement).startswith("@"):
                head = match.end()
            else:
                statements.append(statement)
            start = match.end()
    if not head and not statements:  # nothing but comments, or nothing
        return text, []
    return text[:head], [*statements, text[start:]]


def _first(statement: str) -> str:
    """Give the first term of a statement as it is written."""
    match = _SUBJECT.match(statement, _SPACE.match(statement).end())  # type: ignore[union-attr]
    return match[0] if match else ""


def _declared(head: str, prefixes: Mapping[str, str]) -> str:
    """Give *head* with a declaration of each of *prefixes*."""
    if not prefixes:
        return head
    document = Document.read(head)
    document.put(_PROBE, [(_VALUE, ox.NamedNode(f"{each}x")) for each in prefixes.values()])
    document.remove(_PROBE)
    return document.text.rstrip("\r\n") + ("" if head else _line_end(head))


def _prefixes(head: str) -> dict[str, str]:
    parser = ox.parse(head.encode(), format=ox.RdfFormat.TURTLE)
    for _ in parser:
        pass
    return dict(parser.prefixes)


def _names(subject: ox.NamedNode, prefixes: Mapping[str, str]) -> list[str]:
    """Give how *subject* may be written."""
    short = [
        f"{prefix}:{subject.value.removeprefix(iri)}"
        for prefix, iri in prefixes.items()
        if subject.value.startswith(iri)
    ]
    return [f"<{subject.value}>", *short]


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _joined(text: str, blocks: Sequence[str], line_end: str) -> str:
    """Give *text* with *blocks* at its end, a blank line before each."""
    if not blocks:
        return text
    return text.rstrip("\r\n") + "".join(line_end * 2 + block for block in blocks) + line_end


def _says(whole: str, before: str, edits: Edits) -> bool:
    """Tell whether *whole* says what *before* said of all else, and *edits* of their resources."""
    kept = {each for each in _ground(before) if each.subject not in edits}
    meant = kept | {
        ox.Triple(subject, *pair) for subject, said in edits.items() for pair in _ground_pairs(said)
    }
    return meant == set(_ground(whole)) and _blank(whole) == _blank(before)


def _triples(text: str) -> Iterable[ox.Triple]:
    return (quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))


def _ground(text: str) -> Iterable[ox.Triple]:
    return (each for each in _triples(text) if not any(isinstance(term, ox.BlankNode) for term in each))


def _blank(text: str) -> int:
    """Give the number of statements with a blank node, whose labels are new at each reading."""
    return sum(any(isinstance(term, ox.BlankNode) for term in each) for each in _triples(text))
