"""What has become of a resource, or of a claim about it, between two releases: values, and the sentences that tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kg.documents.contents import CLAIMS

State: TypeAlias = Literal["unchanged", "changed", "not there yet", "no longer there", "taken back"]
"""What has become of a resource since a release."""
Fate: TypeAlias = Literal[
    "added",
    "changed",
    "worded otherwise",
    "marked as an extraction error",
    "withdrawn",
    "taken back",
    "no longer there",
]
"""What has become of a claim since a release."""

VEILED: Final = "something that is veiled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedClaim:
    """A claim about a resource of which two releases do not say the same; ``added`` and ``removed`` are statements of its record, in words.

    ``sentence`` is what it says, as the newer release words it where that has it, and ``was`` as the older one did where that is another;
    both are empty, with ``said_by`` and the statements, for what is veiled or was taken back (``reason``, ``date``), the latter without ``iri`` too.
    """

    iri: str
    fate: Fate
    sentence: str = ""
    was: str = ""
    said_by: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    veiled: bool = False
    reason: str = ""
    date: str = ""

    def __str__(self) -> str:
        if self.fate == "taken back":
            return f"Claim {_taken_back(self.date, self.reason)}"
        said = f"“{self.sentence}” ({self.said_by})" if self.sentence else "one that is veiled"
        was = f"; it read: “{self.was}”" if self.was else ""
        return f"Claim {self.fate}: {said}{was}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What has become of ``iri`` between the releases ``since`` and ``now`` (ids), the first of which need not be the older one.

    ``label`` is what it is called now, ``was`` what it was called where that is another name. ``added`` and ``removed`` are statements in
    words. All these are empty of what is ``veiled`` or was taken back (``reason``, ``date``). ``untold`` statements name what was taken back, and
    are not told of. ``crowded``: there are too many claims about it to compare them.
    """

    iri: str
    since: str
    now: str
    state: State
    label: str = ""
    was: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    claims: tuple[ChangedClaim, ...] = ()
    veiled: bool = False
    crowded: bool = False
    untold: int = 0
    reason: str = ""
    date: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything in sentences, without the words of what is veiled."""
        return tuple(self._sentences())

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    @property
    def verdict(self) -> str:
        """The first sentence: what has become of it, in short."""
        label = VEILED if self.veiled else f"“{self.label}”"
        return {
            "unchanged": f"Nothing has changed: the releases {self.since} and {self.now} say the same of {label}.",
            "changed": f"The releases {self.since} and {self.now} do not say the same of {label}.",
            "not there yet": f"The release {self.since} says nothing of {label}; the release {self.now} does.",
            "no longer there": f"The release {self.now} says nothing of {label}; the release {self.since} does.",
            "taken back": f"What was here has been {_taken_back(self.date, self.reason)}.",
        }[self.state]

    @property
    def limits(self) -> tuple[str, ...]:
        """What has not been compared or is not told of."""
        found = []
        if self.veiled and self.state == "changed":
            found.append("It is veiled, and what has changed is not told here; its pages have it.")
        if self.crowded:
            found.append(f"More than {CLAIMS:,} claims are about it; these have not been compared.")
        if self.untold:
            found.append("Statements that name what has been taken back are not told of.")
        return tuple(found)

    def _sentences(self) -> Iterator[str]:
        yield self.verdict
        yield from self.limits
        if self.was:
            yield f"It was called “{self.was}”."
        yield from (f"Removed: {statement}" for statement in self.removed)
        yield from (f"Added: {statement}" for statement in self.added)
        yield from map(str, self.claims)


def _taken_back(date: str, reason: str) -> str:
    return f"taken back{f' on {date}' if date else ''}: {reason.removesuffix('.')}"
