"""Opening what is to be read: the bundled release, a project's current one, any directory of releases, or an endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg import bundle, dataset, manifest
from kg.archive import Archive
from kg.errors import StoreError
from kg.manifest import JSON_NAME, Manifest, Tombstone
from kg.names import SOURCE_BASE, Base
from kg.queries import Catalog
from kg.store import DeferredStore, EmbeddedStore
from kg.store.limits import MAX_BYTES, MAX_ROWS, TIMEOUT, Limits

if TYPE_CHECKING:
    from kg.store.remote import RemoteStore

OUTPUT: Final = "build"
"""The directory of a project that holds its releases."""

_PROJECT: Final = "kg.toml"


def open(
    path: str | Path | None = None,
    *,
    timeout: float = TIMEOUT,
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
) -> Archive:
    """Open a release, or a SPARQL endpoint, for reading.

    *path* is a release, a directory of releases (with ``CURRENT``) or a project (with ``kg.toml``); None is the
    collection that comes with the package, in a checkout that checkout's current release. Raises StoreError, with what
    to do, where there is no release or it is damaged.

    It may also be the address of an endpoint, ``https://archive.example/sparql``; ``https://user@…`` takes the password from
    the environment variable KG_ENDPOINT_PASSWORD. Base, title and graphs are then those that the dataset there says of itself,
    the named queries those that come with this package. *timeout* (seconds), *max_bytes* and *max_rows* hold for
    each exchange with it. Whatever asks an endpoint may raise RemoteError, QueryTimeout and QueryTooLarge, and Unavailable where
    ``kg push`` has put another release there since.
    """
    if isinstance(path, str) and "://" in path:
        return _remote(path, Limits(timeout, max_bytes, max_rows))
    directory = locate(path)
    found = manifest.read(directory)
    return Archive(EmbeddedStore.open(directory), found, _catalog(directory, found), directory)


def deferred(path: str | Path | None = None) -> Archive:
    """Open the release that :func:`open` opens, but load its store only when something is asked of it: copies need none."""
    directory = locate(path)
    found = manifest.read(directory)
    store = DeferredStore(directory, "strict" if found.default_graph == "strict" else "union")
    return Archive(store, found, _catalog(directory, found), directory)


def proven(directory: Path, tombstones: Iterable[Tombstone] = ()) -> Archive:
    """Open the release in *directory* after every file of it has been read and found as the manifest lists it.

    What *tombstones* stand for counts as withdrawn, beside what the release itself says. Raises StoreError.
    """
    found = manifest.verify(directory)
    found = replace(found, tombstones=tuple(sorted({*found.tombstones, *tombstones})))
    return Archive(EmbeddedStore.open(directory), found, _catalog(directory, found), directory)


def behind(found: Manifest, address: str, limits: Limits) -> RemoteStore:
    """Open the store at *address*, which has to hold the release that *found* describes, as ``kg push`` put it there.

    Raises StoreError where it holds another one or none; RemoteError, QueryTimeout and Unavailable.
    """
    from kg.store.remote import RemoteStore  # as below

    store = RemoteStore.open(address, limits, dataset=Base(found.base).dataset)
    quads = found.file(manifest.QUADS)
    held = store.standings
    if quads is None or [one.sha256 for one in held] != [quads.sha256]:
        there = f"the release {held[0].release}" if held else "no release of this collection"
        raise StoreError(
            f"{store.url} holds {there}, and {found.id} is to be served", remedy="put it there: kg push URL"
        )
    return store


def _remote(address: str, limits: Limits) -> Archive:
    """Open the endpoint at *address*; data that no build of ours describes have its address for a title and no labels."""
    from kg.store.remote import RemoteStore  # SPARQLWrapper takes a while to import

    store = RemoteStore.open(address, limits)
    found = dataset.read(store)
    described = found is not None
    if found is None:
        found = Manifest(title=store.url, base=SOURCE_BASE, default_graph=store.default_graph)
    return Archive(store, found, _catalog(bundle.directory(), found), described=described)


def _catalog(directory: Path | None, found: Manifest) -> Catalog:
    """Give the named queries of *directory*, on the base of *found*."""
    if directory is None or not (directory / "queries").is_dir():
        return Catalog({})
    return Catalog.load(directory / "queries", Base(found.base))


def locate(path: str | Path | None = None) -> Path:
    """Give the release directory that :func:`open` reads. Raises StoreError where there is none."""
    return manifest.current(_place(path))


def followed(path: str | Path | None = None) -> Path | None:
    """Give the directory of releases whose ``CURRENT`` :func:`open` reads, None where *path* is one release itself.

    Raises StoreError where there is neither.
    """
    place = _place(path)
    return None if (place / JSON_NAME).is_file() else place


def _place(path: str | Path | None) -> Path:
    """Give the release, or the directory of releases, that *path* means."""
    if path is None:
        own = bundle.directory()
        if own is None:
            raise StoreError(
                "this installation has no bundled collection", remedy="name a release: kg.open('DIR')"
            )
        return own / OUTPUT if (own / _PROJECT).is_file() else own
    if re.match("https?:/", str(path)):
        raise StoreError(
            f"{path} is an address, and a directory is wanted here",
            remedy="give it as a text, kg.open('https://…'), or as --endpoint",
        )
    directory = Path(path)
    if not directory.exists():
        raise StoreError(
            f"{directory}: there is no such directory",
            remedy="name a project, or a directory that kg build wrote",
        )
    if directory.is_file():
        raise StoreError(
            f"{directory} is a file, not a release",
            remedy="build a release of it: kg build --data FILE --profile none -o DIR",
        )
    return directory / OUTPUT if (directory / _PROJECT).is_file() else directory
