"""What ``kg push`` wrote of itself into a store: which release stands there, and whether it stands.

Each collection has a record in the graph :data:`CONTROL`, whose subject is its dataset. A release stands only while its ``state``
is ``standing``; its ``token`` is another one after each transfer, so that whoever reads the same token after an answer as before
the question knows that nothing was moved in between (docs/decisions/0049).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.store.solutions import Term

PREFIX: Final = "urn:x-attest:"
CONTROL: Final = PREFIX + "standing"
"""The graph of the records."""
STANDING, MOVING, LOADING = "standing", "moving", "loading"
"""A release can be read; its graphs are being replaced; or a further one is being loaded beside it."""

QUERY: Final = f"SELECT ?s ?p ?o WHERE {{ GRAPH <{CONTROL}> {{ ?s ?p ?o }} }}"
NAMES: Final = ("release", "sha256", "token", "state", "dataset", "sent")
_HOLDS: Final = re.compile("([0-9]{1,18}) ([0-9a-f]{64}) (.+)")


@dataclass(frozen=True, slots=True)
class Held:
    """A graph of a release: how many statements it has, and the SHA-256 of their sorted lines."""

    graph: str
    quads: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.quads} {self.sha256} {self.graph}"


@dataclass(frozen=True, slots=True)
class Standing:
    """A record: *subject* is the dataset, or stands for a transfer to it; ``sha256`` is the digest of the whole ``quads.nq``.

    ``sent`` is how far a transfer has come, in bytes of that file.
    """

    subject: str
    dataset: str
    release: str
    sha256: str
    token: str
    state: str
    holds: tuple[Held, ...] = ()
    sent: int = 0

    @property
    def stands(self) -> bool:
        """Whether the release can be read."""
        return self.state == STANDING

    @property
    def loads(self) -> bool:
        """Whether it tells of a release that is being loaded, and of none that can be read."""
        return self.subject.startswith(PREFIX)

    def to_triples(self) -> list[tuple[str, str, str]]:
        """Give the record as triples: subject and property as IRIs, the object as a plain literal's text."""
        said = [(name, str(getattr(self, name))) for name in NAMES]
        said += [("holds", str(held)) for held in self.holds]
        return [(self.subject, PREFIX + name, value) for name, value in said]


def read(rows: Iterable[tuple[Term | None, ...]]) -> list[Standing]:
    """Give the records that the *rows* of :data:`QUERY` hold; one that is not complete has no state, and so does not stand."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, name, value in rows:
        if isinstance(subject, ox.NamedNode) and isinstance(name, ox.NamedNode):
            text = value.value if isinstance(value, ox.Literal) else ""
            found[subject.value][name.value.removeprefix(PREFIX)].append(text)
    return [_standing(subject, said) for subject, said in sorted(found.items())]


def _standing(subject: str, said: Mapping[str, list[str]]) -> Standing:
    one = {name: values[0] if len(values := said.get(name, [])) == 1 else "" for name in NAMES}
    lines = [_HOLDS.fullmatch(line) for line in said.get("holds", ())]
    sent = one.pop("sent")
    if not (all(one.values()) and sent.isdecimal() and all(lines)):
        one["state"] = ""
    holds = sorted(
        (Held(line[3], int(line[1]), line[2]) for line in lines if line), key=lambda held: held.graph
    )
    return Standing(subject, holds=tuple(holds), sent=int(sent) if sent.isdecimal() else 0, **one)
