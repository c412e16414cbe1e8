"""A Turtle document that can be changed, resource by resource, with all that it does not say: comments and layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import pyoxigraph as ox

from kg.errors import EditError, NotFound
from kg.names import Base
from kg.turtle import checking
from kg.turtle.draft import Draft
from kg.turtle.revision import Revision
from kg.turtle.syntax import Directive, Statement
from kg.turtle.writing import Pair, Writer, written

_BOM: Final = "\ufeff"


class Document:
    """A document of Turtle 1.1 (W3C, 2014). Every edit leaves the text of what it does not concern byte for byte.

    After an edit the text is read again by pyoxigraph, and must say exactly what was meant: otherwise RuntimeError is
    raised, and the document is as it was.
    """

    def __init__(self, draft: Draft, said: list[ox.Triple], mark: str, prefixes: Mapping[str, str]) -> None:
        self._draft = draft
        self._said = said
        self._labels = draft.labels()  # a node that is taken out can be put back under its name
        self._mark = mark
        self._offered = prefixes

    @classmethod
    def read(
        cls, text: str, *, base: str | None = None, prefixes: Mapping[str, str] | None = None
    ) -> Document:
        """Read *text*; *base* is the IRI that relative ones are resolved against.

        *prefixes* (prefix to namespace) are those that an edit may declare, by default those of :mod:`kg.names` on the
        source base. Raises SourceError, with an empty ``path``, where the text is not Turtle 1.1.
        """
        mark = _BOM if text.startswith(_BOM) else ""
        body = text.removeprefix(_BOM)
        said = checking.check(body, base)
        offered = Base().prefixes() if prefixes is None else prefixes
        return cls(Draft.of(body, base), said, mark, offered)

    @property
    def text(self) -> str:
        """The text as it is now."""
        return self._mark + self._draft.text

    @property
    def subjects(self) -> list[str]:
        """The IRIs that statements are made about, each once, in the order of the document."""
        found = (part.subject for part in self._draft.parts if isinstance(part, Statement))
        return list(dict.fromkeys(term.value for term in found if isinstance(term, ox.NamedNode)))

    def triples(self, subject: str) -> list[Pair]:
        """Give the predicates and objects of what is said of the IRI *subject*, each pair once, in the order of the document.

        What is written in brackets stands there as a blank node, which holds until the next :meth:`remove` of its
        resource; what is said of that node is not given.
        """
        draft = self._draft
        blocks = [draft.parts[index] for index in draft.blocks(_resource(subject))]
        said = [pair for part in blocks if isinstance(part, Statement) for pair in part.pairs()]
        return list(dict.fromkeys((predicate, object) for predicate, object, _ in said))

    def put(self, subject: str, triples: Iterable[Pair], *, after: str = "", comment: str = "") -> None:
        """Let *triples* be exactly what is said of the IRI *subject*.

        Pairs that stay keep their text, order and comments. One that goes takes along the comment at the end of its
        line where nothing else stands on it; a new one of the same predicate comes into its place. Other new ones
        stand behind the objects of their predicate, else behind the pair that precedes them in *triples*, else at the
        end. A new resource is written behind the last block of the IRI *after*, or at the end of the document.
        *comment* is written above the block, a line for each of its lines, unless it stands there.

        Raises EditError where a value in brackets would go (with all that is said of it) or a term cannot be written;
        NotFound where nothing is said of *after*.
        """
        wanted, node = list(dict.fromkeys(triples)), _resource(subject)
        draft = self._draft.copy()
        blocks = draft.blocks(node)
        if blocks:
            revision = Revision(draft, self._writer(draft, blocks[0]), blocks)
            revision.check(wanted)
            if wanted:
                revision.run(wanted)
        elif wanted:
            self._insert(draft, node, wanted, after)
        if not wanted:
            self.remove(subject)
            return
        if comment:
            draft.comment(draft.blocks(node)[0], comment.splitlines())
        if draft.text == self._draft.text:
            return
        present = set(self.triples(subject))
        gone = present.difference(wanted)
        said = [t for t in self._said if t.subject != node or (t.predicate, t.object) not in gone]
        said += [ox.Triple(node, *pair) for pair in wanted if pair not in present]
        self._commit(draft, said)

    def remove(self, subject: str) -> None:
        """Take out what is said of the IRI *subject*, and what is said in brackets there.

        Comment lines directly above go too where they belong to the block: where neither another line stands directly
        below it, nor they begin the document, nor one is a heading (``##``).
        """
        node = _resource(subject)
        draft = self._draft.copy()
        blocks = draft.blocks(node)
        left = self._draft.text
        for index in reversed(blocks):
            part = draft.parts[index]
            left = left[: part.start] + " " + left[part.end :]
            draft.remove(index)
        if blocks:
            self._commit(draft, checking.read(left, draft.base))

    def _insert(self, draft: Draft, node: ox.NamedNode, wanted: list[Pair], after: str) -> None:
        behind = draft.blocks(_resource(after)) if after else []
        if after and not behind:
            raise NotFound(f"the document says nothing of <{after}>, after which <{node.value}> was to stand")
        index = behind[-1] if behind else None
        writer = self._writer(draft, len(draft.parts) if index is None else index)
        block = written(node, wanted, writer, draft.layout())
        declared = draft.declare(writer.declared)
        draft.insert(None if index is None else index + declared, block)

    def _writer(self, draft: Draft, index: int) -> Writer:
        taken = {
            part.prefix for part in draft.parts if isinstance(part, Directive) and part.prefix is not None
        }
        return Writer(draft.scope(index).prefixes, self._offered, taken, self._labels)

    def _commit(self, draft: Draft, meant: list[ox.Triple]) -> None:
        """Take *draft* for the document, where it says what is *meant*."""
        try:
            said = checking.read(draft.text, draft.base)
        except SyntaxError as error:
            raise RuntimeError(f"the edit left what is no Turtle, and was not made: {error}") from error
        if not checking.same(said, meant, self._labels):
            raise RuntimeError("the edit would not have said what was meant, and was not made")
        self._draft, self._said = draft, said


def _resource(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise EditError(f"{iri!r} is not an absolute IRI") from error
