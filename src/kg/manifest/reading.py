"""Reading a release's manifest: strictly, and with every file where that is asked for."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from kg.errors import ProjectError, StoreError
from kg.manifest.description import FORMAT, JSON_NAME, QUADS, File, Graph, Manifest, Tombstone
from kg.names import Base

CURRENT: Final = "CURRENT"
"""The file of a directory of releases that names the one to read."""

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_ID: Final = re.compile(r"[0-9a-f]{12}")
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_BUILD: Final = "run kg build"
_T = TypeVar("_T")


def digest(path: Path) -> tuple[int, str]:
    """Give the size in bytes and the SHA-256 in hex of the file at *path*; OSError where it cannot be read."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), sha256


def sound(directory: Path, file: File) -> Path:
    """Give the path of *file* of the release in *directory*, which is what the manifest lists. Raises StoreError."""
    path = directory / file.path
    try:
        found = digest(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}", remedy=_BUILD) from error
    if found != (file.size, file.sha256):
        raise StoreError(f"{path} is damaged: it is not what the manifest lists", remedy=_BUILD)
    return path


def is_relative(path: str) -> bool:
    """Tell whether *path* stays below where it starts: names joined by single slashes, none hidden or ``..``."""
    return all(re.fullmatch(r"[^./\\\x00-\x1f:][^/\\\x00-\x1f:]*", part) for part in path.split("/"))


def current(out: Path) -> Path:
    """Give the release directory that ``CURRENT`` in *out* names, or *out* itself where that is a release.

    Raises StoreError where there is none, or ``CURRENT`` names something that is absent or no plain name.
    """
    if (out / JSON_NAME).is_file():
        return out
    try:
        name = (out / CURRENT).read_text("utf-8").removesuffix("\n")
    except FileNotFoundError as error:
        raise StoreError(f"there is no release in {out}", remedy=_BUILD) from error
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{out / CURRENT} cannot be read: {_why(error)}", remedy=_BUILD) from error
    if not _PLAIN_NAME.fullmatch(name):
        raise StoreError(f"{out / CURRENT} does not hold the name of a release: {name[:60]!r}", remedy=_BUILD)
    if not (out / name / JSON_NAME).is_file():
        raise StoreError(f"{out / CURRENT} names the release {name}, which is absent", remedy=_BUILD)
    return out / name


def read(directory: Path) -> Manifest:
    """Give the manifest of the release in *directory*; nothing else of the release is read.

    Raises StoreError where it is absent, damaged, or of a format that this version does not know.
    """
    path = directory / JSON_NAME
    try:
        values = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise StoreError(f"{directory} is no release: it has no {JSON_NAME}", remedy=_BUILD) from error
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(f"{path} cannot be read: {_why(error)}", remedy=_BUILD) from error
    try:
        return _manifest(values)
    except _Shape as error:
        raise StoreError(f"{path} is damaged: {error}", remedy=_BUILD) from None
    except _Newer as error:
        raise StoreError(
            f"{path} has the format {error}, and this kg reads the format {FORMAT}",
            remedy=f"upgrade attest-kg, or {_BUILD} with this one",
        ) from None


def content(directory: Path, file: File) -> bytes:
    """Give the bytes of *file* of the release in *directory*. Raises StoreError where they are not those that the manifest lists."""
    path = directory / file.path
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {_why(error)}", remedy=_BUILD) from error
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise StoreError(f"{path} is not the file that the manifest lists", remedy=_BUILD)
    return data


def verify(directory: Path) -> Manifest:
    """Read every file that the manifest lists again, and give the manifest.

    Raises StoreError, naming the file, where one is absent, no plain file, or has another size or SHA-256; and
    where the manifest itself does not bear out its id. Files that are not listed are not looked at.
    """
    manifest = read(directory)
    for file in manifest.files:
        path = directory / file.path
        try:
            plain = path.is_file() and not path.is_symlink()
            found = digest(path) if plain else None
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {_why(error)}", remedy=_BUILD) from error
        if found is None:
            raise StoreError(f"{path} is absent, and the manifest lists it", remedy=_BUILD)
        if found[0] != file.size:
            raise StoreError(f"{path} has {found[0]} bytes instead of {file.size}", remedy=_BUILD)
        if found[1] != file.sha256:
            raise StoreError(f"{path} is damaged: its SHA-256 is not that of the manifest", remedy=_BUILD)
    if manifest.id != manifest.fingerprint():
        raise StoreError(
            f"{directory / JSON_NAME} is damaged: its id is not that of its content", remedy=_BUILD
        )
    return manifest


