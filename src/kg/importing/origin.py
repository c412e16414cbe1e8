"""Where an imported dataset comes from, and the statements that record it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.names import DCTERMS, PROV, RDF, RDFS, SCHEMA, SKOLEM, SPDX, VOCABULARIES, XSD, Base

NOT_EVALUATED: Final = "http://rightsstatements.org/vocab/CNE/1.0/"
"""The rights statement of what nobody has looked into: copyright not evaluated."""
_NAMED: Final = 20  # graphs
_VOID: Final = VOCABULARIES["void"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What is known of a dataset: its slug, title, licence (an IRI), address (or nothing), and the day on which it was taken in."""

    slug: str
    title: str
    licence: str
    day: str
    url: str = ""
    language: str = "en"

    def statements(
        self, base: Base, files: Sequence[tuple[str, str, int]], graphs: Sequence[str]
    ) -> list[ox.Quad]:
        """Give what ``source.ttl`` says: of the dataset, of each of *files* (name, SHA-256, statements), and the *graphs* it had."""
        source = base.id("source", self.slug)
        activity = base.id("activity", f"import-{self.slug}")
        kind = RDF + "type"
        said: list[tuple[str, str, ox.NamedNode | ox.Literal]] = [
            (source, kind, ox.NamedNode(SCHEMA + "Dataset")),
            (source, kind, ox.NamedNode(PROV + "Entity")),
            (source, RDFS + "label", ox.Literal(self.title, language=self.language)),
            (source, DCTERMS + "rights", ox.NamedNode(self.licence)),
            (source, _VOID + "triples", _number(sum(number for *_, number in files))),
            (source, PROV + "wasGeneratedBy", ox.NamedNode(activity)),
            (activity, kind, ox.NamedNode(PROV + "Activity")),
            (activity, RDFS + "label", ox.Literal(f"Import of the dataset {self.slug}", language="en")),
            (
                activity,
                PROV + "endedAtTime",
                ox.Literal(f"{self.day}T00:00:00Z", datatype=ox.NamedNode(XSD + "dateTime")),
            ),
        ]
        if self.url:
            said.append((source, SCHEMA + "url", ox.NamedNode(self.url)))
        if graphs:
            comment = f"Holds the statements of {_listed(graphs)}."
            said.append((source, RDFS + "comment", ox.Literal(comment, language="en")))
        for place, (name, digest, _) in enumerate(files, 1):
            file = base.id(SKOLEM, f"{self.slug}-file-{place}")
            checksum = base.id(SKOLEM, f"{self.slug}-checksum-{place}")
            said += [
                (activity, PROV + "used", ox.NamedNode(file)),
                (file, kind, ox.NamedNode(SCHEMA + "DataDownload")),
                (file, RDFS + "label", ox.Literal(name, language=self.language)),
                (file, SPDX + "checksum", ox.NamedNode(checksum)),
                (checksum, kind, ox.NamedNode(SPDX + "Checksum")),
                (checksum, SPDX + "algorithm", ox.NamedNode(SPDX + "checksumAlgorithm_sha256")),
                (checksum, SPDX + "checksumValue", ox.Literal(digest)),
            ]
        graph_name = ox.NamedNode(base.graph(f"source/{self.slug}"))
        return [ox.Quad(ox.NamedNode(s), ox.NamedNode(p), o, graph_name) for s, p, o in said]


def _listed(graphs: Sequence[str]) -> str:
    """Give the names of *graphs*, of many the first few and how many more."""
    more = f" and {len(graphs) - _NAMED} more" if len(graphs) > _NAMED else ""
    return f"the graph{'' if len(graphs) == 1 else 's'} {', '.join(graphs[:_NAMED])}{more}"


def _number(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=ox.NamedNode(XSD + "integer"))
