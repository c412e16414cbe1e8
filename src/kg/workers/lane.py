"""The lane of heavy queries: so many run, the others are stopped where they are and wait for a turn.

A stopped process (SIGSTOP) loses nothing of its work and takes no processor. Turns go round by client, so that nobody's queries keep
another's from running. A first turn is short, and each further one twice as long. Who has had none yet waits for no long one to end; beyond
that a query gives way to none that its client asked later. So what takes a second is not kept waiting by what takes ten, and of ten
alike the first are answered, and not none.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import count
from time import monotonic
from typing import Final

from kg.errors import KgError, Unavailable
from kg.limits import Limits
from kg.workers.process import PAUSES, Worker

SLICE: Final = 0.5
"""Seconds of a processor of a first turn, and those after which any turn gives way to a query that has had none."""
CROWDED: Final = 4
"""Seconds by the clock that count as one of a processor, where others take it or a disk is waited for."""


class _Way(IntEnum):
    """To whom a query that runs gives way."""

    NOBODY = 0
    FRESH = 1  # who has had no turn
    ALL = 2  # who is another client's, and who is older, too


@dataclass(eq=False, slots=True)
class Asker:
    """Who asks a query: a client by *name*, empty for one that nobody knows; ``waited`` are the seconds that its query was stopped."""

    name: str = ""
    waited: float = 0.0


@dataclass(eq=False, slots=True)
class Clock:
    """The clock of a query: it has to be over at ``until`` (of :func:`time.monotonic`), which is None while it is stopped."""

    until: float | None
    struck: bool = False

    def over(self, now: float) -> bool:
        """Tell whether its time is over."""
        self.struck = self.struck or (self.until is not None and now >= self.until)
        return self.struck


@dataclass(eq=False, slots=True, kw_only=True)
class Turn:
    """A query that may become heavy: its *worker*, its *asker*, and the *clock* on which it has to be over.

    The clock stands still while it is stopped. ``refused`` is why it was ended. The rest is the lane's.
    """

    worker: Worker
    asker: Asker
    clock: Clock
    refused: KgError | None = None
    number: int = 0
    turns: int = 0
    way: _Way = _Way.NOBODY
    since: float = 0.0
    had: float = 0.0
    left: float = 0.0
    held: int = 0
    timer: asyncio.TimerHandle | None = None

    def refuse(self, error: KgError) -> None:
        """End the query for the reason *error*."""
        self.refused = error
        self.worker.kill()


class Lane:
    """The heavy queries of a pool within *limits*: ``heavy`` of them run and ``paused`` wait, each for ``patience`` seconds in all."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._paused = limits.paused if PAUSES else 0
        self._running: list[Turn] = []
        self._waiting: dict[str, list[Turn]] = {}  # by client; the one that had a turn last stands last
        self._numbers = count()

    @property
    def waiting(self) -> int:
        """How many queries are stopped now."""
        return sum(map(len, self._waiting.values()))

    def enter(self, turn: Turn) -> None:
        """Have *turn*, which runs, run on or wait; where too many wait then, one is refused: the newest of whoever has most."""
        turn.number = next(self._numbers)
        if len(self._running) < self._limits.heavy:
            self._run(turn)
            return
        self._stop(turn)
        self._rotate()
        if self.waiting > self._paused:
            self._surplus().refuse(
                Unavailable(
                    f"{self._limits.heavy} queries that take long are running, {self._paused} wait for their turn, "
                    "and this one would be one more",
                    retry_after=self.relief(),
                    remedy="try again later, or ask for less",
                )
            )

    def leave(self, turn: Turn) -> None:
        """Note that *turn*, if it ever entered, is over; its place is another's."""
        if turn in self._running:
            self._drop(turn)
            if following := self._next():
                self._resume(following)
        elif turn in self._waiting.get(turn.asker.name, ()):
            self._withdraw(turn)
        self._rotate()  # there may be memory now to stop another

    def relief(self) -> int:
        """Give the seconds until one of those that run is over at the latest, if none is stopped."""
        now = monotonic()
        left = [turn.clock.until - now for turn in self._running if turn.clock.until is not None]
        return max(1, math.ceil(min(left, default=0)))

    # ------------------------------------------------------------------ turns

    def _rotate(self) -> None:
        """Give the place of each whose turn is over to another that it has to be given to, if it can be stopped."""
        for turn in list(self._running):
            if turn.way and self._may_stop(turn) and (following := self._next(turn)):
                self._drop(turn)
                self._stop(turn)
                self._resume(following)

    def _next(self, before: Turn | None = None) -> Turn | None:
        """Give the one that is to run, in the place of *before* or in an empty one; the clients come in turn."""
        for name, turns in self._waiting.items():
            found = min(turns, key=lambda turn: (turn.turns > 0, turn.number))
            if before is None or not found.turns:
                return found
            if before.way is _Way.ALL and (name != before.asker.name or found.number < before.number):
                return found
        return None

    def _surplus(self) -> Turn:
        """Give the newest of those that wait, of the client that has most queries here, of several the one that came last."""
        here = [*self._running, *self._all_waiting()]
        numbers = {name: sum(turn.asker.name == name for turn in here) for name in self._waiting}
        found = max(self._all_waiting(), key=lambda turn: (numbers[turn.asker.name], turn.number))
        self._withdraw(found)
        return found

    def _all_waiting(self) -> Iterator[Turn]:
        for turns in self._waiting.values():
            yield from turns

    def _may_stop(self, turn: Turn) -> bool:
        """Tell whether *turn*, which has run for a while, may be stopped: together such may hold what one worker may."""
        held = sum(other.held for other in self._all_waiting())
        return not turn.clock.struck and held + turn.worker.grown() <= self._limits.memory

    def _run(self, turn: Turn) -> None:
        """Count *turn* among those that run, for as long as its turn is."""
        self._running.append(turn)
        turn.way = _Way.NOBODY
        turn.turns += 1
        turn.since, turn.had = monotonic(), turn.worker.used()
        turn.timer = _later(SLICE, self._spend, turn)

    def _spend(self, turn: Turn) -> None:
        """Have *turn* give way, after its first seconds to some, after all of them to more."""
        whole = SLICE * 2 ** (turn.turns - 1)
        had = max(turn.worker.used() - turn.had, (monotonic() - turn.since) / CROWDED)
        if had < whole:
            turn.way = _Way.FRESH if had >= SLICE else _Way.NOBODY
            missing = (whole if turn.way else SLICE) - had
            turn.timer = _later(max(missing, 0.005), self._spend, turn)
        else:
            turn.way = _Way.ALL
        self._rotate()

    def _drop(self, turn: Turn) -> None:
        """Count *turn* no longer among those that run."""
        self._running.remove(turn)
        _cancel(turn)

    def _stop(self, turn: Turn) -> None:
        """Stop *turn*, its clock too, and let it wait."""
        now, patience = monotonic(), self._limits.patience - turn.asker.waited
        turn.worker.pause()
        turn.held = turn.worker.grown() if turn.turns else 0  # within a first moment it can be little
        if turn.clock.until is not None:
            turn.left = turn.clock.until - now
            turn.clock.until = None
        turn.since = now
        turn.timer = _later(patience, self._give_up, turn)
        self._waiting.setdefault(turn.asker.name, []).append(turn)

    def _give_up(self, turn: Turn) -> None:
        self._withdraw(turn)
        turn.refuse(
            Unavailable(
                f"the query waited {self._limits.patience:g} seconds in all while others that take long were running, and was stopped",
                retry_after=self.relief(),
                remedy="try again later, or ask for less",
            )
        )

    def _resume(self, turn: Turn) -> None:
        """Let *turn* run on, with what time it has left."""
        self._withdraw(turn)
        turn.clock.until = monotonic() + turn.left
        turn.worker.resume()
        self._run(turn)

    def _withdraw(self, turn: Turn) -> None:
        """Count *turn* no longer among those that wait; its client is the last to have another turn."""
        turns = self._waiting.pop(turn.asker.name)
        turns.remove(turn)
        if turns:
            self._waiting[turn.asker.name] = turns
        turn.asker.waited += monotonic() - turn.since
        turn.held = 0
        _cancel(turn)


def _later(seconds: float, what: Callable[[Turn], None], turn: Turn) -> asyncio.TimerHandle:
    return asyncio.get_running_loop().call_later(seconds, what, turn)


def _cancel(turn: Turn) -> None:
    if turn.timer is not None:
        turn.timer.cancel()
        turn.timer = None
