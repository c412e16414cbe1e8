"""The shelf: the releases that a directory keeps, which of them is current, and which may not be shown.

A takedown holds for all of them. ``kg withdraw`` rebuilds the releases that it finds; one that still names what the current release
has a tombstone for (because it was copied here since, or the rebuilding failed) is not served at all.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from kg import manifest, opening, release
from kg.archive import Archive
from kg.errors import NotFound, StoreError, Unavailable
from kg.manifest import Manifest
from kg.web.answers import Refused
from kg.web.telling import Telling, told

_ID: Final = 12


class Shelf:
    """The releases beside *current*, which lies in *directory*; *out* is the directory of releases, None where there is only one."""

    def __init__(self, current: Manifest, directory: Path, out: Path | None) -> None:
        self._out = out
        self._lending = Lock()
        self.turn(current, directory)

    def turn(self, current: Manifest, directory: Path) -> None:
        """Have another current release. Raises OSError where the directory of releases cannot be read."""
        self.current = current
        self._directory = directory
        self._held: set[Path] = set()
        self._places = {current.id: directory}
        self.look()

    def look(self) -> None:
        """See again which releases there are; where a build takes one away at that moment, the next look sees it. Raises OSError."""
        try:
            kept = release.kept(self._out) if self._out is not None else []
        except FileNotFoundError:
            return
        places = {place.name[:_ID]: place for place in reversed(kept)}
        places[self.current.id] = self._directory  # among the others where it was built, else at the end
        self._places = places

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the releases that are kept, the one built last at the end."""
        return tuple(self._places)

    def neighbours(self, id: str) -> tuple[str, str]:
        """Give the id of the release before *id* and of the one after it, empty where there is none."""
        ids = ("", *self._places, "")
        number = ids.index(id) if id in self._places else 0
        return (ids[number - 1], ids[number + 1]) if number else ("", "")

    def kept(self) -> list[Manifest]:
        """Give the manifests of the releases that may be shown, the one built last first; reads them from the disk."""
        found = []
        for id, place in reversed(self._places.items()):
            if id == self.current.id:
                found.append(self.current)
            elif not self.holds(place):
                try:
                    found.append(manifest.read(place))
                except StoreError:  # a build took it away, or it is damaged: opening it says so
                    continue
        return found

    def told(self, listed: Manifest) -> Telling | None:
        """Give what the release that *listed* describes tells of its changes; None where it tells nothing, or a build took it away."""
        place = self._places.get(listed.id)
        try:
            return told(listed, place, self.current.tombstones) if place is not None else None
        except OSError:
            return None

    def holds(self, place: Path) -> bool:
        """Tell whether the release in *place* is known to hold what the current one has withdrawn."""
        return place in self._held

    def open(self, id: str) -> Archive:
        """Open the release *id*, which is not the current one; takes as long as reading it takes.

        What the current release has withdrawn counts as withdrawn there too. Raises NotFound where it is not kept, Refused (410) where
        it still names such a resource, StoreError where it is damaged.
        """
        place = self._places.get(id)
        if place is None:
            raise missing(id)
        stones, held = self.current.tombstones, self._held
        try:
            if place not in held and release.holds(place, stones):
                held.add(place)
            if place not in held:
                archive = opening.proven(place, stones)
                if archive.manifest.id != id:
                    raise StoreError(f"{place} holds the release {archive.manifest.id}")
                return archive
        except (StoreError, OSError) as error:
            if place.exists():
                raise
            raise missing(id) from error  # a build took it away
        raise Refused(
            410,
            f"the release {id} still holds what has been withdrawn since, and is not served",
            remedy="/release/ lists those that are",
        )

    @contextmanager
    def lent(self, id: str, wait: float) -> Iterator[Archive]:
        """Have the release *id* open for a moment, one such at a time; after *wait* seconds in vain Unavailable is raised.

        Raises what :meth:`open` raises.
        """
        if not self._lending.acquire(timeout=wait):
            raise Unavailable("another comparison of releases is under way", retry_after=5)
        try:
            yield self.open(id)
        finally:
            gc.collect()  # of what the last one left in circles
            self._lending.release()


def missing(id: str) -> NotFound:
    """Give the error for a release that is not here."""
    return NotFound(f"the release {id} is not kept here", remedy="/release/ lists those that are")
