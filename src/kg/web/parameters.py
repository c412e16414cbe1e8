"""Parameters: what a query string or a form says, in order."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from kg.errors import QueryError

MOST: Final = 100
"""How many parameters a request may have."""


def parsed(text: str) -> list[tuple[str, str]]:
    """Give the names and values in *text* (``application/x-www-form-urlencoded``, in UTF-8). Raises QueryError."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST)
    except UnicodeDecodeError as error:
        raise QueryError("the parameters are not UTF-8") from error
    except ValueError as error:
        raise QueryError(f"there are more than {MOST} parameters") from error
