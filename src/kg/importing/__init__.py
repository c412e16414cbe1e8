"""Importing: an existing RDF dataset becomes a source graph of a project.

:mod:`~kg.importing.intake` reads the files, :mod:`~kg.importing.skolem` gives blank nodes IRIs that follow from what is said of
them, :mod:`~kg.importing.forms` writes literals as a store keeps them, :mod:`~kg.importing.judging` judges the result as if it stood in the
project already, and :mod:`~kg.importing.writing` puts it there, whole or not at all. Nothing is ever fetched.
"""

from __future__ import annotations

from kg.importing.intake import Incoming, read
from kg.importing.judging import Plan, plan
from kg.importing.origin import Origin
from kg.importing.writing import write

__all__ = ["Incoming", "Origin", "Plan", "plan", "read", "write"]
