"""RDF/XML (RDF 1.1 XML Syntax, W3C 2014): one ``rdf:Description`` for each subject, nothing nested, sorted.

A property is written as an element, so its IRI must end in an NCName (Namespaces in XML 1.0 §3), and text holds
only the characters of XML 1.0 (§2.2). A statement for which that does not hold is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import count
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from kg.formats import cannot_hold
from kg.names import RDF, is_iri
from kg.serialisation.runs import Runs
from kg.serialisation.statements import Statement, Statements, subjects
from kg.serialisation.text import Memory, Text

_TYPE: Final = f"<{RDF}type>"

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


def document(statements: Statements, prefixes: Mapping[str, str], blocks: Runs) -> Text:
    """Give the union of all graphs as RDF/XML, with those of *prefixes* that it uses; *blocks* is empty.

    Raises NotAcceptable for a statement that :func:`fault` tells of.
    """
    predicates, why = _read(statements)
    if why:
        raise cannot_hold(why)
    terms = _Terms(_names(sorted(predicates), prefixes))
    number = 0
    for subject, found in subjects(statements):
        block, held = terms.block(subject, found)
        blocks.add(block.encode())
        number += held
    return Text(_pieces(blocks, terms.names), number)


def fault(statements: Statements) -> str:
    """Give a sentence on the first statement that RDF/XML cannot hold; empty where it can hold all."""
    return _read(statements)[1]


def _read(statements: Statements) -> tuple[set[str], str]:
    """Give the properties, and a sentence on the first statement that RDF/XML cannot hold; empty where it can hold all."""
    known: set[str] = set()
    for subject, found in subjects(statements):
        for predicate, object, _ in found:
            why = ""
            if predicate[1:-1] not in known:
                known.add(predicate[1:-1])
                if _split(predicate[1:-1]) is None:
                    why = f"RDF/XML has no element name for the property {predicate}"
            if why := why or _content_fault(object):
                return known, f"{why}, in the statement {subject} {predicate} {object}"
    return known, ""


def _content_fault(object: str) -> str:
    if object.startswith("<<("):
        return "RDF/XML cannot hold the triple term"
    if object[0] != '"':
        return ""
    if object.endswith(("--ltr", "--rtl")):
        return "RDF/XML cannot hold the direction of the text"
    if "\\" in object and (found := _NO_CHARACTER.search(_text(object))):
        return f"XML 1.0 cannot hold the character U+{ord(found[0]):04X}"
    return ""


def _text(token: str) -> str:
    """Give the characters of a literal of N-Quads, whose escapes are those of JSON."""
    text = token[: token.rindex('"') + 1]
    return str(json.loads(text)) if "\\" in text else text[1:-1]


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


class _Terms:
    """Gives the written form of blocks, with the element *names* of properties by IRI."""

    def __init__(self, names: Mapping[str, _Name]) -> None:
        self.names = names
        self._elements = {
            f"<{iri}>": (iri != _TYPE[1:-1], f"{name.prefix}:{name.local}") for iri, name in names.items()
        }
        self._references = Memory(_reference)
        self._types = Memory(_type)

    def block(self, subject: str, statements: Iterable[Statement]) -> tuple[str, int]:
        """Give the description of *subject*, and the number of distinct triples in it; equal ones stand together."""
        rows: list[
            tuple[bool, str, str]
        ] = []  # whether it comes after rdf:type, the name, the rest of the element
        last = ("", "")
        for predicate, object, _ in statements:
            if (predicate, object) == last:
                continue
            last = predicate, object
            later, name = self._elements[predicate]
            rows.append((later, name, self._content(name, object)))
        rows.sort()
        lines = "".join(f"    <{name}{content}\n" for _, name, content in rows)
        about = _attribute("about", self._references[subject])
        return f"  <rdf:Description{about}>\n{lines}  </rdf:Description>\n", len(rows)

    def _content(self, name: str, object: str) -> str:
        if object[0] != '"':
            return f"{_attribute('resource', self._references[object])}/>"
        end = object.rindex('"') + 1
        return f"{self._types[object[end:]]}>{escape(_text(object), _IN_TEXT)}</{name}>"


def _type(suffix: str) -> str:
    """Give the attribute for what stands after the quotation marks of a literal."""
    if suffix.startswith("@"):
        return f' xml:lang="{escape(suffix[1:], _IN_ATTRIBUTE)}"'
    return f' rdf:datatype="{escape(suffix[3:-1], _IN_ATTRIBUTE)}"' if suffix else ""


def _reference(token: str) -> tuple[bool, str]:
    """Tell whether *token* is an IRI, and give its name; a label of a blank node that is no NCName is replaced by a digest."""
    if token[0] == "<":
        return True, escape(token[1:-1], _IN_ATTRIBUTE)
    name = token.removeprefix("_:")
    return False, name if _PLAIN_NAME.match(name) else f"b{sha256(name.encode()).hexdigest()[:32]}"


def _attribute(attribute: str, reference: tuple[bool, str]) -> str:
    named, name = reference
    return f' rdf:{attribute if named else "nodeID"}="{name}"'


def _pieces(blocks: Runs, names: Mapping[str, _Name]) -> Iterator[bytes]:
    namespaces = {name.prefix: name.namespace for name in names.values()} | {"rdf": RDF}
    declared = "".join(
        f'\n    xmlns:{prefix}="{escape(ns, _IN_ATTRIBUTE)}"' for prefix, ns in sorted(namespaces.items())
    )
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'.encode()
    yield from blocks
    yield b"</rdf:RDF>\n"
