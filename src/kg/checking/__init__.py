"""Checking: everything that is found about a project's data, and again after each change.

:class:`Checker` goes from files to a report; :mod:`~kg.checking.constraints` holds shapes against data that change, by
pySHACL for the focus nodes that :mod:`~kg.checking.sets` suspects, :mod:`~kg.checking.columns` against data of any size, and
:mod:`~kg.checking.engines` chooses between the two;
:mod:`~kg.checking.questions` looks at the queries, :mod:`~kg.checking.certainty` at what holds while a file is broken,
and :mod:`~kg.checking.watching` at which files change. :func:`elsewhere` checks what a store holds.
"""

from __future__ import annotations

from kg.checking.checker import Checked, Checker, settings_report
from kg.checking.elsewhere import elsewhere
from kg.checking.engines import LARGE, Engine
from kg.checking.watching import Watch

__all__ = ["LARGE", "Checked", "Checker", "Engine", "Watch", "elsewhere", "settings_report"]
