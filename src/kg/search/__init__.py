"""Search: names, labels and titles across scripts and spellings, from an index that is built with the release.

:mod:`kg.search.folding` makes one spelling in Latin letters of what is written in any script, :mod:`kg.search.forms` gathers the
forms of names that a graph holds, :mod:`kg.search.writing` lays them down in a file of SQLite, :mod:`kg.search.index` asks that
file, and :mod:`kg.search.finding` ranks what it gives. docs/decisions/0030-search.md says why it is so.
"""

from __future__ import annotations

from kg.search.finding import MOST, Found, Hit, find
from kg.search.forms import PROPERTIES, Named, named, relevant
from kg.search.index import Index
from kg.search.writing import NAME, write

__all__ = [
    "MOST",
    "NAME",
    "PROPERTIES",
    "Found",
    "Hit",
    "Index",
    "Named",
    "find",
    "named",
    "relevant",
    "write",
]
