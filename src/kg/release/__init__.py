"""A release: ``quads.nq``, downloads, index and manifest, written whole or not at all.

The same contents give the same bytes on any machine: nothing depends on the clock (``SOURCE_DATE_EPOCH``, else
the collection's own date), on where it is built, or on locale, time zone, hash seed and umask. A release is laid
out in a fresh hidden directory, forced to disk, read back, renamed to its id, and only then named by ``CURRENT``;
a crash at any point leaves the previous release as it was.
"""

from __future__ import annotations

from kg.release.contents import NOTES, Contents, seal
from kg.release.keeping import holds, kept, mentions, quads, reread, says
from kg.release.lock import holder, locked
from kg.release.publishing import KEEP, annotate, near, replace, storing, write

__all__ = [
    "KEEP",
    "NOTES",
    "Contents",
    "annotate",
    "holder",
    "holds",
    "kept",
    "locked",
    "mentions",
    "near",
    "quads",
    "replace",
    "reread",
    "says",
    "seal",
    "storing",
    "write",
]
