"""A real server in a thread, on a free port of the loopback address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from starlette.types import ASGIApp

import kg
from kg import building
from kg.limits import Limits, Serving
from kg.project import Project
from kg.web.app import create_app
from kg.web.server import Server, listen

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@contextmanager
def serving(
    archive: kg.Archive,
    limits: Limits | None = None,
    app: ASGIApp | None = None,
    serving: Serving | None = None,
    host: str = "127.0.0.1",
) -> Iterator[str]:
    """Serve *archive* within *limits*, by *app* where one is given, and give the address, without a slash at the end."""
    listener = listen(host, 0)
    ready = threading.Event()
    app = app or create_app(archive, limits=limits, serving=serving)
    server = Server(app, listener, lambda _url: ready.set(), serving)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        assert ready.wait(20)
        yield server.url.rstrip("/")
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


def release(
    directory: Path, text: str, *, base: str, default_graph: Literal["union", "strict"] = "union"
) -> kg.Archive:
    """Build a release of the TriG document *text*, with no profile, and open it."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "data.trig").write_text(text, encoding="utf-8")
    project = Project.adhoc(
        [directory / "data.trig"],
        base=base,
        default_graph=default_graph,
        title="<script>alert(1)</script> & co",
    )
    building.build(project, directory / "out")
    return kg.open(directory / "out")
