"""Bringing a release into a directory of releases, so that a reader sees the previous one or the new one."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace as changed
from itertools import count
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.errors import StoreError
from kg.manifest import CURRENT, JSON_NAME, QUADS, TURTLE_NAME, Manifest, read, verify
from kg.manifest.partitions import Census, Statistics
from kg.progress import Told, untold
from kg.release import lock
from kg.release.contents import NOTES, Contents, Material, copied, noted, seal
from kg.release.keeping import kept

KEEP: Final = 3
"""How many builds a directory keeps, the current one included; what ``kg release`` made stays beside them."""

_UNFINISHED: Final = ".building-"
_ELSEWHERE: Final = "write elsewhere with -o DIR"
_REASONS: Final = {
    errno.ENOSPC: ("the disk is full", f"free some space, or {_ELSEWHERE}"),
    errno.EDQUOT: ("the disk quota is used up", f"free some space, or {_ELSEWHERE}"),
    errno.EACCES: ("permission is denied", f"change its permissions, or {_ELSEWHERE}"),
    errno.EPERM: ("permission is denied", f"change its permissions, or {_ELSEWHERE}"),
    errno.EROFS: ("it is on a read-only file system", _ELSEWHERE),
    errno.ENOTDIR: ("it is not a directory", _ELSEWHERE),
    errno.EEXIST: ("it is not a directory", _ELSEWHERE),
}


def write(out: Path, contents: Contents, *, keep: int = KEEP, told: Told = untold) -> Path:
    """Write a release of *contents* into the directory of releases *out*, make it current, and give its directory.

    The directory is named by the release's id. Where that release is there already and undamaged it is taken as it
    is, with the notes that it has; where the same id stands for other bytes (a build by changed code) the new one is called ``<id>-2``.
    Of older builds the newest ``keep - 1`` stay, and all that ``kg release`` made; one of the same id that it had not made goes.

    *told* hears how far each file is. Raises StoreError where *out* cannot be written, another build is writing there, or what was written does not
    read back; ProjectError for contents that cannot be released. The previous release then is as it was.
    """
    with storing(out):
        material = Material.gather(contents, near(out), told)
        out.mkdir(parents=True, exist_ok=True)
        if (out / JSON_NAME).exists():
            raise StoreError(f"{out} is itself a release", remedy="name the directory above it")
        with lock.held(out):
            _clear(out)
            directory = _place(out, material)
            _make_current(out, directory.name)
            _prune(out, directory, keep)
            if contents.notes:
                _supersede(out, directory)
    return directory


def annotate(out: Path, old: Path, notes: Mapping[str, bytes], previous: str) -> Path:
    """Put a release with other *notes* and another *previous* version, and else the same, in the place of *old*, kept in *out*.

    It has the same id. Give its directory. Raises as :func:`write` does.
    """
    with storing(out), lock.held(out):
        _clear(out)
        built = old.stat().st_mtime_ns
        fresh = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=out))
        listed = read(old)
        files = [file for file in listed.files if file.path not in notes and file.path != TURTLE_NAME]
        copied(fresh, old, files)
        files += noted(fresh, notes)
        sealed = seal(fresh, changed(listed, previous=previous), files, _statistics(old))
        directory = _settle(out, fresh, sealed)
        _succeed(out, old, directory, built)
    return directory


def replace(out: Path, old: Path, contents: Contents) -> Path:
    """Put a release of *contents* in the place of *old*, a release kept in *out*, and give its directory.

    The old one is gone when this returns, and was there whole until then. Raises as :func:`write` does.
    """
    with storing(out), lock.held(out):
        material = Material.gather(contents, out)
        _clear(out)
        built = old.stat().st_mtime_ns
        directory = _place(out, material)
        _succeed(out, old, directory, built)
    return directory


def _statistics(directory: Path) -> Statistics:
    """Count the statements of the release in *directory*. Raises StoreError where they cannot be read."""
    try:
        with (directory / QUADS).open("rb") as lines:
            return Census.of(lines, directory.parent).statistics
    except ValueError as error:
        raise StoreError(f"{directory / QUADS} is damaged: {error}", remedy=f"remove {directory}") from error


def near(out: Path) -> Path:
    """Give *out*, or where it is not there yet the directory in which it will be: what a build sorts on disk lies there."""
    return next(path for path in (out, *out.absolute().parents) if path.is_dir())


def _succeed(out: Path, old: Path, directory: Path, built: int) -> None:
    """Have *directory* be what *old* was: current where that was, as old as that; and remove *old*."""
    if (out / CURRENT).read_text("utf-8").strip() == old.name:
        _make_current(out, directory.name)
    os.utime(directory, ns=(built, built))
    if directory != old:
        _remove(out, old)


@contextmanager
def storing(out: Path) -> Iterator[None]:
    """Turn an OSError of the block into a StoreError about *out* that says what to do."""
    try:
        yield
    except OSError as error:
        reason, remedy = _REASONS.get(error.errno or 0, (error.strerror or str(error), _ELSEWHERE))
        raise StoreError(f"the release cannot be written to {out}: {reason}", remedy=remedy) from error


def _place(out: Path, material: Material) -> Path:
    """Lay the release out, prove it, and give the directory under its final name."""
    fresh = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=out))
    try:
        manifest = material.lay_out(fresh)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return _settle(out, fresh, manifest)


def _settle(out: Path, fresh: Path, manifest: Manifest) -> Path:
    """Prove the release laid out in *fresh*, and give it under its final name."""
    try:
        _read_back(fresh, manifest)
        for number in count(1):
            directory = out / (manifest.id if number == 1 else f"{manifest.id}-{number}")
            if not os.path.lexists(directory):
                _sync(*(path for path in fresh.rglob("*") if path.is_dir()), fresh)
                fresh.rename(directory)
                break
            if _is_same(directory, fresh):
                break
    finally:
        shutil.rmtree(
            fresh, ignore_errors=True
        )  # gone already when all went well; else the next build clears it
    os.utime(directory)  # the order of releases is that of their last build
    _sync(out)
    return directory


def _read_back(fresh: Path, manifest: Manifest) -> None:
    """Read all that was written again; StoreError where it is not what was meant."""
    if verify(fresh) != manifest:
        raise StoreError(f"{fresh / JSON_NAME} does not read back as it was written")
    with (fresh / QUADS).open("rb") as file:
        found = sum(1 for _ in ox.parse(file, format=ox.RdfFormat.N_QUADS))
    if found != manifest.counts["quads"]:
        raise StoreError(
            f"{fresh / QUADS} reads back as {found} statements instead of {manifest.counts['quads']}"
        )


def _is_same(directory: Path, fresh: Path) -> bool:
    """Tell whether *directory* holds, undamaged, the release that *fresh* holds."""
    try:
        verify(directory)
    except StoreError:
        return False  # damaged: it is not reused, and the one that takes its place is whole
    there, made = read(directory), read(fresh)
    return there == made or (there.released and not made.released and _bare(there) == _bare(made))


def _bare(manifest: Manifest) -> Manifest:
    """Give *manifest* without what ``kg release`` adds to a build."""
    files = tuple(file for file in manifest.files if file.path not in (*NOTES, TURTLE_NAME))
    return changed(manifest, files=files, previous="")


def _make_current(out: Path, name: str) -> None:
    fresh = out / f"{_UNFINISHED}current"
    with fresh.open("w", encoding="ascii", newline="") as file:
        file.write(f"{name}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(0o644)
    fresh.replace(out / CURRENT)
    _sync(out)


def _prune(out: Path, directory: Path, keep: int) -> None:
    """Remove all but *directory*, the newest others and what ``kg release`` made; nothing that is no release is touched."""
    others = [path for path in kept(out) if path != directory]
    for path in [path for path in others if not _is_released(path)][max(keep - 1, 0) :]:
        _remove(out, path)


def _supersede(out: Path, directory: Path) -> None:
    """Remove the builds of the id of *directory* that ``kg release`` did not make."""
    id = directory.name.partition("-")[0]
    for path in kept(out):
        if path != directory and path.name.partition("-")[0] == id and not _is_released(path):
            _remove(out, path)


def _is_released(path: Path) -> bool:
    """Tell whether ``kg release`` made the release in *path*; one that cannot be read was not."""
    try:
        return read(path).released
    except StoreError:
        return False


def _remove(out: Path, path: Path) -> None:
    # Renamed first: killed halfway, this leaves no part of a release under a release's name.
    shutil.rmtree(path.rename(out / f"{_UNFINISHED}old-{path.name}"))


def _clear(out: Path) -> None:
    """Remove what a build that was killed left behind; only under the lock."""
    for path in out.glob(f"{_UNFINISHED}*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _sync(*directories: Path) -> None:
    """Force entries of *directories* to disk, where the system can."""
    if os.name != "posix":
        return
    for directory in directories:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
