"""The worker's process: reads a task, answers it, and so on until its channel ends.

The main thread reads and the other answers, on a stack as deep as what the check lets pass needs. So the worker notices at any
time, in the middle of a query too, that its parent has gone, and ends.

Spawned (``python -m kg.workers.worker PARENT``), its channel is standard input and output, and the first frame says
what it answers from.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from kg import sparql
from kg.errors import StoreError
from kg.store import EmbeddedStore
from kg.workers.confinement import confine, die_with
from kg.workers.evaluation import Evaluator, warm_up
from kg.workers.frames import Reader, encoded
from kg.workers.task import Release, Task

_PIECE: Final = 65_536
_BEHIND: Final = 5
"""How far workers stand behind the web process, which has to get its turn to stop them (nice)."""

Opening = Callable[[], EmbeddedStore]
"""Opens the store; called once, in the worker."""


def serve(incoming: int, outgoing: int, opening: Opening, release: Release) -> None:
    """Answer the tasks that come from the descriptor *incoming* on *outgoing*; ends the process when there are no more."""
    tasks: SimpleQueue[Task] = SimpleQueue()
    threading.stack_size(sparql.STACK_BYTES)
    threading.Thread(target=_answer, args=(tasks, outgoing, opening, release), daemon=True).start()
    reader = Reader(0)
    while piece := os.read(incoming, _PIECE):
        if (frame := reader.feed(piece)) is not None:
            tasks.put(Task.of_json(frame.head))
    os._exit(0)


def _answer(tasks: SimpleQueue[Task], outgoing: int, opening: Opening, release: Release) -> None:
    """Open the store, give up what a worker gives up, say so, and answer; ends the process where it cannot go on."""
    try:
        evaluator = Evaluator(opening(), release)
        confine(release.memory)
        if hasattr(os, "nice"):
            os.nice(_BEHIND)
        _send(outgoing, {"ready": os.getpid()}, b"")
        while True:
            _send(outgoing, *evaluator.reply(tasks.get()))
    finally:  # whatever it was: a worker that does not answer must not wait either
        os._exit(1)


def _send(outgoing: int, head: dict[str, Any], body: bytes) -> None:
    for piece in encoded(head, body):
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(outgoing, rest) :]


def main() -> None:
    """Be a spawned worker."""
    die_with(int(sys.argv[1]))
    reader = Reader(0)
    frame = None
    while frame is None:
        if not (piece := os.read(0, _PIECE)):
            return
        frame = reader.feed(piece)
    release = Release(**frame.head)
    warm_up(release)
    try:
        opening = EmbeddedStore.prepared(Path(release.directory), in_memory=release.in_memory)
    except StoreError as error:
        _send(1, {"failed": error.message, "remedy": error.remedy}, b"")
        return
    serve(0, 1, opening, release)


if __name__ == "__main__":
    main()
