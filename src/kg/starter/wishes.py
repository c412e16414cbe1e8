"""What is asked of a new collection, checked: title, base, publisher, languages, day."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from kg.errors import ProjectError
from kg.names import Base
from kg.settings import LANGUAGE

RESERVED: Final = "https://attest.example/"
"""Where the base of a collection stands until somebody sets one: a reserved name (RFC 6761), never citable."""

_DAY: Final = "2026-01-01"
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a new collection is to be called and to say of itself; ``collection`` names its directory under ``data/``."""

    collection: str
    title: str
    base: str
    publisher: str
    languages: tuple[str, ...]
    date: str
    bare: bool = False

    @classmethod
    def of(
        cls,
        directory: Path,
        *,
        title: str | None = None,
        base: str | None = None,
        publisher: str | None = None,
        languages: Sequence[str] = (),
        bare: bool = False,
    ) -> Wishes:
        """Give the wishes for *directory*; what is not said follows from its name. Raises ProjectError for what cannot be."""
        name = directory.resolve().name
        collection = slug(name)
        plain = re.sub(r"[\s_-]+", " ", _printable(name)).strip()
        called = line("title", title, plain[:1].upper() + plain[1:] or "A collection")
        address = base if base is not None else f"{RESERVED}{collection}/"
        Base(address)
        tags = tuple(dict.fromkeys([*(tag.lower() for tag in languages), "en"]))
        for tag in tags:
            if not LANGUAGE.fullmatch(tag):
                raise ProjectError(
                    f"{tag!r} is no language tag", remedy='write for example --language "hy" or "ru-latn"'
                )
        return cls(
            collection=collection,
            title=called,
            base=address,
            publisher=line("publisher", publisher, f"Editors of {called}"[:_LONGEST]),
            languages=tags,
            date=day(),
            bare=bare,
        )


def slug(name: str) -> str:
    """Give the slug that *name* makes: letters and digits of ASCII, ``collection`` where it has none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "collection"


def day(given: str | None = None, default: str = _DAY) -> str:
    """Give the day *given*, else that of ``SOURCE_DATE_EPOCH`` (reproducible-builds.org), else *default*.

    Raises ProjectError for what is none.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        if given is not None:
            return date.fromisoformat(given).isoformat()
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat() if epoch else default
    except (ValueError, OverflowError, OSError):
        said = f"{given!r}" if given is not None else f"SOURCE_DATE_EPOCH, {epoch!r},"
        raise ProjectError(f"{said} is no day", remedy="write for example 2026-11-26") from None


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def line(what: str, given: str | None, default: str) -> str:
    """Give the text *given*, without white space around it, else *default*. Raises ProjectError where it is not one line."""
    text = default if given is None else given.strip()
    if not text or len(text) > _LONGEST or _printable(text) != text:
        raise ProjectError(
            f"the {what} {text[:40]!r} is empty, longer than {_LONGEST} characters, or has characters that cannot be printed",
            remedy=f"write a {what} of one line",
        )
    return text
