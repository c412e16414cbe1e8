"""The field of the chain of relay: who passed a statement on, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.positions.statements import Term
from kg.sheets.columns import Cells, Column, split
from kg.sheets.entries import Entry, node, types
from kg.sheets.holdings import LABEL, Holdings, Said
from kg.sheets.values import KEPT, SEPARATOR, SOURCE, Reference, whole

AGENTS: Final = ("org", "actor", "voice", "person")
"""The types of those who can say something, or pass it on."""
_RELAY, _AGENT, _POSITION = node("kg:relay"), node("kg:agent"), node("kg:position")


@dataclass(frozen=True, slots=True)
class Relays:
    """The chain of relay: the agents in their order, the one nearest to the speaker first."""

    columns: tuple[Column, ...] = (
        Column(
            "relayed_by",
            "kg:relay",
            "who passed it on, nearest to the speaker first",
            "org:coastal-wire",
            " or ".join(f"`{each}:`" for each in AGENTS),
            many=True,
        ),
    )

    def show(self, holdings: Holdings, subject: ox.NamedNode) -> list[str]:
        """Give the agents, or :data:`KEPT` where their positions are not 1, 2, 3 and so on."""
        links = []
        for relay in holdings.values(subject, _RELAY):
            agent, position = _link(holdings, relay)
            if agent is None or position is None:
                return [KEPT]
            links.append((position, agent))
        if sorted(position for position, _ in links) != list(range(1, len(links) + 1)):
            return [KEPT]
        return [f" {SEPARATOR} ".join(agent for _, agent in sorted(links))]

    def governs(self, said: Said) -> bool:
        """Tell whether it is a link of relay."""
        return said[0] == _RELAY

    def make(self, entry: Entry, cells: Cells) -> list[Said]:
        """Give a link for each agent: the one that the claim or the collection has, or a new one."""
        made: list[Said] = []
        for position, text in enumerate(split(cells["relayed_by"]), 1):
            agent = entry.read("relayed_by", Reference(AGENTS), text)
            if isinstance(agent, ox.NamedNode):
                made.append((_RELAY, _relay(entry, agent, position)))
        return made


def _link(holdings: Holdings, relay: Term) -> tuple[str | None, int | None]:
    if not isinstance(relay, ox.NamedNode):
        return None, None
    agents, positions = holdings.values(relay, _AGENT), holdings.values(relay, _POSITION)
    if len(agents) != 1 or len(positions) != 1 or not isinstance(positions[0], ox.Literal):
        return None, None
    number = positions[0].value
    return Reference(AGENTS).show(agents[0]), int(number) if number.isdecimal() and len(number) < 4 else None


def _relay(entry: Entry, agent: ox.NamedNode, position: int) -> ox.NamedNode:
    said: list[Said] = [(_AGENT, agent), (_POSITION, whole(position))]
    own = entry.holdings.values(entry.subject, _RELAY)
    for known in (*own, *entry.register.relays.get((agent, whole(position)), ())):
        if isinstance(known, ox.NamedNode) and all(
            value in entry.holdings.values(known, p) for p, value in said
        ):
            return known
    named = SOURCE.split(agent.value)
    new = ox.NamedNode(SOURCE.id("relay", f"{named[1] if named else 'agent'}-{position}"))
    place = "nearest to the speaker" if position == 1 else f"link {position} from the speaker"
    label = ox.Literal(f"{entry.names.label(agent.value)}, {place}", language="en")
    entry.others[new] = [*types(["kg:Relay"]), (LABEL, label), *said]
    return new
