"""Engines: what holds shapes against data, chosen by name and by how many statements there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, Protocol, TypeAlias

import pyoxigraph as ox
from rdflib import Graph

from kg.checking.constraints import Constraints
from kg.loading import Doubt
from kg.names import Base
from kg.validation import Finding

Engine: TypeAlias = Literal["sets", "columns", "pyshacl"]
"""What finds the focus nodes that break a constraint: set queries where they cover it, over a store in memory or over columns on disk, or pySHACL by
looking at each. Of ``sets`` those over columns are asked where there are more than :data:`LARGE` statements."""
LARGE: Final = 50_000
"""Statements up to which the data are held in memory, and a change costs what it concerns."""


class Holding(Protocol):
    """Shapes held against data; ``evaluations`` counts the times that pySHACL looked at a focus node."""

    evaluations: int

    def update(self, quads: Iterable[ox.Quad]) -> None:
        """Hold the shapes against *quads* instead of those before."""

    def findings(self, doubt: Doubt) -> list[Finding]:
        """Give the findings that hold whatever the statements in *doubt* say; they have no place yet."""


def chosen(engine: Engine, number: int) -> Engine:
    """Give the engine for *number* statements where *engine* was asked for."""
    return "columns" if engine == "sets" and number > LARGE else engine


def held(shapes: Graph, base: Base, engine: Engine) -> Holding:
    """Give the graph of *shapes*, ready to be held against data by exactly *engine*. Raises ProjectError for shapes that cannot be run."""
    if engine == "columns":
        from kg.checking.columns import Held  # with a database, which small collections never need

        return Held(shapes, base)
    return Constraints(shapes, base, sets=engine == "sets")
