"""Rebuilding: releases kept beside the current one, without what has been taken back since they were built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from kg import deriving, manifest, metadata, release
from kg.names import Base
from kg.redaction import Public, Redaction


def rebuild(out: Path, redactions: Sequence[Redaction], base: Base) -> dict[str, str]:
    """Rebuild each release kept in *out* that holds a resource of *redactions* (IRIs on *base*); give old and new ids.

    What still names such a resource falls too, since an old release cannot be reworded. Raises StoreError.
    """
    ids = {}
    for directory in release.kept(out) if redactions else ():
        listed = manifest.read(directory)
        own = Base(listed.base)
        moved = [
            replace(each, resources=tuple(own.rebase(base.unbase(iri)) for iri in each.resources))
            for each in redactions
        ]
        if not release.mentions(directory, {iri for each in moved for iri in each.resources}):
            continue
        attest = "attest" in listed.profiles
        written = {ox.NamedNode(own.graph(name)) for name in ("published", "meta")} if attest else set()
        data = [quad for quad in release.quads(directory) if quad.graph_name not in written]
        public = Public.thoroughly(data, moved, own)
        left = public.quads + (deriving.derive(public.quads, own) if attest else [])
        contents = replace(
            release.reread(directory, without=public.fallen),
            quads=left,
            tombstones=tuple(sorted({*listed.tombstones, *public.tombstones})),
        )
        ids[listed.id] = manifest.read(release.replace(out, directory, metadata.described(contents))).id
    return ids
