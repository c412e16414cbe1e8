"""``/feed.atom``: the releases that are kept beside the one that is served, as an Atom feed (RFC 4287), the newest first.

The date of an entry is that of the collection's edition; of a release without one, when it was built. The entry of a release that ``kg release`` made
tells what changed since the version before, from the record that the release keeps.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg import manifest
from kg.errors import StoreError
from kg.escaping import escaped
from kg.manifest import CURRENT, JSON_NAME, Manifest
from kg.names import Base
from kg.pages.pages import Pages
from kg.release import kept
from kg.web.releases import version
from kg.web.representations import tagged
from kg.web.telling import told

_ATOM: Final = "http://www.w3.org/2005/Atom"
_TYPE: Final = "application/atom+xml"
_TOLD: Final = 100
"""Resources of whose changes an entry tells; how many more there are it says too."""


class Feed:
    """The feed of *pages*' archive, which lies in *directory*."""

    def __init__(self, pages: Pages, directory: Path) -> None:
        self._archive = pages.archive
        self._shelf = pages.shelf
        self._directory = directory
        self._served = self._archive.manifest, _date(self._archive.manifest, directory), directory

    def routes(self) -> list[Route]:
        """Give the route. The endpoint runs in Starlette's threads."""
        return [Route("/feed.atom", self.document)]

    def document(self, request: Request) -> Response:
        """Give the feed; it is read from the disk each time, since a build adds releases beside the one that is served."""
        ElementTree.register_namespace("", _ATOM)
        releases = self._releases()
        served, base = self._archive.manifest, self._archive.base
        feed = ElementTree.Element(f"{{{_ATOM}}}feed")
        _add(feed, "title", served.title)
        _add(feed, "id", f"{base.iri}feed.atom")
        _add(feed, "updated", max(when for _, when, _ in releases))
        _add(feed, "link", rel="self", type=_TYPE, href=f"{base.iri}feed.atom")
        _add(feed, "link", rel="alternate", type="text/html", href=base.dataset)
        author = _add(feed, "author")
        _add(author, "name", served.publisher or served.title)
        if served.licence:
            _add(feed, "link", rel="license", href=served.licence)
        for release, when, place in releases:
            self._entry(feed, release, when, place)
        body = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"
        return tagged(request, body, _TYPE)

    def _releases(self) -> list[tuple[Manifest, str, Path]]:
        """Give each release with its date and its directory, the one built last first; only the one that is served where it lies alone."""
        beside = self._directory.parent
        places = kept(beside) if (beside / CURRENT).is_file() else []
        found: dict[str, tuple[Manifest, str, Path]] = {}  # the same release may lie there twice
        for place in places:
            if self._shelf is not None and self._shelf.holds(place):
                continue
            try:
                release = manifest.read(place)
                found.setdefault(release.id, (release, _date(release, place), place))
            except (StoreError, OSError):
                if place.exists():
                    raise
                # else a build took it away since it was listed
        if self._directory not in places:
            found = {self._served[0].id: self._served}
        return list(found.values())

    def _entry(self, feed: ElementTree.Element, release: Manifest, when: str, place: Path) -> None:
        entry = _add(feed, "entry")
        edition = f", edition {release.version}" if release.version else ""
        dataset = f"{release.base}dataset"
        _add(entry, "title", f"Release {release.id}{edition}")
        _add(entry, "id", f"{dataset}#release-{release.id}")
        _add(entry, "updated", when)
        if release.id == self._archive.manifest.id:
            _add(entry, "link", rel="alternate", href=dataset)
        elif self._shelf is not None:
            _add(entry, "link", rel="alternate", href=version(release, Base(release.base)))
        counts = ", ".join(f"{count:,} {name}" for name, count in sorted(release.counts.items()))
        content = _add(entry, "content", type="text")
        content.text = "\n".join(map(escaped, (f"{counts}.", *self._told(release, place))))

    def _told(self, release: Manifest, place: Path) -> tuple[str, ...]:
        """Give the sentences of what changed in *release*; none where a build took it away since it was listed."""
        try:
            found = told(release, place, self._archive.manifest.tombstones, _TOLD)
        except OSError:
            if place.exists():
                raise
            return ()
        return found.sentences if found is not None else ()


def _date(release: Manifest, directory: Path) -> str:
    """Give the date of *release*, which lies in *directory*, as RFC 3339 has it."""
    if release.date:
        return f"{release.date}T00:00:00Z"
    built = int((directory / JSON_NAME).stat().st_mtime)
    return datetime.fromtimestamp(built, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add(above: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    """Add the element *name* to *above*; a character that XML has not is written as an escape."""
    element = ElementTree.SubElement(above, f"{{{_ATOM}}}{name}", {key: escaped(value) for key, value in attributes.items()})  # fmt: skip
    element.text = escaped(text) or None
    return element