class _Shape(Exception):
    """The manifest does not have the form that it must have."""


class _Newer(Exception):
    """The manifest has another format."""


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _manifest(values: object) -> Manifest:
    """Give the manifest that the JSON *values* say; keys that this format does not have are passed over."""
    entry = _Entry(values, "the manifest")
    form = entry.number("format")
    if form > FORMAT:
        raise _Newer(form)
    if form < 1:
        raise _Shape(f"'format' is {form}")
    texts = ("title", "base", "version", "description", "licence", "publisher", "default_graph", "date")
    manifest = Manifest(
        **{name: entry.text(name) for name in texts},
        format=form,
        id=entry.text("id"),
        profiles=entry.all("profiles", str),
        counts=entry.table("counts", int),
        findings=entry.table("findings", int),
        graphs=tuple(map(_graph, entry.all("graphs", dict))),
        files=tuple(map(_file, entry.all("files", dict))),
        inputs=entry.table("inputs", str),
        tools=entry.table("tools", str),
        languages=entry.all("languages", str) if form > 1 else ("en",),
        tombstones=tuple(map(_tombstone, entry.all("tombstones", dict))) if form > 1 else (),
        previous=entry.text("previous") if entry.has("previous") else "",
        later=entry.all("later", str) if entry.has("later") else (),
    )
    if not _ID.fullmatch(manifest.id):
        raise _Shape(f"'id' is {manifest.id[:60]!r}")
    if manifest.previous and not _ID.fullmatch(manifest.previous):
        raise _Shape(f"'previous' is {manifest.previous[:60]!r}")
    if manifest.default_graph not in ("union", "strict"):
        raise _Shape(f"'default_graph' is {manifest.default_graph[:60]!r}")
    try:
        Base(manifest.base)
    except ProjectError as error:
        raise _Shape(str(error)) from None
    if manifest.file(QUADS) is None:
        raise _Shape(f"it does not list {QUADS}")
    if len({file.path for file in manifest.files}) != len(manifest.files):
        raise _Shape("it lists a file twice")
    return manifest


def _graph(values: object) -> Graph:
    entry = _Entry(values, "a graph")
    texts = {name: entry.text(name) for name in ("iri", "title", "licence", "description")}
    return Graph(**texts, quads=entry.number("quads"))


def _file(values: object) -> File:
    entry = _Entry(values, "a file")
    path, sha256 = entry.text("path"), entry.text("sha256")
    if not is_relative(path):
        raise _Shape(f"the path {path[:60]!r} of a file leads out of the release")
    if not _SHA256.fullmatch(sha256):
        raise _Shape(f"the SHA-256 of {path} is {sha256[:70]!r}")
    return File(path, entry.number("size"), sha256, entry.text("media_type"))


def _tombstone(values: object) -> Tombstone:
    entry = _Entry(values, "a tombstone")
    return Tombstone(*(entry.text(name) for name in ("digest", "reason", "date")))


class _Entry:
    """A JSON object whose members are taken out with their type checked; _Shape where one is not right."""

    def __init__(self, values: object, what: str) -> None:
        if not isinstance(values, dict):
            raise _Shape(f"{what} is not an object")
        self._values: Mapping[str, Any] = values
        self._what = what

    def has(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str) -> str:
        return self._take(name, lambda value: _is(value, str), str)

    def number(self, name: str) -> int:
        return self._take(name, lambda value: _is(value, int), int)

    def all(self, name: str, kind: type[_T]) -> tuple[_T, ...]:
        values = self._take(
            name, lambda value: isinstance(value, list) and all(_is(v, kind) for v in value), list
        )
        return tuple(values)

    def table(self, name: str, kind: type[_T]) -> dict[str, _T]:
        return self._take(
            name, lambda value: isinstance(value, dict) and all(_is(v, kind) for v in value.values()), dict
        )

    def _take(self, name: str, right: Callable[[object], bool], _kind: type[_T]) -> _T:
        if name not in self._values:
            raise _Shape(f"{self._what} has no {name!r}")
        if not right(value := self._values[name]):
            raise _Shape(f"{name!r} of {self._what} has a wrong type or value")
        return value  # type: ignore[no-any-return]


def _is(value: object, kind: type) -> bool:
    """Tell whether a JSON value has the type; numbers are whole, not negative, and no booleans."""
    return isinstance(value, kind) and not (
        kind is int and (isinstance(value, bool) or value < 0)  # type: ignore[operator]
    )
