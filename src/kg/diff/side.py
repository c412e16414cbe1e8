"""Sides: the two versions of a collection that are compared, each with what it says of itself and where its statements lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.diff.lines import Held, Lines, opened
from kg.errors import StoreError
from kg.manifest import QUADS, Manifest, Tombstone, read, sound

TAKEN: Final = ("queries/", "ontology/shapes/")
"""Where what is no statement lies in a release, and changes all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One version of a collection: what it is ``called`` in sentences, its ``manifest``, and its statements.

    ``place`` is the release that they lie in, where they do; else ``quads`` are held. ``inputs`` are the digests of questions and shapes by
    their path, None where the version has none of its own (a file). ``hidden`` are IRIs that its data have and that are not public.
    """

    called: str
    manifest: Manifest
    place: Path | None = None
    quads: Iterable[ox.Quad] = ()
    inputs: Mapping[str, str] | None = None
    hidden: frozenset[str] = field(default=frozenset())

    @classmethod
    def release(cls, place: Path, called: str = "") -> Side:
        """Give the release in the directory *place*. Raises StoreError where it is absent, or its statements are damaged."""
        manifest = read(place)
        quads = manifest.file(QUADS)
        if quads is None:
            raise StoreError(f"{place} lists no {QUADS}")
        sound(place, quads)
        return cls(
            called=called or f"release {manifest.id}",
            manifest=manifest,
            place=place,
            inputs=taken(manifest.inputs),
        )

    @contextmanager
    def lines(self) -> Iterator[Lines]:
        """Have its statements at hand, as lines."""
        if self.place is None:
            yield Held(self.quads)
            return
        with opened(self.place / QUADS) as found:
            yield found

    @property
    def attest(self) -> bool:
        """Whether it follows the profile of claims."""
        return "attest" in self.manifest.profiles

    @property
    def taken_back(self) -> frozenset[Tombstone]:
        """The tombstones that it was made with, without those that came when it was built anew after a later takedown."""
        return frozenset(each for each in self.manifest.tombstones if each.digest not in self.manifest.later)


def taken(inputs: Mapping[str, str]) -> dict[str, str]:
    """Give those of *inputs* that are questions or shapes."""
    return {path: digest for path, digest in inputs.items() if path.startswith(TAKEN)}
