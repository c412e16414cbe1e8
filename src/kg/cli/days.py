"""The day that a command writes into a record."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

import click


def today(text: str | None) -> str:
    """Give the day *text* (ISO 8601), else that of ``SOURCE_DATE_EPOCH`` (reproducible-builds.org), else today's. Raises UsageError."""
    try:
        if text is not None:
            return date.fromisoformat(text).isoformat()
        if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
            return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(
            f"{text or 'SOURCE_DATE_EPOCH'!r} is no day; write for example 2026-11-26"
        ) from error
    return date.today().isoformat()
