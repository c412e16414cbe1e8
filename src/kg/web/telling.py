"""What a kept release tells of its changes, as far as it may still be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg import manifest
from kg.diff import account
from kg.errors import StoreError
from kg.manifest import CHANGES, Manifest, Tombstone
from kg.names import Base

_DAMAGED = "What changed cannot be told: the record of it is damaged."


@dataclass(frozen=True, slots=True)
class Telling:
    """What changed from the version ``since`` (an id, empty where it is the first), in sentences: a ``summary``, all ``sentences``, and whether these are ``complete``."""

    since: str
    summary: tuple[str, ...]
    sentences: tuple[str, ...]
    complete: bool


def told(release: Manifest, directory: Path, stones: Iterable[Tombstone], limit: int = 0) -> Telling | None:
    """Give what *release*, which lies in *directory*, tells of its changes, of at most *limit* resources; None where it tells nothing.

    Where it tells of what *stones* stand for, its numbers are given and no words. Raises OSError where its files cannot be read.
    """
    file = release.file(CHANGES)
    if file is None:
        return None
    try:
        found = account.read(manifest.content(directory, file), str(directory / CHANGES))
    except StoreError as error:
        if isinstance(error.__cause__, OSError):
            raise error.__cause__ from None
        return Telling(release.previous, (_DAMAGED,), (_DAMAGED,), False)
    found = account.discreet(found, stones, Base(release.base))
    shown = found.cut(limit)
    verdict = (found.verdict,) if found.since is None or found.same or not found.summary else ()
    whole = not (shown if limit else found).left_out  # a summary leaves nothing out by being one
    return Telling(release.previous, (*verdict, *found.summary), shown.sentences, complete=whole)
