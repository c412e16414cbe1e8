"""Refusals: what is answered to bytes that no application gets to see, with the headers of every answer."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from kg.web.manners import RAW


class Refusal(Exception):
    """A request that is not handed on: a status, and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence

    def answer(self, defaults: Sequence[tuple[bytes, bytes]]) -> bytes:
        """Give the bytes of the answer, with the header fields *defaults* first. The connection is closed after it."""
        body = f"{self.sentence}\n".encode()
        fields = [
            *defaults,
            *RAW,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        if self.status in (429, 503):
            fields.append((b"retry-after", b"5"))
        status = f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}\r\n".encode()
        return b"".join((status, *(name + b": " + value + b"\r\n" for name, value in fields), b"\r\n", body))
