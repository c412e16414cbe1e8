"""Signposts: the links of a document to what belongs to it, for its Link header and the head of its page.

They follow FAIR Signposting (level 1, signposting.org) and RFC 8288. A header is kept to a size that servers and clients
take: what would make it longer is left out. IRIs are written as URIs (RFC 3987 §3.1), so that a header stays ASCII.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from kg.documents.addresses import CITATIONS, Addresses
from kg.documents.contents import Contents
from kg.formats import HTML, JSON_LD, TURTLE, Format
from kg.manifest import Manifest
from kg.names import SCHEMA, Base, is_iri

SIZE: Final = 4_096
"""How many bytes a Link header may have. Servers and clients commonly take 8 KB of headers in all."""

_KEPT: Final = "%:/?#[]@!$&'()*+,;=~-._"
_KINDS: Final = 5
"""How many classes of schema.org are named at most."""


@dataclass(frozen=True, slots=True)
class Signpost:
    """A link: its relation (IANA link relations), where it leads, and the media type of that where it is known."""

    rel: str
    href: str
    type: str = ""

    def __str__(self) -> str:
        """Give it as a value of the Link header."""
        kind = f'; type="{self.type}"' if self.type else ""
        return f'<{quote(self.href, safe=_KEPT)}>; rel="{self.rel}"{kind}'


def signposts(
    found: Contents,
    format: Format,
    pages: Mapping[str, str],
    addresses: Addresses,
    manifest: Manifest,
) -> list[Signpost]:
    """Give the links of the document that says what is *found*, in *format*; *pages* are others of it.

    ``canonical`` is its address on the configured base, ``cite-as`` and ``describes`` the IRI of the resource itself. Its citations are no
    other forms of it but say something about it (``describedby``).
    """
    iri, page = found.iri, found.incoming.page
    own = [("cite-as", iri), ("describes", iri)] if iri.startswith(("http://", "https://")) else []
    licence = [("license", manifest.licence)] if is_iri(manifest.licence) else []
    kinds = [kind for kind in sorted(found.types) if kind.startswith((SCHEMA, "http://schema.org/"))]
    about = [SCHEMA + "AboutPage"] if format is HTML else []
    described = next(each for each in (JSON_LD, TURTLE) if each is not format)
    dataset = addresses.of(Base(manifest.base).dataset)
    return [
        *(Signpost(rel, href, format.media_type) for rel, href in pages.items()),
        Signpost("canonical", addresses.canonical(iri, page=page)),
        *(Signpost(rel, href) for rel, href in (*own, *licence)),
        Signpost("collection", dataset),
        Signpost("describedby", addresses.of(iri, described, page=page), described.media_type),
        *(Signpost("type", kind) for kind in (*about, *kinds[:_KINDS])),
        *(
            Signpost(
                "describedby" if each in CITATIONS else "alternate",
                addresses.of(iri, each, page=page),
                each.media_type,
            )
            for each in found.forms
            if each is not format
        ),
    ]


def header(signposts: Iterable[Signpost], size: int = SIZE) -> str:
    """Give the Link header of *signposts*, of at most *size* bytes: what would make it longer is left out."""
    written = ""
    for signpost in signposts:
        longer = f"{written}, {signpost}" if written else str(signpost)
        if len(longer) <= size:
            written = longer
    return written
