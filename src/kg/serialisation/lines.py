"""The canonical line of a statement, in N-Triples and N-Quads."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256

import pyoxigraph as ox


def canonical(quad: ox.Quad | ox.Triple) -> str:
    """Give the canonical N-Quads line of *quad*, with its ``\\n``; a triple stands in the default graph.

    In a literal the quotation mark, the backslash, DEL, the control characters below U+0020 and the code points
    U+FFFE and U+FFFF are escaped, nothing else is (RDFC-1.0 §5.2), so that a line never holds a CR or LF.
    """
    line = f"{quad} .\n"
    return _relabelled(quad) if "_:" in line else line


def canonical_lines(quads: Collection[ox.Quad]) -> bytes:
    """Give the canonical N-Quads lines of *quads*, in their order, as :func:`canonical` has each."""
    data = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    if data is None:  # it is given where no file is named
        raise AssertionError
    return (
        data if b"_:" not in data else "".join(map(canonical, quads)).encode()
    )  # a label may have to be another


def _relabelled(quad: ox.Quad | ox.Triple) -> str:
    terms = [quad.subject, quad.predicate, quad.object]
    if isinstance(quad, ox.Quad) and not isinstance(quad.graph_name, ox.DefaultGraph):
        terms.append(quad.graph_name)
    return " ".join(map(_term, terms)) + " .\n"


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if isinstance(term, ox.Triple):
        return f"<<( {' '.join(map(_term, (term.subject, term.predicate, term.object)))} )>>"
    return label(term) if isinstance(term, ox.BlankNode) else str(term)


def label(node: ox.BlankNode) -> str:
    """Give *node* as every format can hold it: its own label, or a digest of one with a colon in it.

    JSON-LD takes such labels, Turtle does not, nor does every reader of N-Quads.
    """
    return f"_:b{sha256(node.value.encode()).hexdigest()[:32]}" if ":" in node.value else str(node)
