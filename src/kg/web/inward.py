"""Inward: what a release on this server answers to a request that another of its pages makes, through all that a client's own goes through."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.datastructures import Headers
from starlette.types import Message, Scope

from kg.errors import QueryTooLarge
from kg.web.answers import Refused
from kg.web.hosted import Hosted

_KEPT = b"x-forwarded-for"
"""What of the client's own headers goes with the request, so that it counts as the client's."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer, whole: its status, its headers and its body."""

    status: int
    headers: Headers
    body: bytes

    @property
    def media_type(self) -> str:
        """Its media type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


async def ask(hosted: Hosted, outer: Scope, path: str, query: str, accept: str, most: int) -> Heard:
    """Ask the release *hosted* for *path* (escaped, within it) and *query*, as the client of the request *outer*.

    Raises QueryTooLarge where the answer has more than *most* bytes.
    """
    begun: list[Message] = []
    body = bytearray()
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            await asyncio.Event().wait()  # nobody goes away
        sent = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            begun.append(message)
        elif message["type"] == "http.response.body" and len(body) <= most:
            body.extend(message.get("body", b""))

    headers = [(name, value) for name, value in outer["headers"] if name == _KEPT]
    scope = {name: outer[name] for name in ("type", "asgi", "http_version", "scheme", "server", "client")} | {
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode("ascii", "replace"),
        "query_string": query.encode("ascii", "replace"),
        "headers": [*headers, (b"accept", accept.encode())],
        "root_path": "",
        "state": {},
    }
    # a task of its own, since a release counts the tasks that it answers
    await asyncio.create_task(hosted.answer(hosted.versioned or hosted.app, scope, receive, send))
    if len(body) > most:
        raise QueryTooLarge(
            f"the answer of the release {hosted.id} has more than {most:,} bytes",
            remedy="ask for less, or compare the downloads of both releases",
        )
    return Heard(begun[0]["status"], Headers(raw=begun[0]["headers"]), bytes(body))


def refusal(heard: Heard, release: str) -> Refused:
    """Give the error for an answer of *release* that is none: its own words, status and Retry-After."""
    said, _, remedy = heard.body.decode("utf-8", "replace").strip().partition("\n")
    headers = {name: heard.headers[name] for name in ("Retry-After",) if name in heard.headers}
    return Refused(
        heard.status, f"in the release {release}: {said}", remedy=remedy.removeprefix("→ "), headers=headers
    )
