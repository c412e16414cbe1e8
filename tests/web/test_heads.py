"""Heads that the server puts together itself are those that uvicorn would send, and it sends none that would be two."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

import kg
import running

BODY = b"a body"
LENGTH = (b"content-length", b"6")


def answering(archive: kg.Archive, *headers: tuple[bytes, bytes], method: str = "GET") -> httpx.Response:
    """Give the answer of an application that sends *headers*, over a server of ours."""

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": BODY})

    with running.serving(archive, app=app) as url:
        return httpx.request(method, url)


def test_a_plain_head(archive: kg.Archive) -> None:
    found = answering(archive, LENGTH, (b"X-One", b"1"), (b"x-one", b"2"))
    assert (found.content, found.headers["content-length"]) == (BODY, "6")
    assert found.headers.get_list("x-one") == ["1", "2"]
    assert found.headers["date"]


def test_to_head_there_is_no_body(archive: kg.Archive) -> None:
    found = answering(archive, LENGTH, method="HEAD")
    assert (found.content, found.headers["content-length"]) == (b"", "6")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ((b"x", b"y"), {"transfer-encoding": "chunked"}),
        ((b"Content-Length", b"6"), {"content-length": "6"}),
        ((b"Connection", b"close"), {"connection": "close", "transfer-encoding": "chunked"}),
        ((b"Transfer-Encoding", b"chunked"), {"transfer-encoding": "chunked"}),
    ],
)
def test_what_says_where_a_body_ends_is_said_once(
    archive: kg.Archive, field: tuple[bytes, bytes], said: dict[str, str]
) -> None:
    found = answering(archive, field)
    assert found.content == BODY
    telling = ("connection", "content-length", "transfer-encoding")
    assert {name: value for name, value in found.headers.multi_items() if name in telling} == said


@pytest.mark.parametrize("field", [(b"x", b"1\r\ny: 2"), (b"x: 1\r\ny", b"2"), (b"x", b"1\0")])
def test_a_field_that_would_be_another_is_not_sent(archive: kg.Archive, field: tuple[bytes, bytes]) -> None:
    found = answering(archive, LENGTH, field)
    assert found.status_code == 500
    assert "y" not in found.headers
