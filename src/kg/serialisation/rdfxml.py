"""RDF/XML (RDF 1.1 XML Syntax, W3C 2014): one ``rdf:Description`` for each subject, nothing nested, sorted.

A property is written as an element, so its IRI must end in an NCName (Namespaces in XML 1.0 §3), and text holds
only the characters of XML 1.0 (§2.2). A statement for which that does not hold is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import count, groupby
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias
from xml.sax.saxutils import escape

import pyoxigraph as ox

from kg.names import RDF, XSD, is_iri
from kg.serialisation.lines import Text, label

_Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Triple  # never a Triple once checked

_TYPE: Final = RDF + "type"
_STRING: Final = XSD + "string"

# Namespaces in XML 1.0 §3, which follows XML 1.0 fifth edition; letters are those of its production NameStartChar.
_START: Final = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME: Final = re.compile(f"[{_START}][{_START}.0-9\u00b7\u0300-\u036f\u203f-\u2040-]*\\Z")
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
"""A name that readers of earlier editions of XML know too, expat among them."""
_NO_CHARACTER: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_TEXT: Final = {"\r": "&#13;"}
_IN_ATTRIBUTE: Final = {'"': "&quot;"}

_RESERVED_NAMESPACES: Final = frozenset(
    {"http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/"}
)
_NO_PROPERTIES: Final = frozenset(
    RDF + name
    for name in (
        "RDF", "ID", "about", "bagID", "parseType", "resource", "nodeID", "datatype", "li", "Description",
        "aboutEach", "aboutEachPrefix",
    )
)  # fmt: skip
"""Names that are syntax where a property is expected (§5.1); ``rdf:li`` would be read as ``rdf:_1``."""


class _Name(NamedTuple):
    """A property as the name of an element."""

    prefix: str
    namespace: str
    local: str


class _Row(NamedTuple):
    """A statement as it is written; rows sort in the order of the document."""

    subject: str
    later: bool  # False for rdf:type, which comes first
    name: str
    content: str


def document(quads: Iterable[ox.Quad], prefixes: Mapping[str, str]) -> Text:
    """Give the union of all graphs of *quads* as RDF/XML, with those of *prefixes* that it uses.

    *quads* are such that :func:`fault` finds nothing in them.
    """
    triples = {quad.triple for quad in quads}
    names = _names(sorted({triple.predicate.value for triple in triples}), prefixes)
    rows = sorted({_row(triple, names) for triple in triples})
    return Text(_pieces(rows, names), len(rows))


def fault(quads: Iterable[ox.Quad]) -> str:
    """Give a sentence on the first of *quads*, by its line, that RDF/XML cannot hold; empty where it can hold all."""
    line, why = min(_faults(quads), default=("", ""))
    return f"{why}, in the statement {line}" if why else ""


def _faults(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, str]]:
    """Give each of *quads* that RDF/XML cannot hold, with the reason."""
    split: dict[str, tuple[str, str] | None] = {}
    for quad in quads:
        predicate = quad.predicate.value
        if predicate not in split:
            split[predicate] = _split(predicate)
        if split[predicate] is None:
            yield str(quad.triple), f"RDF/XML has no element name for the property {quad.predicate}"
        elif why := _content_fault(quad.object):
            yield str(quad.triple), why


def _content_fault(object: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if isinstance(object, ox.Triple):
        return "RDF/XML cannot hold the triple term"
    if not isinstance(object, ox.Literal):
        return ""
    if getattr(object, "direction", None) is not None:
        return "RDF/XML cannot hold the direction of the text"
    if found := _NO_CHARACTER.search(object.value):
        return f"XML 1.0 cannot hold the character U+{ord(found[0]):04X}"
    return ""


def _split(iri: str) -> tuple[str, str] | None:
    """Give namespace and local name of a property, the local name as long as it can be; None where there is none."""
    found = _PLAIN_NAME.search(iri) or _NAME.search(iri)
    if found is None or iri in _NO_PROPERTIES or iri[: found.start()] in _RESERVED_NAMESPACES:
        return None
    return iri[: found.start()], found[0]


def _names(predicates: Iterable[str], prefixes: Mapping[str, str]) -> dict[str, _Name]:
    """Give the element name of each of *predicates*; namespaces without a usable prefix are numbered."""
    known = {ns: prefix for prefix, ns in sorted(prefixes.items(), reverse=True) if _usable(prefix, ns)}
    known[RDF] = "rdf"
    split = {iri: _known(iri, known) or _split(iri) or ("", iri) for iri in predicates}
    free = (name for number in count(1) if (name := f"ns{number}") not in known.values())
    unknown = sorted({namespace for namespace, _ in split.values()} - known.keys())
    known |= dict(zip(unknown, free, strict=False))
    return {iri: _Name(known[namespace], namespace, local) for iri, (namespace, local) in split.items()}


def _known(iri: str, known: Mapping[str, str]) -> tuple[str, str] | None:
    """Give namespace and local name by the longest of the *known* namespaces that leaves a plain name."""
    fits = (ns for ns in known if iri.startswith(ns) and _PLAIN_NAME.match(iri, len(ns)))
    namespace = max(fits, key=len, default=None)
    return None if namespace is None else (namespace, iri[len(namespace) :])


def _usable(prefix: str, namespace: str) -> bool:
    """Tell whether *prefix* may stand for *namespace*: no name that begins with xml, nor rdf for anything else."""
    return (
        _PLAIN_NAME.match(prefix) is not None
        and not prefix.lower().startswith("xml")
        and prefix != "rdf"
        and is_iri(namespace)
        and namespace not in _RESERVED_NAMESPACES
    )


def _row(triple: ox.Triple, names: Mapping[str, _Name]) -> _Row:
    element = names[triple.predicate.value]
    name, object = f"{element.prefix}:{element.local}", triple.object
    if isinstance(object, ox.Literal):
        content = f"{_datatype(object)}>{escape(object.value, _IN_TEXT)}</{name}>"
    else:
        content = f"{_reference(object, 'resource')}/>"
    return _Row(_reference(triple.subject, "about"), triple.predicate.value != _TYPE, name, content)


def _datatype(literal: ox.Literal) -> str:
    if literal.language is not None:
        return f' xml:lang="{escape(literal.language, _IN_ATTRIBUTE)}"'
    datatype = literal.datatype.value
    return "" if datatype == _STRING else f' rdf:datatype="{escape(datatype, _IN_ATTRIBUTE)}"'


def _reference(node: _Node, attribute: str) -> str:
    """Give the attribute that names *node*; a label of a blank node that is no NCName is replaced by a digest."""
    if isinstance(node, ox.NamedNode):
        return f' rdf:{attribute}="{escape(node.value, _IN_ATTRIBUTE)}"'
    assert isinstance(node, ox.BlankNode)  # fault() finds triple terms  # noqa: S101
    name = label(node).removeprefix("_:")
    if not _PLAIN_NAME.match(name):
        name = f"b{sha256(name.encode()).hexdigest()[:32]}"
    return f' rdf:nodeID="{name}"'


def _pieces(rows: list[_Row], names: Mapping[str, _Name]) -> Iterator[str]:
    namespaces = {name.prefix: name.namespace for name in names.values()} | {"rdf": RDF}
    declared = "".join(
        f'\n    xmlns:{prefix}="{escape(ns, _IN_ATTRIBUTE)}"' for prefix, ns in sorted(namespaces.items())
    )
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'
    for subject, statements in groupby(rows, itemgetter(0)):
        lines = "".join(f"    <{row.name}{row.content}\n" for row in statements)
        yield f"  <rdf:Description{subject}>\n{lines}  </rdf:Description>\n"
    yield "</rdf:RDF>\n"
