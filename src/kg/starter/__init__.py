"""A new collection: a small project that is complete, and passes its own checks at once.

:mod:`~kg.starter.wishes` is what is asked for, :mod:`~kg.starter.contents` the files that follow from it,
:mod:`~kg.starter.laying` puts them into a directory. The same wishes give the same bytes: nothing depends on the clock, the
machine or who runs it (``SOURCE_DATE_EPOCH`` counts where it is set).
"""

from __future__ import annotations

from kg.starter.contents import files, ontology
from kg.starter.laying import lay
from kg.starter.wishes import Wishes

__all__ = ["Wishes", "files", "lay", "ontology"]
