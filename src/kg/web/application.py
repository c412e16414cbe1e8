"""The application of one release, as the server and the host of several releases know it."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette

from kg.web.wire import Wire


class Application(Starlette):
    """A Starlette application with *options*; *wire* is what is known of requests by their bytes."""

    def __init__(self, wire: Wire, **options: Any) -> None:
        super().__init__(**options)
        self.wire = wire
