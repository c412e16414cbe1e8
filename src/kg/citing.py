"""Citing: the citations of what an archive holds, and of what its pages and answers say.

The record is the project's, and the words are the claimant's: the publisher of the collection is responsible, the speaker stands in the
note. What is veiled is not given away by its citation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from kg.citation import Citation, key
from kg.documents.addresses import Addresses
from kg.documents.descriptions import Descriptions
from kg.queries import Query, description
from kg.reasons import printed
from kg.views import Cited, Claim

if TYPE_CHECKING:
    from kg.archive import Archive

LONGEST: Final = 2_000
"""Characters of an address up to which browsers and servers commonly take it: a longer query is known by its digest."""

_GENRES: Final = {
    "caption": "a caption",
    "claim": "a claim",
    "comment": "a comment",
    "event": "an event",
    "group": "a group",
    "obs": "an observation",
    "org": "an organisation",
    "passage": "a passage",
    "person": "a person",
    "photo": "a photograph",
    "place": "a place",
    "source": "a source",
    "work": "a publication",
}
"""What a record is of, by the type in its identifier."""
_DIGITS: Final = 8


class Citations:
    """The citations of *archive*; names are those of *descriptions*, which are those of its pages."""

    def __init__(self, archive: Archive, descriptions: Descriptions | None = None) -> None:
        self._archive = archive
        self._descriptions = descriptions or Descriptions(archive)
        release = archive.manifest.id
        self._home = Addresses(archive.base, f"/release/{release}" if release else "").home
        self._addresses = Addresses(archive.base)

    def of(self, iri: str) -> Citation:
        """Give the citation of what the release says of *iri*, which it must know; of the dataset, that of the whole collection."""
        base, manifest = self._archive.base, self._archive.manifest
        path = self._addresses.of(iri)
        if iri == base.dataset:
            return self._made(
                path, ("dataset",), title=manifest.title, genre="dataset", iri=iri, kind="dataset", whole=True
            )
        kind, slug = base.split(iri) or ("resource", sha256(iri.encode()).hexdigest()[:_DIGITS])
        genre = f"record of {_GENRES[kind]}" if kind in _GENRES else "record"
        claim = self._claim(iri)
        if claim is not None:
            title = "A claim that is veiled" if claim.veiled else claim.in_full
            return self._made(
                path,
                (kind, slug),
                title=title,
                genre=_claimed(claim),
                iri=iri,
                note=self._said(claim),
                language="en",
            )
        if iri in self._archive.veiled:
            return self._made(path, (kind, slug), title="A record that is veiled", genre="record", iri=iri)
        name = self._descriptions.names((iri,))[iri]
        return self._made(path, (kind, slug), title=name.text, genre=genre, iri=iri, language=name.language)

    def question(self, query: Query, given: Mapping[str, str]) -> Citation:
        """Give the citation of the answer to *query* of the catalogue with the parameters *given*."""
        values = sorted(given.items())
        said = ", ".join(f"{name} = {value}" for name, value in values)
        asked = urlencode(values)
        return self._made(
            f"/queries/{query.name}" + (f"?{asked}" if asked else ""),
            ("query", query.name, _digest(asked) if asked else ""),
            title=query.summary.removesuffix(".") + (f" ({said})" if said else ""),
            genre="answer to a query",
            iri=description.iri(query.name, self._archive.base),
            language="en",
            kind="dataset",
        )

    def sparql(self, text: str, graphs: Sequence[tuple[str, str]] = ()) -> Citation:
        """Give the citation of the answer to the SPARQL query *text*; one too long for an address is told by its SHA-256.

        *graphs* are parameters that name what it reads (``default-graph-uri``), each with an IRI.
        """
        path = f"/sparql?{urlencode([('query', text), *graphs], quote_via=quote)}"
        short = len(path) <= LONGEST
        known = _digest(path if graphs else text)
        return self._made(
            path if short else "/sparql",
            ("sparql", known),
            title=f"Answer to the SPARQL query {known}",
            genre="answer to a query",
            note="" if short else f"SHA-256 of the query in UTF-8: {sha256(text.encode()).hexdigest()}.",
            language="en",
            kind="dataset",
        )

    def page(self, path: str, title: str, *, genre: str = "page", note: str = "") -> Citation:
        """Give the citation of a page of the site at *path*, without that of a release: a comparison, a map."""
        place, _, asked = path.partition("?")
        return self._made(
            path,
            (place, _digest(asked) if asked else ""),
            title=title,
            genre=genre,
            note=f"{note.removesuffix('.')}." if note else "",
            language="en",
            kind="dataset",
        )

    def _said(self, claim: Claim) -> str:
        """Tell who said what *claim* records and when, where it stands, and what bears on its reading; of a veiled one only who and when."""
        if claim.veiled:
            return _told(claim)
        stands = (
            f"Printed in {each if isinstance(each, Cited) else each.printed}."
            for each in printed(self._archive.store, self._archive.label, claim)
        )
        caveats = (f"Caveat: {caveat.removesuffix('.')}." for caveat in claim.caveats)
        return " ".join((_told(claim), *stands, *caveats))

    def _claim(self, iri: str) -> Claim | None:
        return self._archive.claim_or_none(iri) if "attest" in self._archive.manifest.profiles else None

    def _made(
        self, path: str, parts: tuple[str, ...], *, whole: bool = False, iri: str = "", **said: Any
    ) -> Citation:
        manifest = self._archive.manifest
        return Citation(
            key=key(*parts, manifest.id),
            responsible=manifest.publisher,
            container="" if whole else manifest.title,
            edition=manifest.version,
            release=manifest.id,
            date=manifest.date,
            permalink=self._home + path[1:],
            iri=iri or self._archive.base.iri + path[1:],
            licence=manifest.licence,
            **said,
        )


def _claimed(claim: Claim) -> str:
    return "claim derived by the project" if claim.derived else "record of a claim"


def _told(claim: Claim) -> str:
    """Tell who said what *claim* records, through whom it came, and when."""
    speaker, *relays = (voice.label for voice in claim.voices)
    passed = f", as passed on by {' and then '.join(relays)}" if relays else ""
    return f"{'Derived' if claim.derived else 'Claimed'} by {speaker}{passed}, {_when(claim)}."


def _when(claim: Claim) -> str:
    """Tell when *claim* was said: within a month or a year, between two days, or no later than the day of its date line."""
    if claim.as_of is None:
        return "undated"
    first, _, last = claim.said.partition("/")
    if last:
        return f"between {first} and {last}"
    return f"no later than {first}" if first == claim.as_of.isoformat() else f"in {first}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_DIGITS]
