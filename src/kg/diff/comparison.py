"""Comparing two sides as wholes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from kg.diff.claims import Decisions
from kg.diff.difference import Difference, Fate, Head, Takedown, Taken, Version, tallied
from kg.diff.discretion import Discretion, grouped
from kg.diff.facts import Facts
from kg.diff.merging import Differing, differing
from kg.diff.side import Side
from kg.diff.telling import KINDS, Counts, Telling, parted
from kg.errors import QueryError
from kg.manifest import Manifest, Tombstone
from kg.names import Base

_HEADS: Final = ("title", "version", "date", "description", "publisher", "licence", "default_graph")
_CALLED: Final = {"version": "edition", "default_graph": "default graph"}
_KIND: Final = re.compile(r"(?:queries/|ontology/shapes/)(.*?)(?:\.rq|\.ttl)?")
_WORD: Final = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")


def difference(
    before: Side, now: Side, *, stones: Iterable[Tombstone] = (), hidden: Collection[str] = ()
) -> Difference:
    """Give what *before* and *now*, two versions of one collection, do not share.

    What *stones* stand for counts as taken back, and what is *hidden* as not public, beside what both sides say. Raises QueryError
    where they are of different collections, StoreError for a release that is damaged.
    """
    base = Base(now.manifest.base)
    if before.manifest.base != base.iri:
        raise QueryError(
            f"these are not versions of one collection: their bases are {before.manifest.base} and {base.iri}",
            remedy="compare versions with the same base",
        )
    without = f" <{base.graph('meta')}> .\n".encode() if before.attest or now.attest else b"\n\n"
    with before.lines() as old, now.lines() as new:
        found = differing(old, new, without)
        languages = now.manifest.languages
        sides = Facts(old, found.nameless[0], base, languages), Facts(new, found.nameless[1], base, languages)
        discretion = Discretion(
            sides,
            base,
            {*stones, *before.manifest.tombstones, *now.manifest.tombstones},
            {*hidden, *before.hidden, *now.hidden},
            found.noted[0].veiled | found.noted[1].veiled,
        )
        discretion.meet(_iris(found))
        counts = Counts()
        parts = parted(found.removed, found.added, sides, base, counts)
        decisions = Decisions(sides, (found.noted[0].decisions, found.noted[1].decisions))
        told = Telling(sides, base, discretion, decisions, counts).of(parts)
        taken = tuple(_taken(before.inputs, now.inputs, discretion))
    kinds = {kind: number for number, kind in enumerate(KINDS.values())}
    gone, back = now.taken_back - before.taken_back, before.taken_back - now.taken_back
    return Difference(
        since=version(before),
        now=version(now),
        heads=tuple(_heads(before, now)),
        taken=taken,
        tallies=tallied(counts.kinds, kinds),
        told=told,
        takedowns=_takedowns(gone),
        restored=_takedowns(back),
        plus=counts.plus,
        minus=counts.minus,
        veiled=counts.veiled,
        untold=counts.untold,
        moved=counts.moved,
        derived=counts.derived,
    )


def version(side: Side) -> Version:
    """Give what *side* is called in a difference."""
    return Version(side.called, side.manifest.id, side.manifest.version, side.manifest.date)


def _iris(found: Differing) -> Iterator[str]:
    for quad in (*found.removed, *found.added):
        for term in (quad.subject, quad.object):
            if isinstance(term, ox.NamedNode):
                yield term.value


def _takedowns(stones: Iterable[Tombstone]) -> tuple[Takedown, ...]:
    return tuple(Takedown(number, date, reason) for (date, reason), number in grouped(stones).items())


def _heads(before: Side, now: Side) -> Iterator[Head]:
    """Give what the collection says of itself otherwise; a file says nothing of itself."""
    if before.inputs is None or now.inputs is None:
        return
    for name in _HEADS:
        was, current = getattr(before.manifest, name), getattr(now.manifest, name)
        if was != current:
            yield Head(_CALLED.get(name, name), was, current)
    for name in ("languages", "profiles"):
        was, current = _listed(before.manifest, name), _listed(now.manifest, name)
        if was != current:
            yield Head(f"list of {name}", was, current)


def _listed(manifest: Manifest, name: str) -> str:
    return ", ".join(getattr(manifest, name)) or "empty"


def _taken(
    before: Mapping[str, str] | None, now: Mapping[str, str] | None, discretion: Discretion
) -> Iterator[Taken]:
    if before is None or now is None:
        return
    for path in sorted(before.keys() | now.keys()):
        if before.get(path) == now.get(path) or discretion.words(_WORD.findall(path)):
            continue
        fate: Fate = "added" if path not in before else "no longer there" if path not in now else "changed"
        match = _KIND.fullmatch(path)
        yield Taken("question" if path.startswith("queries/") else "rules", match[1] if match else path, fate)
