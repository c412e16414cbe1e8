"""The remote store: any SPARQL 1.1 endpoint, asked through SPARQLWrapper, with every exchange bounded.

From the wire inwards: :mod:`exchange` is one HTTP exchange within a deadline and a cap, :mod:`kg.store.results` reads rows,
:mod:`endpoint` sends a query and gives the whole answer or an error, :mod:`store` says the protocol of stores in SPARQL.
"""

from __future__ import annotations

from kg.store.remote.store import RemoteStore

__all__ = ["RemoteStore"]
