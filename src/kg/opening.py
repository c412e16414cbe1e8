"""Opening a release for reading: the bundled one, a project's current one, or any directory of releases."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kg import manifest
from kg.archive import Archive
from kg.errors import StoreError
from kg.names import Base
from kg.queries import Catalog
from kg.store import EmbeddedStore

OUTPUT: Final = "build"
"""The directory of a project that holds its releases."""

_PROJECT: Final = "kg.toml"


def open(path: str | Path | None = None) -> Archive:
    """Open a release for reading.

    *path* is a release, a directory of releases (with ``CURRENT``) or a project (with ``kg.toml``); None is the
    collection that comes with the package, in a checkout that checkout's current release. Raises StoreError, with what
    to do, where there is no release or it is damaged.
    """
    directory = locate(path)
    found = manifest.read(directory)
    queries = directory / "queries"
    base = Base(found.base)
    catalog = Catalog.load(queries, base) if queries.is_dir() else Catalog({})
    return Archive(EmbeddedStore.open(directory), found, catalog, directory)


def locate(path: str | Path | None = None) -> Path:
    """Give the release directory that :func:`open` reads. Raises StoreError where there is none."""
    if path is None:
        bundle = Path(__file__).parent / "_bundle"
        if bundle.is_dir():
            return bundle
        checkout = Path(__file__).parents[2]
        if not (checkout / _PROJECT).is_file():
            raise StoreError(
                "this installation has no bundled collection", remedy="name a release: kg.open('DIR')"
            )
        return manifest.current(checkout / OUTPUT)
    if "://" in str(path):
        raise StoreError(f"{path} is an address; endpoints cannot be opened yet", remedy="name a directory")
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
    return manifest.current(directory / OUTPUT if (directory / _PROJECT).is_file() else directory)
