"""Checking what a store holds: the rules of a project held against statements that come from no file."""

from __future__ import annotations

from collections.abc import Collection

import pyoxigraph as ox

from kg import checks, deriving, metadata, references, shacl
from kg.checking.engines import Engine, chosen
from kg.checking.engines import held as held_by
from kg.loading import Doubt
from kg.project import Project
from kg.validation import Finding, Report


def elsewhere(project: Project, quads: Collection[ox.Quad], engine: Engine = "sets") -> Report:
    """Hold *quads*, a whole release as a store gives it, against the rules of *project* by *engine*; no finding has a file.

    Beside shapes, checks and references: the published statements have to be those that follow from the claims. ``graph/meta`` is the
    build's own record and is not looked at. Raises ProjectError where a shape cannot be used.
    """
    base = project.base
    meta, published = (ox.NamedNode(base.graph(name)) for name in ("meta", "published"))
    held = [quad for quad in quads if quad.graph_name != meta]
    recorded = [quad for quad in held if quad.graph_name != published]
    files = [(project.name(path), path.read_bytes()) for path in project.shape_files()]
    constraints = held_by(shacl.shapes(files, base), base, chosen(engine, len(held)))
    constraints.update(held)
    found = [*constraints.findings(Doubt())]
    found += checks.run(checks.Subject(recorded, base, project.languages, {}))
    found += references.check(held, base)
    found += _published(
        {quad for quad in held if quad.graph_name == published}, set(deriving.derive(recorded, base))
    )
    if "claims" not in metadata.kinds(held):
        found.append(
            Finding("violation", "there is no claim in the store", "no-claims", "push a release: kg push URL")
        )
    return Report(found)


def _published(held: set[ox.Quad], derived: set[ox.Quad]) -> list[Finding]:
    """Give a finding for each published statement that does not follow from the claims, or is not there though it does."""
    return [
        Finding("violation", message, "published", "push the release again: kg push URL", focus=str(quad.subject), path=str(quad.predicate), value=str(quad.object))
        for quads, message in (
            (held - derived, "this published statement does not follow from the claims"),
            (derived - held, "this statement follows from the claims, and is not published"),
        )
        for quad in sorted(quads, key=str)
    ]  # fmt: skip
