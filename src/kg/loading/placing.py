"""Placing: a Turtle document as the TriG that says the same in its graph and on its base, so that the parser makes each quad as it is wanted.

To make each quad anew afterwards takes longer than to parse it. TriG (RDF 1.1 TriG §2) has Turtle between braces; what differs is looked at
here, and a document of which the text does not tell for sure that it says the same is left to be read as it stands.
"""

from __future__ import annotations

import re
from typing import Final

from kg.names import SOURCE_BASE, Base

# Directives, comments and empty lines with which a document begins: no string has begun before their end.
_HEAD: Final = re.compile(
    rb"(?:[ \t]*(?:@prefix[ \t]+[^\s:<>\"'#]*:[ \t]*<[^<>\s\\]*>[ \t]*\.[ \t]*)?(?:#[^\r\n]*)?\r?\n)*"
)
_PREFIX: Final = re.compile(rb"^[ \t]*@prefix[ \t]+([^\s:]*):[ \t]*<([^<>\s]*)>", re.MULTILINE)
_IRI: Final = re.compile(rb"<[^<>\s\"'#]*#?[^<>\s\"'#]*>")
_DATATYPE: Final = re.compile(rb"\^\^([^<:]{0,40}[<:]?)")
_SOURCE: Final = SOURCE_BASE.encode()


def placed(data: bytes, graph: str, base: Base) -> bytes | None:
    """Give the Turtle document *data*, valid or not, as TriG that says the same in *graph*, and on *base* where it stands on the source's.

    What is not valid is not so afterwards either. None where that cannot be told from the text, as where braces stand in it.
    """
    if b"{" in data or b"}" in data or not _ends_its_statement(data):
        return None
    match = _HEAD.match(data)
    head, body = data[: match.end() if match else 0], data[match.end() if match else 0 :]
    if base != Base():
        if not _moves_alone(head, body):
            return None
        head = head.replace(b"<" + _SOURCE, b"<" + base.iri.encode())
    return b"%sGRAPH <%s> {\n%s\n}" % (head, graph.encode(), body)


def _ends_its_statement(data: bytes) -> bool:
    """Tell whether the last full stop ends a statement, which TriG asks for less than Turtle does: no comment may hold it."""
    text = data.rstrip()
    if not text.endswith(b".") or text.endswith(b"\\."):  # an escaped one belongs to a name
        return False
    last = text[max(text.rfind(b"\n"), text.rfind(b"\r")) + 1 :]
    return b"#" not in _IRI.sub(b"", last)


def _moves_alone(head: bytes, body: bytes) -> bool:
    """Tell whether the prefixes of *head* alone make names on the source's base, and none of these is a datatype, which is never moved."""
    if b"\\u" in body or b"\\U" in body or _SOURCE in body:
        return False
    prefixes = _PREFIX.findall(head)
    if any(_SOURCE.startswith(iri) and iri != _SOURCE for _, iri in prefixes):
        return False  # a name may begin with the base that no prefix has whole
    still = {prefix + b":" for prefix, iri in prefixes} - {
        prefix + b":" for prefix, iri in prefixes if iri.startswith(_SOURCE)
    }
    return set(_DATATYPE.findall(body)) <= still | {b"<"}
