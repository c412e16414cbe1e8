"""Rebuilding: releases kept beside the current one, without what has been taken back since they were built."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from kg import deriving, diff, manifest, metadata, release
from kg.diff import account
from kg.errors import StoreError
from kg.manifest import CHANGES, Manifest
from kg.names import Base
from kg.redaction import Public, Redaction


def rebuild(
    out: Path, redactions: Sequence[Redaction], base: Base, hidden: Collection[str] = ()
) -> dict[str, str]:
    """Rebuild each release kept in *out* that holds a resource of *redactions* (IRIs on *base*); give old and new ids.

    What still names such a resource falls too, since an old release cannot be reworded. Where a release says what changed since one that
    was rebuilt, or was rebuilt itself, that is told anew, without what is *hidden* (IRIs on *base*). Raises StoreError.
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
        stones = {*listed.tombstones, *public.tombstones}
        contents = replace(
            release.reread(directory, without=public.fallen),
            quads=left,
            tombstones=tuple(sorted(stones)),
            later=tuple(
                sorted({*listed.later, *(each.digest for each in stones.difference(listed.tombstones))})
            ),
        )
        if listed.released:  # until it is told anew
            contents = replace(contents, notes={**contents.notes, CHANGES: account.written(account.silent(_told(directory, listed)))})  # fmt: skip
        ids[listed.id] = manifest.read(release.replace(out, directory, metadata.described(contents))).id
    if redactions:
        _tell_again(out, ids, {base.unbase(iri) for iri in hidden})
    return ids


def _tell_again(out: Path, ids: dict[str, str], hidden: Collection[str]) -> None:
    """Tell anew what changed in each release of *out* that tells it and for which one of *ids* was rebuilt, or that tells of what was taken back."""
    places = {manifest.read(place).id: place for place in reversed(release.kept(out))}
    listed = {id: manifest.read(place) for id, place in places.items()}
    stones = {stone for each in listed.values() for stone in each.tombstones}
    for id, now in listed.items():
        if not now.released:
            continue
        told, own = _told(places[id], now), Base(now.base)
        previous = _previous(now, told, listed, ids)
        if told.since is None or (id not in ids.values() and previous == now.previous):
            fresh = account.discreet(told, stones, own)
        elif previous in places:
            fresh = diff.difference(
                diff.Side.release(places[previous]),
                replace(diff.Side.release(places[id]), called=told.now.called),
                stones=stones,
                hidden={own.rebase(iri) for iri in hidden},
            )
        else:
            fresh = account.silent(told)
        if fresh != told or previous != now.previous:
            places[id] = release.annotate(out, places[id], {CHANGES: account.written(fresh)}, previous)


def _previous(
    now: Manifest, told: diff.Difference, listed: Mapping[str, Manifest], ids: Mapping[str, str]
) -> str:
    """Give the id of the version before *now*, which may have been built anew: by *ids*, or earlier, under the same edition."""
    if now.previous in listed or told.since is None:
        return now.previous
    edition = told.since.edition
    same = [id for id, each in listed.items() if each.released and each.version == edition and id != now.id]
    return ids.get(now.previous) or (same[-1] if same and edition else "")


def _told(place: Path, listed: Manifest) -> diff.Difference:
    """Give what the release in *place* tells. Raises StoreError."""
    file = listed.file(CHANGES)
    if file is None:
        raise StoreError(f"{place} lists no {CHANGES}")
    return account.read(manifest.content(place, file), str(place / CHANGES))
