"""The course of a transfer: load beside, count, put in place, count, let stand, clear away.

Each step may be interrupted and done again. What is loaded goes into graphs of its own, under names that nothing else has; how far it has
come stands in the store, in the same request as the statements. Only when every graph there is complete are the graphs of the release
replaced by copies. While that lasts the record says so, and readers that heed it wait.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, Literal

from kg.errors import StoreError
from kg.names import Base
from kg.store.remote.standing import LOADING, MOVING, PREFIX, STANDING, Held, Standing
from kg.transfer import wording
from kg.transfer.shipment import BYTES, TRIPLES, Shipment
from kg.transfer.target import Target

Stage = Literal["sending", "counting", "moving", "clearing"]
Told = Callable[[Stage, int, int], None]
"""Called with the stage, how much of it is done, and how much it is in all: bytes for sending, else graphs."""

_NEW: Final = 12


@dataclass(frozen=True, slots=True)
class Plan:
    """What a transfer does: the graphs to *send*, those that are the same there already, those that are *gone*.

    ``standing`` is the release that stands there, None where none does; ``sent`` how far an earlier transfer of the same came, in bytes.
    """

    send: tuple[Held, ...]
    same: tuple[Held, ...]
    gone: tuple[str, ...]
    standing: Standing | None
    sent: int

    @property
    def quads(self) -> int:
        """How many statements are sent."""
        return sum(held.quads for held in self.send)

    @property
    def nothing(self) -> bool:
        """Whether the release stands there already."""
        return not self.send and not self.gone and self.standing is not None and self.standing.stands


class Transfer:
    """The transfer of *shipment* to *target*. One at a time writes to a store; another one that begins makes this one stop."""

    def __init__(
        self, shipment: Shipment, target: Target, *, triples: int = TRIPLES, most: int = BYTES
    ) -> None:
        self._shipment = shipment
        self._target = target
        self._triples, self._most = triples, most
        key = secrets.token_hex(8)
        mark = Base(shipment.manifest.base).iri
        self._loading = Standing(
            subject=f"{PREFIX}loading:{_digest(mark)}",
            dataset=shipment.dataset,
            release=shipment.manifest.id,
            sha256=shipment.sha256,
            token=key,
            state=LOADING,
        )
        self._before: Standing | None = None  # an earlier transfer, of this release or of another

    def plan(self) -> Plan:
        """Ask the store what stands there, and give what is to be done. Nothing is written."""
        records = {one.subject: one for one in self._target.records()}
        standing = records.get(self._shipment.dataset)
        self._before = records.get(self._loading.subject)
        known = (
            {held.graph: held for held in standing.holds} if standing is not None and standing.stands else {}
        )
        graphs = self._shipment.graphs
        same = tuple(held for held in graphs.values() if known.get(held.graph) == held)
        same = tuple(held for held in same if self._target.count(held.graph) == held.quads)
        send = tuple(held for held in graphs.values() if held not in same)
        gone = tuple(held.graph for held in (standing.holds if standing else ()) if held.graph not in graphs)
        sent = self._before.sent if self._before is not None and self._goes_on(send) else 0
        return Plan(send, same, gone, standing, sent)

    def carry_out(self, plan: Plan, told: Told = lambda stage, done, of: None) -> Standing:
        """Do what *plan* says, and give the record of the release that stands then. May be called again after any error.

        Raises RemoteError where the store cannot be reached or has no time for too long, StoreError where it does not hold what it was sent.
        """
        if plan.nothing and plan.standing is not None:
            if self._before is not None:  # the transfer that ended so was cut off while it cleared away
                self._clear(_staged(self._before), told)
            return plan.standing
        staged = {held.graph: _staging(self._loading, number) for number, held in enumerate(plan.send)}
        loading = self._begin(plan)
        self._send(plan, staged, loading, told)
        self._count(plan.send, staged, "counting", told)
        self._own(loading)
        standing = replace(
            loading,
            subject=self._shipment.dataset,
            state=STANDING,
            holds=tuple(self._shipment.graphs.values()),
            sent=0,
        )
        self._move(plan, staged, standing, told)
        self._clear(staged.values(), told)
        return standing

    # ------------------------------------------------------------------ the steps

    def _begin(self, plan: Plan) -> Standing:
        """Note that a release is being loaded; where another one was, what was loaded of it goes first."""
        before = self._before
        if before is not None and not self._goes_on(plan.send):
            self._target.update(*(wording.dropped(graph) for graph in _staged(before)))
        loading = replace(self._loading, holds=plan.send, sent=plan.sent)
        self._target.update(wording.written(loading))
        return loading

    def _send(self, plan: Plan, staged: dict[str, str], loading: Standing, told: Told) -> None:
        size = self._shipment.size
        for batch in self._shipment.batches(plan.sent, list(staged), triples=self._triples, most=self._most):
            told("sending", batch.start, size)
            self._target.insert(batch, staged, wording.progress(loading, batch.end))
        told("sending", size, size)

    def _count(self, held: tuple[Held, ...], names: dict[str, str], stage: Stage, told: Told) -> None:
        """See that each graph has as many statements as it has in the release."""
        for number, each in enumerate(held):
            told(stage, number, len(held))
            found = self._target.count(names.get(each.graph, each.graph))
            if found != each.quads:
                self._target.update(wording.progress(self._loading, 0))
                raise StoreError(
                    f"{self._target.url} holds {found:,} of the {each.quads:,} statements of {each.graph}",
                    remedy="push again: it begins anew. If that ends the same way, the store takes for one what the release tells "
                    "apart (a number in two spellings, a text in two); docs/stores.md",
                )
        told(stage, len(held), len(held))

    def _own(self, loading: Standing) -> None:
        """See that no other transfer has begun since. Raises StoreError."""
        found = next((one for one in self._target.records() if one.subject == loading.subject), None)
        if found is None or found.token != loading.token:
            raise StoreError(
                "another kg push to this store has begun since, and this one leaves it the field",
                remedy="let one push run at a time",
            )

    def _move(self, plan: Plan, staged: dict[str, str], standing: Standing, told: Told) -> None:
        """Replace the graphs of the release that stood by those that were loaded, in one request, and have the new one stand."""
        told("moving", 0, 1)
        before = plan.standing
        held = {each.graph: each for each in (*(before.holds if before else ()), *standing.holds)}
        both = tuple(
            held.values()
        )  # so that nothing is forgotten where this is the last that is heard of the transfer
        self._target.update(wording.written(replace(standing, state=MOVING, holds=both)))
        self._target.update(
            wording.moved([(staged[each.graph], each.graph) for each in plan.send], plan.gone)
        )
        self._count(plan.send, {}, "moving", told)
        self._target.update(wording.written(standing))

    def _clear(self, staged: Iterable[str], told: Told) -> None:
        """Take away what was loaded beside, and the note of it."""
        names = list(staged)
        for number, graph in enumerate(names):
            told("clearing", number, len(names))
            self._target.update(wording.dropped(graph))
        self._target.update(wording.forgotten(self._loading.subject))
        told("clearing", len(names), len(names))

    # ------------------------------------------------------------------ inside

    def _goes_on(self, send: tuple[Held, ...]) -> bool:
        """Tell whether the earlier transfer is of this release, and of the same graphs."""
        before = self._before
        return (
            before is not None
            and before.state == LOADING
            and before.sha256 == self._shipment.sha256
            and sorted(map(str, before.holds)) == sorted(map(str, send))
        )


def _staging(record: Standing, number: int) -> str:
    """Give the name of the graph in which the graph *number* of those to be sent is built up."""
    return f"{record.subject.replace('loading', 'staged')}:{record.sha256[:_NEW]}:{number}"


def _staged(record: Standing) -> list[str]:
    return [_staging(record, number) for number in range(len(record.holds))]


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_NEW]
