"""The release that a server shows where a remote store answers its queries: the one that stands there."""

from __future__ import annotations

from pathlib import Path

from kg import manifest, release
from kg.errors import KgError, StoreError
from kg.manifest import CURRENT
from kg.names import Base
from kg.store.limits import Limits
from kg.store.remote import RemoteStore
from kg.store.remote.standing import Standing
from kg.web.following import Seen


class Pushed:
    """The release of the collection on *base* that stands in the store at *address*, where *out* keeps it."""

    again = True

    def __init__(self, out: Path, base: str, address: str, limits: Limits) -> None:
        self._out = out
        self._dataset, self._address, self._limits = Base(base).dataset, address, limits
        self._last: Seen = ("", 0, 0)

    def seen(self) -> Seen:
        """Give the release and its token, and whether it is here; while the store does not answer, or replaces one, what was seen last."""
        try:
            held = self._open().standings
        except KgError:
            return self._last
        if held:
            self._last = (held[0].release, int(held[0].token, 16), int(self._place(held[0]) is not None))
        return self._last

    def directory(self) -> Path:
        """Give the directory. Raises StoreError where the release is not kept here."""
        store = self._open()
        held = store.standings
        if not held:
            raise StoreError(
                f"{store.url} holds no release of this collection", remedy="put one there: kg push URL"
            )
        if (place := self._place(held[0])) is None:
            raise StoreError(
                f"the store holds the release {held[0].release}, which is not in {self._out}",
                remedy="copy it there, or push one that is",
            )
        return place

    def _open(self) -> RemoteStore:
        return RemoteStore.open(self._address, self._limits, dataset=self._dataset)

    def _place(self, held: Standing) -> Path | None:
        for place in release.kept(self._out) if (self._out / CURRENT).exists() else [self._out]:
            if _sha256(place) == held.sha256:
                return place
        return None


def _sha256(place: Path) -> str:
    """Give the digest of the statements in *place*, as the manifest there lists it; empty where there is none."""
    try:
        file = manifest.read(place).file(manifest.QUADS)
    except StoreError:
        return ""
    return file.sha256 if file is not None else ""
