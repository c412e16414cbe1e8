"""Stores: where quads are asked for by SPARQL; one protocol, the store inside this process, and the one behind an endpoint.

:class:`Store` is what the read half needs of any store. :class:`EmbeddedStore` answers from a release by pyoxigraph,
in memory or, for a large one, from a cache on disk; :class:`kg.store.remote.RemoteStore` asks a server. All give whole
answers, never iterators: those of the engine are bound to a thread and end the process elsewhere.
"""

from __future__ import annotations

from kg.store.deferred import DeferredStore
from kg.store.embedded import EmbeddedStore
from kg.store.protocol import Answer, DefaultGraph, Graphs, Store, select
from kg.store.solutions import Solutions, Term

__all__ = [
    "Answer",
    "DefaultGraph",
    "DeferredStore",
    "EmbeddedStore",
    "Graphs",
    "Solutions",
    "Store",
    "Term",
    "select",
]
