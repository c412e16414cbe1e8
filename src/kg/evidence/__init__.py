"""Evidence: text versions, passages held by position and digest, and their proof against a reader's copy.

The texts belong to others, so no sentence of theirs is kept. A passage is a position in the normalised text
and the SHA-256 digest of its letters, marks and digits; whoever holds a copy can prove it. Bytes go into
:meth:`Copy.read`, plain values come out: this package reads no file, knows no RDF and no project. The rules
are section 4 of the model (``docs/model.md``).
"""

from kg.evidence.anchors import Anchor, Part, Passage, TextVersion, anchor, anchor_part, check, version
from kg.evidence.text import MINIMUM, Copy, fingerprint, normalise, plain
from kg.evidence.verification import Found, State, Verification, verify, words

__all__ = [
    "MINIMUM",
    "Anchor",
    "Copy",
    "Found",
    "Part",
    "Passage",
    "State",
    "TextVersion",
    "Verification",
    "anchor",
    "anchor_part",
    "check",
    "fingerprint",
    "normalise",
    "plain",
    "verify",
    "version",
    "words",
]
