"""The application of one release, as the server and the host of several releases know it."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp

from kg.web.wire import Wire


class Application(Starlette):
    """A Starlette application with *options*; *wire* is what is known of requests by their bytes."""

    def __init__(self, wire: Wire, **options: Any) -> None:
        super().__init__(**options)
        self.wire = wire

    def build_middleware_stack(self) -> ASGIApp:
        """Give the layers without Starlette's outermost: :mod:`kg.web.manners` answers for what fails within, uvicorn for the rest."""
        app: ASGIApp = ExceptionMiddleware(self.router, handlers=self.exception_handlers)
        for layer, args, options in reversed(self.user_middleware):
            app = layer(app, *args, **options)
        return app
