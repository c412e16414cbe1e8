"""What a dataset says of itself in ``graph/meta``, read from a store: the manifest of a release known by no other way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from kg.errors import ProjectError, RemoteError
from kg.manifest import Graph, Manifest
from kg.names import DCTERMS, OWL, PROV, VOCABULARIES, Base
from kg.rows import Value, value
from kg.store import Solutions, Store

_VOID: Final = VOCABULARIES["void"]
_DCAT: Final = VOCABULARIES["dcat"]
_SUBSET: Final = _VOID + "subset"
_BUILT: Final = PROV + "wasGeneratedBy"
_DATASET: Final = f"?dataset a <{_DCAT}Dataset>, <{_VOID}Dataset> ; <{_BUILT}> ?build . ?dataset <{_SUBSET}>? ?it . ?it ?p ?o"
_QUERY: Final = (  # in whichever graph it stands, whatever the store reads outside GRAPH
    f"SELECT DISTINCT ?it ?p ?o WHERE {{ {{ {_DATASET} }} UNION {{ GRAPH ?g {{ {_DATASET} }} }} }}"
)

_Record = Mapping[str, Mapping[str, list[Value]]]


def read(store: Store) -> Manifest | None:
    """Give a manifest with what the dataset of *store* says of itself; what it does not say stays empty, the id too.

    It is the dataset ``<base>dataset``, made by the build (DCAT 3, VoID, PROV-O, as :mod:`kg.metadata` writes them). None
    where there is none, or more than one. Raises what :meth:`kg.store.Store.query` raises.
    """
    answer = store.query(_QUERY)
    if not isinstance(answer, Solutions) or answer.variables != ("it", "p", "o"):
        raise RemoteError("the answer has other variables than were asked for")
    record: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    for it, predicate, object in answer.rows:
        record[str(value(it))][str(value(predicate))].append(value(object))
    found = [base for iri, said in record.items() if (base := _base(iri, said)) is not None]
    return _manifest(found[0], record, store.default_graph) if len(found) == 1 else None


def _base(iri: str, said: Mapping[str, list[Value]]) -> Base | None:
    """Give the base of the dataset *iri*, None where no build of ours made it."""
    try:
        base = Base(iri.removesuffix("dataset"))
    except ProjectError:
        return None
    ours = iri == base.dataset and base.id("activity", "build") in said.get(_BUILT, ())
    return base if ours else None


def _manifest(base: Base, record: _Record, default_graph: str) -> Manifest:
    def one(iri: str, *names: str) -> str:
        return next((str(each) for name in names for each in sorted(record[iri].get(name, ()), key=str)), "")

    def graph(iri: str) -> Graph:
        size = one(iri, _VOID + "triples")
        return Graph(
            iri,
            int(size) if size.isdecimal() else 0,
            one(iri, DCTERMS + "title"),
            one(iri, DCTERMS + "license"),
            one(iri, DCTERMS + "description"),
        )

    dataset = base.dataset
    graphs = sorted({str(each) for each in record[dataset].get(_SUBSET, ())} & record.keys())
    return Manifest(
        title=one(dataset, DCTERMS + "title"),
        base=base.iri,
        version=one(dataset, OWL + "versionInfo"),
        description=one(dataset, DCTERMS + "description"),
        licence=one(dataset, DCTERMS + "license"),
        publisher=one(dataset, DCTERMS + "publisher"),
        default_graph=default_graph,
        graphs=tuple(map(graph, graphs)),
    )
