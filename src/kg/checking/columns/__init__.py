"""Columns: data of any size as tables of numbers, over which shapes are held by SQL (:class:`Held`).

:mod:`~kg.checking.columns.data` holds the statements, :mod:`~kg.checking.columns.conditions` and :mod:`~kg.checking.columns.selects` write the set
queries of :mod:`kg.checking.sets` in SQL, and :mod:`~kg.checking.columns.graph` reads for pySHACL what it asks about a suspect.
"""

from __future__ import annotations

from kg.checking.columns.holding import Held

__all__ = ["Held"]
