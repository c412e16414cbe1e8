"""Accounts: a difference as JSON, as it is printed and as a release keeps it in ``changes.json``, and as Markdown for a changelog."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from kg.diff.difference import FATES, Difference, Head, Statement, Takedown, Taken, Tally, Told, Version
from kg.errors import StoreError
from kg.escaping import escaped
from kg.manifest import Tombstone
from kg.names import Base

KEPT: Final = 1_000
"""Up to how many resources a release keeps the words of; how many more there are it says too."""

_NUMBERS: Final = ("plus", "minus", "veiled", "untold", "moved", "derived", "left_out")
_MARKDOWN: Final = re.compile(r"([\\`*_\[\]<>#|~])")
_REMEDY: Final = "run kg release again, or remove the release"
_T = TypeVar("_T")


def values(difference: Difference) -> dict[str, Any]:
    """Give *difference* as JSON values, with its sentences."""
    since = difference.since
    return {
        "since": None if since is None else since._asdict(),
        "now": difference.now._asdict(),
        "same": difference.same,
        "complete": not difference.left_out,
        "verdict": difference.verdict,
        "summary": list(difference.summary),
        "limits": list(difference.limits),
        "heads": [each._asdict() for each in difference.heads],
        "taken": [each._asdict() for each in difference.taken],
        "tallies": [each._asdict() for each in difference.tallies],
        "takedowns": [each._asdict() for each in difference.takedowns],
        "restored": [each._asdict() for each in difference.restored],
        "changes": [_told(each) for each in difference.told],
        **{name: getattr(difference, name) for name in _NUMBERS},
    }


def written(difference: Difference) -> bytes:
    """Give ``changes.json`` of *difference*, with the words of at most :data:`KEPT` resources."""
    return (json.dumps(values(difference.cut(KEPT)), indent=1, ensure_ascii=False) + "\n").encode()


def read(data: bytes, name: str) -> Difference:
    """Give the difference that *data*, the file *name*, records. Raises StoreError where it is none."""
    try:
        found = json.loads(data)
        since = found["since"]
        return Difference(
            since=None if since is None else _made(Version, since),
            now=_made(Version, found["now"]),
            heads=_all(found["heads"], lambda each: _made(Head, each)),
            taken=_all(found["taken"], lambda each: _fated(_made(Taken, each))),
            tallies=_all(found["tallies"], lambda each: _fated(_made(Tally, each))),
            told=_all(found["changes"], lambda each: _fated(_told_of(each))),
            takedowns=_all(found["takedowns"], lambda each: _made(Takedown, each)),
            restored=_all(found["restored"], lambda each: _made(Takedown, each)),
            **{each: _number(found[each]) for each in _NUMBERS},
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise StoreError(f"{name} is damaged: it records no changes ({error})", remedy=_REMEDY) from error


def discreet(difference: Difference, stones: Iterable[Tombstone], base: Base) -> Difference:
    """Give *difference* as it may be shown where *stones* stand for what was taken back: without a word where it tells of any of that."""
    marks = {stone.digest for stone in stones}
    named = {iri for told in difference.told for iri in (told.iri, *told.names)} if marks else set()
    if any(Tombstone.mark(iri, base) in marks for iri in named):
        return silent(difference)
    return difference


def silent(difference: Difference) -> Difference:
    """Give *difference* with its numbers and takedowns, and no words of what changed: some of them named what is not public any more."""
    return replace(
        difference,
        heads=(),
        taken=(),
        tallies=(),
        told=(),
        left_out=difference.left_out + len(difference.told),
    )


def markdown(difference: Difference, *, heading: str = "") -> str:
    """Give *difference* as Markdown: a heading of the second level where one is given, and lists of its sentences."""
    parts = [f"## {heading}"] if heading else []
    if difference.since is None or difference.same or not heading:
        parts.append(_plain(difference.verdict))
    for sentences in (difference.summary, difference.details, difference.limits):
        if sentences:
            parts.append("\n".join(f"- {_plain(each)}" for each in sentences))
    return "\n\n".join(parts) + "\n"


def _plain(sentence: str) -> str:
    return _MARKDOWN.sub(r"\\\1", escaped(" ".join(sentence.split())))


def _told(told: Told) -> dict[str, Any]:
    fields = ("iri", "kind", "fate", "label", "was", "said_by", "document", "because")
    return {name: getattr(told, name) for name in fields} | {
        "added": [each._asdict() for each in told.added],
        "removed": [each._asdict() for each in told.removed],
        "names": list(told.names),
        "sentence": str(told),
    }


def _told_of(found: Mapping[str, Any]) -> Told:
    texts = {
        name: _text(value)
        for name, value in found.items()
        if name not in ("added", "removed", "names", "sentence")
    }
    statements = {
        name: _all(found[name], lambda each: _made(Statement, each)) for name in ("added", "removed")
    }
    return Told(**texts, **statements, names=_all(found["names"], _text))  # type: ignore[arg-type]


def _made(kind: Callable[..., _T], found: Mapping[str, Any]) -> _T:
    return kind(**{name: value if name == "number" else _text(value) for name, value in found.items()})


def _all(found: object, make: Callable[[Any], _T]) -> tuple[_T, ...]:
    if not isinstance(found, list):
        raise TypeError(f"{str(found)[:60]!r} is no list")
    return tuple(map(make, found))


def _fated(found: _T) -> _T:
    if (fate := getattr(found, "fate", "")) not in FATES:
        raise ValueError(f"nothing has the fate {fate!r}")
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:60]!r} is no text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{str(value)[:60]!r} is no number")
    return value
