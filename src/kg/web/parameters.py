"""Parameters: what a query string or a form says, in order; and what Accept says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, unquote_to_bytes

from starlette.requests import Request

from kg.errors import QueryError
from kg.lookup import day_of

MOST: Final = 100
"""How many parameters a request may have."""
_NO_UTF_8: Final = "the parameters are not UTF-8"


def accepted(request: Request) -> str | None:
    """Give what *request* accepts, None where it says nothing."""
    return listed(request, b"accept")


def listed(request: Request, name: bytes) -> str | None:
    """Give the header fields *name* (in small letters) of *request* as one list (RFC 9110 §5.3); None where there is none."""
    fields = [value for each, value in request.scope["headers"] if each == name]
    return b", ".join(fields).decode("latin-1") if fields else None


def in_address(request: Request) -> list[tuple[str, str]]:
    """Give the names and values in the query string of *request*. Raises QueryError."""
    raw: bytes = request.scope["query_string"]
    if raw.startswith(b"query=") and b"&" not in raw and raw.isascii():  # as most do, and quicker
        return [("query", _text(raw[6:]))]
    return parsed(raw.decode("latin-1")) if raw.isascii() else parsed(_escaped(raw))


def _text(raw: bytes) -> str:
    """Give the text of a value, which is ASCII. Raises QueryError."""
    try:
        return unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError as error:
        raise QueryError(_NO_UTF_8) from error


def _escaped(raw: bytes) -> str:
    """Give a query string whose bytes beyond ASCII are escaped, as they should have come (RFC 3986 §2.1)."""
    return "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in raw)


def parsed(text: str) -> list[tuple[str, str]]:
    """Give the names and values in *text* (``application/x-www-form-urlencoded``, in UTF-8). Raises QueryError."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST)
    except UnicodeDecodeError as error:
        raise QueryError(_NO_UTF_8) from error
    except ValueError as error:
        raise QueryError(f"there are more than {MOST} parameters") from error


def once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give *pairs* by name. Raises QueryError for a name that stands twice."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise QueryError(f"the parameter {name!r} stands twice", remedy="give it once")
        found[name] = value
    return found


def days(request: Request, names: Sequence[str]) -> list[date | None]:
    """Give the days that the query string of *request* has under *names*, None for one that it does not have or leaves empty.

    Other parameters are passed over. Raises QueryError, which names the parameter, for what is no day and for one that stands twice.
    """
    pairs = in_address(request)
    return [_day(name, [value for each, value in pairs if each == name]) for name in names]


def _day(name: str, values: Sequence[str]) -> date | None:
    if len(values) > 1:
        raise QueryError(f"the parameter {name} stands twice", remedy="give it once")
    if not values or not values[0].strip():
        return None
    try:
        return day_of(values[0].strip())
    except QueryError:
        raise QueryError(
            f"the parameter {name} is no day: {values[0][:40]!r}",
            remedy=f"write for example {name}=1990-01-16",
        ) from None
