"""The manifest of a release: what it holds, the size and SHA-256 of every file, how it was made.

``manifest.json`` is what programs read, ``manifest.ttl`` the same as DCAT 3, VoID and PROV-O. Neither is part of
the dataset, because both depend on its finished bytes. A release is a directory that holds ``manifest.json``;
a directory of releases holds a file ``CURRENT`` that names one of them.
"""

from __future__ import annotations

from kg.manifest.dcat import turtle
from kg.manifest.description import (
    CHANGES,
    CITATION,
    FORMAT,
    JSON_NAME,
    QUADS,
    SUMS,
    TURTLE_NAME,
    File,
    Graph,
    Manifest,
    Tombstone,
)
from kg.manifest.reading import CURRENT, content, current, digest, is_relative, read, sound, verify

__all__ = [
    "CHANGES",
    "CITATION",
    "CURRENT",
    "FORMAT",
    "JSON_NAME",
    "QUADS",
    "SUMS",
    "TURTLE_NAME",
    "File",
    "Graph",
    "Manifest",
    "Tombstone",
    "content",
    "current",
    "digest",
    "is_relative",
    "read",
    "sound",
    "turtle",
    "verify",
]
