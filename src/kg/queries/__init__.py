"""Questions: the named queries of a collection, each a file ``queries/<name>.rq``.

A file begins with a header, lines ``#+`` of YAML (the convention of grlc)::

    #+ summary: Claims about a measure of an event, in order of report
    #+ asked-by: historian
    #+ note: what the answer leaves out, shown with its rows
    #+ tags: [figures, claims]
    #+ params:
    #+   event: {type: event, default: baku-1990-01, summary: the event whose figures are compared}
    #+   as_of: {type: date, default: null, summary: only what had been reported by this day}

The query below it is valid SPARQL as it stands; a parameter ``event`` is written as the variable ``?_event``, which
:meth:`Query.bind` replaces, token by token, by a term built from the checked value. A parameter without a default is
required. One with ``default: null`` is optional and may stand in one place only, ``BIND (?_as_of AS ?until)``: left
out, the variable stays, is bound to nothing, and so is ``?until``; write
``FILTER (!BOUND(?until) || ?day <= ?until)``. That holds in every engine, rdflib and Oxigraph among them.

Types: those of resources (:data:`kg.names.TYPES`; a slug, prefixed name or IRI), ``iri``, ``measure`` (``deaths``),
``date`` (ISO), ``year``, ``integer``, ``string``, ``language`` (BCP 47), ``boolean``.
"""

from __future__ import annotations

from kg.queries.catalog import Catalog, is_name
from kg.queries.header import read
from kg.queries.question import Param, Query
from kg.queries.terms import TERMS

__all__ = ["TERMS", "Catalog", "Param", "Query", "is_name", "read"]
