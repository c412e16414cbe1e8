"""Attest: contested history as linked data.

``kg.open()`` opens a release for reading::

    import kg

    g = kg.open()
    for claim in g.claims(event="baku-1990-01", measure="deaths"):
        print(claim.as_of, claim.words, claim.voices)
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

from kg.version import __version__ as __version__

if TYPE_CHECKING:
    from kg.archive import Archive
    from kg.changes import Change, ChangedClaim
    from kg.chronology import Day, Timeline
    from kg.comparison import Comparison, Figure, Interval
    from kg.diff import Difference, Told
    from kg.errors import (
        EvidenceError,
        Gone,
        InvalidGraph,
        KgError,
        NotAcceptable,
        NotFound,
        ProjectError,
        QueryError,
        QueryTimeout,
        QueryTooLarge,
        RemoteError,
        SourceError,
        StoreError,
    )
    from kg.locations import Located, Location
    from kg.opening import open
    from kg.rows import IRI, Row, Rows, Text
    from kg.search import Found, Hit
    from kg.spans import Bounds, Span
    from kg.views import (
        Chain,
        Cited,
        Claim,
        Event,
        Evidence,
        Known,
        Link,
        Person,
        Photograph,
        Place,
        Reason,
        Scope,
        Thing,
        Voice,
        Why,
        Work,
    )

__all__ = [
    "IRI",
    "Archive",
    "Bounds",
    "Chain",
    "Change",
    "ChangedClaim",
    "Cited",
    "Claim",
    "Comparison",
    "Day",
    "Difference",
    "Event",
    "Evidence",
    "EvidenceError",
    "Figure",
    "Found",
    "Gone",
    "Hit",
    "Interval",
    "InvalidGraph",
    "KgError",
    "Known",
    "Link",
    "Located",
    "Location",
    "NotAcceptable",
    "NotFound",
    "Person",
    "Photograph",
    "Place",
    "ProjectError",
    "QueryError",
    "QueryTimeout",
    "QueryTooLarge",
    "Reason",
    "RemoteError",
    "Row",
    "Rows",
    "Scope",
    "SourceError",
    "Span",
    "StoreError",
    "Text",
    "Thing",
    "Timeline",
    "Told",
    "Voice",
    "Why",
    "Work",
    "open",
]

_PLACES = {
    name: module
    for module, names in {
        "kg.archive": "Archive",
        "kg.changes": "Change ChangedClaim",
        "kg.chronology": "Day Timeline",
        "kg.comparison": "Comparison Figure Interval",
        "kg.diff": "Difference Told",
        "kg.errors": "EvidenceError Gone InvalidGraph KgError NotAcceptable NotFound ProjectError QueryError QueryTimeout QueryTooLarge RemoteError SourceError StoreError",
        "kg.locations": "Located Location",
        "kg.opening": "open",
        "kg.rows": "IRI Row Rows Text",
        "kg.search": "Found Hit",
        "kg.spans": "Bounds Span",
        "kg.views": "Chain Cited Claim Event Evidence Known Link Person Photograph Place Reason Scope Thing Voice Why Work",
    }.items()
    for name in names.split()
}
"""The module of each name, imported when it is asked for: a process that builds, or answers queries, needs few of them."""

if not TYPE_CHECKING:  # which would take any name for one that is there

    def __getattr__(name: str) -> object:
        """Give a public name, or a module of the package."""
        if name in _PLACES:
            found = getattr(_import_module(_PLACES[name]), name)
        elif name.startswith("_"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        else:
            try:
                found = _import_module(f"{__name__}.{name}")
            except ModuleNotFoundError as error:
                if error.name != f"{__name__}.{name}":
                    raise
                raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
        globals()[name] = found
        return found


del TYPE_CHECKING


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
