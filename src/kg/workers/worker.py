"""The worker's process: reads a task, answers it, and so on until its channel ends.

A second thread reads and answers, on a stack as deep as what the check lets pass needs; the main thread waits for the end of the
channel. So the worker notices at any time, in the middle of a query too, that its parent has gone, and ends. Where the system
cannot wait for that alone the main thread reads, which costs each query a hand-over.

Spawned (``python -m kg.workers.worker PARENT``), its channel is standard input and output, and the first frame says
what it answers from.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable, Iterator
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
    threading.stack_size(sparql.STACK_BYTES)
    if hasattr(select, "epoll"):
        ends = select.epoll()  # poll counts its descriptors against a limit that is 0 soon
        ends.register(incoming, 0)  # no event but the end of the channel, which is always told
        _begin(_tasks(incoming), outgoing, opening, release)
        ends.poll()
    else:
        queue: SimpleQueue[Task] = SimpleQueue()
        _begin(iter(queue.get, None), outgoing, opening, release)
        for task in _tasks(incoming):
            queue.put(task)
    os._exit(0)


def _tasks(incoming: int) -> Iterator[Task]:
    """Give the tasks that come, until the channel ends."""
    reader = Reader(0)
    while piece := os.read(incoming, _PIECE):
        if (frame := reader.feed(piece)) is not None:
            yield Task.of_json(frame.head)


def _begin(tasks: Iterator[Task], outgoing: int, opening: Opening, release: Release) -> None:
    threading.Thread(target=_answer, args=(tasks, outgoing, opening, release), daemon=True).start()


def _answer(tasks: Iterator[Task], outgoing: int, opening: Opening, release: Release) -> None:
    """Open the store, give up what a worker gives up, say so, and answer; ends the process where it cannot go on."""
    code = 1
    try:
        evaluator = Evaluator(opening(), release)
        confine(release.memory)
        if hasattr(os, "nice"):
            os.nice(_BEHIND)
        _send(outgoing, {"ready": os.getpid()}, b"")
        for task in tasks:
            _send(outgoing, *evaluator.reply(task))
        code = 0
    finally:  # whatever it was: a worker that does not answer must not wait either
        os._exit(code)


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
