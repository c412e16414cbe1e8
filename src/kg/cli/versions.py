"""Versions that the words of a command mean: releases, projects, RDF files, revisions in git."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg import drafts, formats, manifest, release, revisions
from kg.diff import Side
from kg.errors import NotFound, ProjectError, StoreError
from kg.manifest import CURRENT, JSON_NAME, Manifest, Tombstone
from kg.names import Base
from kg.project import CONFIGURATION, Project

_BEGINNING: Final = re.compile("[0-9a-f]{4,12}")
_HERE: Final = "the project's files as they are"
_FEW: Final = 10
_REMEDY: Final = "name a release by its directory or the beginning of its id, a project, an RDF file, or a revision of git as HEAD~1"


@dataclass(frozen=True, slots=True)
class Meant:
    """A version: its own base, None where it takes that of the other one, and what opens it on a base."""

    base: Base | None
    opened: Callable[[Base], AbstractContextManager[Side]]


class Versions:
    """The versions around a *project*, None outside of any, whose releases lie in the directory *out*."""

    def __init__(self, project: Project | None, out: Path) -> None:
        self._project = project
        self._out = out

    def find(self, word: str) -> Meant:
        """Give the version that *word* means: a path, else a release that is kept, by id or edition, else a revision.

        Raises NotFound where it means none or several, ProjectError where git cannot be asked, StoreError for a damaged release.
        """
        if not word.strip():
            raise NotFound("no version is named", remedy=_REMEDY)
        path = Path(word)
        if path.is_dir():
            return self._directory(path)
        if path.is_file():
            return self._file(path)
        kept = self._kept()
        if _BEGINNING.fullmatch(word):
            found = {each.id: place for place, each in kept if each.id.startswith(word)}
            if len(found) > 1:
                raise NotFound(f"several releases begin with {word}: {', '.join(sorted(found))}")
            if found:
                return _released(*found.values())
        named = [place for place, each in kept if each.version == word and each.released]
        if named:
            return _released(named[0])
        return self._revision(word)

    def current(self) -> Meant:
        """Give the current release. Raises StoreError where there is none."""
        return _released(manifest.current(self._out))

    def here(self) -> Meant:
        """Give the project as its files are. Raises NotFound outside of any project."""
        if self._project is None:
            raise NotFound("there is no project here to compare the current release with", remedy=_REMEDY)
        return self._draft(self._project.root, _HERE)

    def stones(self) -> frozenset[Tombstone]:
        """Give the tombstones of the current release: what it has taken back is told of nowhere."""
        try:
            return frozenset(manifest.read(manifest.current(self._out)).tombstones)
        except StoreError:
            return frozenset()

    def _kept(self) -> list[tuple[Path, Manifest]]:
        return [(place, manifest.read(place)) for place in release.kept(self._out)]

    def _directory(self, path: Path) -> Meant:
        if (path / JSON_NAME).is_file() or (path / CURRENT).is_file():
            return _released(manifest.current(path))
        if (path / CONFIGURATION).is_file():
            return self._draft(path, f"the files of {path}")
        raise NotFound(f"{path} is neither a release nor a project", remedy=_REMEDY)

    def _file(self, path: Path) -> Meant:
        if formats.by_suffix(path.name) is None:
            raise NotFound(f"the suffix of {path} names no RDF format", remedy=_REMEDY)
        return Meant(None, lambda base: nullcontext(drafts.file(path, base)))

    def _draft(self, root: Path, called: str) -> Meant:
        """Give the project in *root*, on whatever base the other version has; what the project here has taken back is not told of there either."""
        taken_back = drafts.taken_back(self._project) if self._project is not None else []

        def opened(base: Base) -> AbstractContextManager[Side]:
            project = Project.open(root, base=base.iri)
            return nullcontext(drafts.draft(project, called, redactions=taken_back))

        return Meant(None, opened)

    def _revision(self, word: str) -> Meant:
        root = self._project.root if self._project is not None else Path.cwd()
        try:
            id = revisions.commit(root, word)
        except ProjectError as error:
            raise NotFound(
                f"{word!r} is no release that is kept here and no file, and revisions cannot be looked up: {error}",
                remedy=error.remedy,
            ) from error
        if id is None:
            kept = [each.id for _, each in self._kept()][:_FEW]
            raise NotFound(
                f"{word!r} is no release that is kept here, no file and no revision",
                remedy=f"there are the releases {', '.join(kept)}; or {_REMEDY}" if kept else _REMEDY,
            )
        called = f"the revision {word}" + (f" ({id[:12]})" if not id.startswith(word) else "")

        @contextmanager
        def opened(base: Base) -> Iterator[Side]:
            with revisions.laid_out(root, id) as place, self._draft(place, called).opened(base) as side:
                yield side

        return Meant(None, opened)


def _released(place: Path) -> Meant:
    side = Side.release(place)
    return Meant(Base(side.manifest.base), lambda _: nullcontext(side))
