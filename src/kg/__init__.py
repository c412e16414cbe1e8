"""Attest: contested history as linked data.

``kg.open()`` opens a release for reading::

    import kg

    g = kg.open()
    for claim in g.claims(event="baku-1990-01", measure="deaths"):
        print(claim.as_of, claim.words, claim.voices)
"""

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
from kg.version import __version__ as __version__
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
