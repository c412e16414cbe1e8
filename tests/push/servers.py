"""A server that takes updates, as tests reach it."""

from __future__ import annotations

from dataclasses import dataclass, field

import kg
from kg.transfer import Access, Patience, Plan, Shipment, Target, Transfer


@dataclass(frozen=True)
class Server:
    """A server: where it is read, where it is written, and who may."""

    name: str
    read: str
    query: str
    update: str
    graph_store: str
    environment: dict[str, str] = field(default_factory=dict)

    def target(self, *, graph_store: bool = False, **more: object) -> Target:
        access = Access.of(self.query, self.update, self.graph_store if graph_store else "", self.environment)
        return Target(access, Patience(first=0.01), **more)  # type: ignore[arg-type]

    def transfer(self, archive: kg.Archive, *, graph_store: bool = False, **more: int) -> Transfer:
        assert archive.directory
        return Transfer(Shipment(archive.directory), self.target(graph_store=graph_store), **more)

    def push(self, archive: kg.Archive, **more: int) -> Plan:
        """Push *archive*, and give what had to be done."""
        transfer = self.transfer(archive, **more)
        plan = transfer.plan()
        transfer.carry_out(plan)
        return plan

    def arguments(self) -> list[str]:
        """Give the arguments of ``kg push``."""
        return [self.query, *(["--update", self.update] if self.update != self.query else [])]
