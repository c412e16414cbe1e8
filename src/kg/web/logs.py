"""Logs: what the server says of itself, and of each request when asked, as lines of JSON or of text.

Who asks stands in no line unless the operator wants it, and what they asked (the query, the form) only as a digest, by which equal
ones are found. What comes from outside is escaped and shortened, so that one request makes one line.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from time import perf_counter
from typing import Any, Final, Literal, TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.escaping import escaped, shortened
from kg.web.clients import Clients

Form = Literal["text", "json", "off"]
"""How a log is written; ``off`` leaves only what went wrong, as text."""

PATH: Final = 200
"""Characters of a path that a line shows."""
_TRACE: Final = 8000


@dataclass(frozen=True, slots=True)
class Log:
    """What is written to *stream* (default: standard error): in which *form*, and whether with the addresses of *clients*."""

    form: Form = "off"
    clients: bool = False
    stream: TextIO | None = None

    def configure(self) -> None:
        """Write the records of the server and of uvicorn so."""
        handler = logging.StreamHandler(self.stream or sys.stderr)
        handler.setFormatter(_Json() if self.form == "json" else _Text())
        for name in ("kg", "uvicorn"):
            logger = logging.getLogger(name)
            logger.handlers = [handler]
            logger.propagate = False
        logging.getLogger("kg").setLevel(logging.WARNING if self.form == "off" else logging.INFO)
        logging.getLogger("uvicorn").setLevel(logging.WARNING)

    def around(self, app: ASGIApp, clients: Clients) -> ASGIApp:
        """Give *app* with a line for each request, if one is wanted; *clients* tells who asks."""
        if self.form == "off":
            return app
        write = _json if self.form == "json" else _text
        return Logged(app, write, self.stream or sys.stderr, clients if self.clients else None)


class _Json(logging.Formatter):
    """A record as an object of ASCII characters."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"time": _time(record.created), "level": record.levelname.lower()}
        line["message"] = shortened(record.getMessage(), 1000)
        if record.exc_info:
            line["error"] = escaped(self.formatException(record.exc_info)[-_TRACE:], keep="\n")
        return json.dumps(line)


class _Text(logging.Formatter):
    """A record as a line, a traceback below it as lines that begin with a space."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{_time(record.created)} {record.levelname.lower()}: {shortened(record.getMessage(), 1000)}"
        if record.exc_info:
            trace = escaped(self.formatException(record.exc_info)[-_TRACE:], keep="\n")
            line += "".join(f"\n  {part}" for part in trace.split("\n"))
        return line


class Logged:
    """ASGI middleware: writes a line to *stream* when a request has ended; *clients* tells who asked, None leaves it out."""

    def __init__(
        self,
        app: ASGIApp,
        write: Callable[[dict[str, Any]], str],
        stream: TextIO,
        clients: Clients | None = None,
    ) -> None:
        self._app = app
        self._write = write
        self._stream = stream
        self._clients = clients

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = perf_counter()
        asked = sha256(scope["query_string"])
        status, length = 0, 0

        async def read() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                asked.update(message.get("body", b""))
            return message

        async def noted(message: Message) -> None:
            nonlocal status, length
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                length += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, read if scope["method"] == "POST" else receive, noted)
        finally:
            line: dict[str, Any] = {"time": _time(datetime.now(UTC).timestamp())}
            if self._clients is not None:
                line["client"] = self._clients.of(scope) or (scope.get("client") or ["local"])[0]
            line |= {
                "method": shortened(scope["method"], 20),
                "path": shortened(scope["raw_path"].decode("ascii", "backslashreplace"), PATH),
                "query": asked.hexdigest()[:12] if scope["query_string"] or scope["method"] == "POST" else "",
                "route": scope.get("kg.route", ""),
                "status": status,  # 0: the client went before there was an answer
                "bytes": 0 if scope["method"] == "HEAD" else length,
                "ms": round((perf_counter() - begun) * 1000, 1),
            }
            self._stream.write(self._write(line) + "\n")
            self._stream.flush()


def _json(line: dict[str, Any]) -> str:
    return json.dumps(line)


def _text(line: dict[str, Any]) -> str:
    return " ".join(
        (
            line["time"],
            *([line["client"]] if "client" in line else ()),
            str(line["status"]),
            line["method"],
            line["path"] + (f"?{line['query']}" if line["query"] else ""),
            f"{line['bytes']} B",
            f"{line['ms']} ms",
        )
    )


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
