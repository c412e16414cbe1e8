"""Answers of the workers, read back into terms for pages and for what is more than rows."""

from __future__ import annotations

from kg.errors import QueryTooLarge
from kg.store import Solutions, results
from kg.workers.frames import Frame


def solutions(frame: Frame, most: int) -> Solutions | bool:
    """Give what *frame* holds as SPARQL JSON, of at most *most* rows, and close it. Raises QueryTooLarge."""
    with frame.body as body:
        answer = body.read()
    try:
        return results.read(answer, most)
    except ValueError as error:  # the reader is stricter than the engine
        raise QueryTooLarge(
            f"the answer cannot be shown in this form: {error}", remedy="ask /sparql for it as JSON or CSV"
        ) from error
