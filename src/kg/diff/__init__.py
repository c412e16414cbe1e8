"""Differences: what two versions of a collection do not share, in sentences: releases, files, or a project as it is.

Both are read along their sorted statements; what differs is looked up and worded. The work grows with the size of both and with what
differs, and no faster. Of what was taken back nothing is told but how much, when and why; what is veiled is told of without its words.
"""

from __future__ import annotations

from kg.diff.comparison import difference
from kg.diff.difference import Difference, Head, Statement, Takedown, Taken, Tally, Told, Version
from kg.diff.side import Side, taken

__all__ = [
    "Difference",
    "Head",
    "Side",
    "Statement",
    "Takedown",
    "Taken",
    "Tally",
    "Told",
    "Version",
    "difference",
    "taken",
]
