"""Lists: for each class its members in order, with what they can be filtered by, in a SQLite file written with the release.

A store answers "all photographs in the order of their labels, and how many of each agency" by reading all of them; the file has
the answer ready. :func:`write` makes it from the statements of a release, :class:`Lists` reads it. Neither knows HTTP.
"""

from __future__ import annotations

from kg.listing.asking import sparql
from kg.listing.reading import Listing, Lists
from kg.listing.selection import Counted, Row, Selection, Value
from kg.listing.writing import NAME, write

__all__ = ["NAME", "Counted", "Listing", "Lists", "Row", "Selection", "Value", "sparql", "write"]
