"""Redaction: leaving a resource out of every release, with all that rests on it.

Two ways lead here, and both take the same things away. *Withheld* (``kg:visibility kg:withheld`` on a resource) is
what was never meant to be public. *Redacted* is what was public and is taken back: ``data/<collection>/redactions.ttl``
names it with reasons and date, and releases keep a tombstone. :mod:`~kg.redaction.record` reads and writes that file,
:mod:`~kg.redaction.closure` tells what falls with a resource, :mod:`kg.appellations` what still names it, and
:mod:`~kg.redaction.public` gives what is left to be released; :mod:`~kg.redaction.plan` shows it beforehand.
"""

from __future__ import annotations

from kg.appellations import Names
from kg.redaction.closure import Closure
from kg.redaction.plan import Plan
from kg.redaction.public import Public
from kg.redaction.record import FILE, Redaction, added, read, withheld

__all__ = ["FILE", "Closure", "Names", "Plan", "Public", "Redaction", "added", "read", "withheld"]
