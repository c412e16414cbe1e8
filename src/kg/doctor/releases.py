"""The releases: whether there is one, whether it is whole and of today's data, and what a build left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg import inputs, manifest, release
from kg.doctor.situation import Note, Situation
from kg.errors import KgError, StoreError
from kg.manifest import CURRENT, Manifest


def writable(situation: Situation) -> Iterator[Note]:
    """Releases can be written."""
    if situation.root is None:
        return
    place = situation.out if situation.out.exists() else situation.root
    if not place.is_dir():
        yield Note(
            "problem",
            f"{place} is a file, and releases are written into a directory of that name",
            "take it away, or build with -o DIR",
        )
    elif not situation.machine.may_write(place):
        yield Note(
            "problem",
            f"{place} cannot be written to: kg build will fail",
            "change its permissions, or build with -o DIR",
        )
    else:
        yield Note("ok", f"{place} can be written to")


def _read(situation: Situation) -> tuple[Path, Manifest] | None:
    try:
        directory = manifest.current(situation.out)
        return directory, manifest.read(directory)
    except StoreError:
        return None


def current(situation: Situation) -> Iterator[Note]:
    """There is a release, CURRENT names it, and each of its files has the digest that the manifest lists."""
    if situation.root is None:
        return
    out = situation.out
    if not (out / CURRENT).exists() and not (out / manifest.JSON_NAME).exists():
        others = release.kept(out)
        if others:
            yield Note(
                "problem",
                f"{out} holds {len(others)} release{'' if len(others) == 1 else 's'} and no {CURRENT} that names one: nothing is served",
                "run kg build",
            )
        else:
            yield Note(
                "note", "no release has been built yet: there is nothing to query or serve", "run kg build"
            )
        return
    try:
        found = manifest.verify(manifest.current(out))
    except StoreError as error:
        yield Note("problem", f"{error.message}: it is not served", error.remedy)
    else:
        yield Note("ok", f"release {found.id} is whole: {len(found.files)} files")


def fresh(situation: Situation) -> Iterator[Note]:
    """The current release was built from the files as they are now."""
    found = _read(situation)
    if situation.project is None or found is None:
        return
    try:
        changed = inputs.changed(situation.project, found[1].inputs)
    except (KgError, OSError):
        return  # kg validate tells
    if found[1].base != situation.project.base.iri:
        yield Note("note", f"the release has the base {found[1].base}, and kg.toml another", "run kg build")
    elif changed:
        yield Note(
            "note",
            f"the release is older than the data: {len(changed)} file{'' if len(changed) == 1 else 's'} changed since, as {changed[0]}",
            "run kg build",
        )
    else:
        yield Note("ok", "the release is of the data as they are now")


def lock(situation: Situation) -> Iterator[Note]:
    """Nobody holds the builders' lock, or it is said who does."""
    if not release.locked(situation.out):
        last = release.holder(situation.out)
        if last:
            yield Note("ok", f"the builders' lock is free; process {last} held it last")
        return
    yield Note(
        "note",
        f"a build is under way (process {release.holder(situation.out) or 'unknown'}): another would be refused",
        "wait until it has ended",
    )


def leftovers(situation: Situation) -> Iterator[Note]:
    """Nothing is left of a build, an import or a new project that was broken off."""
    if situation.root is None:
        return
    root, out = situation.root, situation.out
    found = [] if release.locked(out) else sorted(out.glob(".building-*"))
    found += sorted(
        [*root.glob("data/*/sources/.importing-*"), *root.glob(".importing-*"), *root.glob(".kg-new-*")]
    )
    for path in found:
        remedy = "the next kg build clears it" if path.parent == out else "take it away"
        yield Note(
            "note",
            f"{path.relative_to(root)} is left of something that was broken off; nothing reads it",
            remedy,
        )
    if not found:
        yield Note("ok", "nothing is left of work that was broken off")
