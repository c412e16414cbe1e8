"""Dates in EDTF (ISO 8601-2:2019, Library of Congress profile, levels 0 to 2): their bounds, and words for them.

The package ``edtf`` reads single dates and sets. Intervals are read here, one end at a time, because the package
invents a bound for an unknown end (``/1990`` begins in 1980) and raises for an open one (``../1990-01-15``).

What a date says of the bounds (section 5 of the model):

* a single date, whatever its precision, is a stretch within which the thing lies: its first day is the earliest
  start, its last day the latest end, and nothing is known of the inner two (``1990-01-14`` for an event does not say
  that it lasted all day);
* an interval ``A/B`` says when it began and when it ended: A gives both bounds of the start, B both of the end;
* an end that is open (``..``) or unknown (empty), a day or month without a year, a date that is uncertain or
  approximate (``?``, ``~``, ``%``) and a season give no bound; nothing is invented.
"""

from __future__ import annotations

import re
import warnings
from calendar import monthrange
from datetime import date
from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any, Final, NamedTuple

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_SEASONS: Final = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
_DATE: Final = re.compile(r"(\d{4}|XXXX)(?:-(\d\d|XX)(?:-(\d\d|XX))?)?([?~%]?)")
_CALENDAR: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_PLAIN: Final = re.compile(r"(?:(?:\d{1,2} )?[A-Z][a-z]+ )?\d{4}")
"""A year, month or day in words, without a doubt about it."""
_LENGTH: Final = len("1990-01-16")
_MONTH_DIGIT: Final = re.compile(r"(?<=[\dX]{4})-(\dX|X\d)")
_LONGEST: Final = 200
"""Characters; the package's parser takes seconds for long sets."""


def within(first: date, last: date) -> str:
    """Give the days from *first* to *last* as short as it goes: one day, a whole month or year, else two days with a slash between.

    >>> within(date(1990, 1, 1), date(1990, 1, 31))
    '1990-01'
    """
    if first == last:
        return last.isoformat()
    ends = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if ends and first.year == last.year and (first.month, last.month) == (1, 12):
        return first.isoformat()[:4]
    month = first.isoformat()[:7]
    return month if ends and month == last.isoformat()[:7] else f"{first}/{last}"


class Bounds(NamedTuple):
    """The four bounds as ISO dates, None where there is none (CRM P82a, P81a, P81b, P82b)."""

    earliest_start: str | None = None
    latest_start: str | None = None
    earliest_end: str | None = None
    latest_end: str | None = None


@lru_cache(maxsize=4096)  # the package takes 20 ms a date, and a collection repeats its dates
def bounds(text: str) -> Bounds:
    """Give the bounds that the EDTF date *text* says. Raises ValueError where it is not one."""
    if "/" not in text:
        first, last = _span(text)
        return Bounds(earliest_start=first, latest_end=last)
    start, end = _ends(text)
    result = Bounds(*_end(start), *_end(end))
    if result.earliest_start and result.latest_end and _key(result.earliest_start) > _key(result.latest_end):
        raise ValueError(f"{text!r} ends before it begins")
    return result


def words(text: str, language: str = "en") -> str:
    """Give the EDTF date *text* in words (``from 13 to 19 January 1990``, ``19 or 20 January 1990``); what has no plain
    words stays as it is.

    Raises ValueError where *text* is not an EDTF date, and for a language other than English.
    """
    if language != "en":
        raise ValueError(f"dates can be worded in English only, not in {language!r}")
    if not _is_day(text):  # the package takes milliseconds to read one
        bounds(text)
    if "/" not in text:
        return _one_of(text) or _words(text)
    start, end = _ends(text)
    if start == end:
        return _words(start)
    if start in ("", ".."):
        return f"until {_words(end)}" + (", start not known" if not start else "")
    if end in ("", ".."):
        return f"from {_words(start)}" + (", end not known" if not end else "")
    return f"from {_shared(_words(start), _words(end))} to {_words(end)}"


def _is_day(text: str) -> bool:
    """Tell whether *text* is a day of the calendar, which is most of what is worded."""
    try:
        return len(text) == _LENGTH and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _ends(text: str) -> tuple[str, str]:
    start, _, end = text.partition("/")
    if "/" in end or (start in ("", "..") and end in ("", "..")):
        raise ValueError(f"{text!r} is not an interval in EDTF")
    return start, end


def _end(text: str) -> tuple[str | None, str | None]:
    return (None, None) if text in ("", "..") else _span(text)


def _span(text: str) -> tuple[str | None, str | None]:
    """Give the first and last day of a date that is no interval, None for what it does not bound."""
    if stretch := _stretch(text):
        return stretch
    parsed = _parse(text)
    if re.search(r"[?~%]", text) or re.match(r"-?X{4}", text) or isinstance(parsed, _package().Season):
        return None, None
    return _day(parsed, "lower"), _day(parsed, "upper")


def _stretch(text: str) -> tuple[str, str] | None:
    """Give the first and last day of a year, month or day of the calendar, as most dates are, and None for any other: the package is slow."""
    if (found := _CALENDAR.fullmatch(text)) is None:
        return None
    year, month, day = found.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:  # a season, or what is no date
        return None
    last = (
        first
        if day
        else first.replace(month=int(month or 12), day=monthrange(int(year), int(month or 12))[1])
    )
    return first.isoformat(), last.isoformat()


@cache
def _package() -> ModuleType:
    """Give the package ``edtf``, which takes as long to import as a question takes to answer, and many need it not."""
    with warnings.catch_warnings():
        # edtf 5.0.2 names parts of its grammar in a way that pyparsing 3.3 warns of, once at import; nothing else is hidden
        warnings.filterwarnings(
            "ignore",
            message="warn_(multiple_tokens_in_named_alternation|ungrouped_named_tokens_in_collection)",
            module=r"edtf\.parser\.grammar",
        )
        return import_module("edtf")


def _parse(text: str) -> Any:
    """Read one date or set with the package."""
    wrong = f"{text[:60]!r} is not a date in EDTF"
    if not text.isascii() or len(text) > _LONGEST or text != text.strip() or "/" in text:
        raise ValueError(wrong)
    if _MONTH_DIGIT.search(text):  # the package fails on it, and prints to standard output that it does
        raise ValueError(
            f"{text[:60]!r} leaves one digit of a month open, which is not read: write a set of months"
        )
    try:
        return _package().parse_edtf(text)
    except _package().parser.edtf_exceptions.EDTFParseException:
        raise ValueError(wrong) from None


def _day(parsed: Any, side: str) -> str | None:
    """Give the first ("lower") or last ("upper") day of a parsed date; None for an open end of a set."""
    found = getattr(parsed, f"{side}_strict")()
    if not hasattr(found, "tm_year"):
        return None
    year, month, day = found[:3]
    if not -9999 <= year <= 9999:
        return None
    # the package gives 29 February for "19XX-02-29" in years that have none
    day = min(day, monthrange(year if year > 0 else year % 400 + 400, month)[1])
    return f"{'-' if year < 0 else ''}{abs(year):04}-{month:02}-{day:02}"


def _key(day: str) -> tuple[int, int, int]:
    year, month, of_month = day.rsplit("-", 2)
    return int(year), int(month), int(of_month)


def _words(text: str) -> str:
    found = _DATE.fullmatch(text)
    if found is None:
        return text
    year, month, day, mark = found.groups()
    if year == "XXXX":
        year = None
    if month in _SEASONS:
        said = f"{_SEASONS[month]} {year}" if year else None
    elif month == "XX":
        said = f"{year}, day and month not stated" if year and day in (None, "XX") else None
    elif month is None:
        said = year
    elif int(month) > 12:
        said = None
    else:
        said = _calendar(year, _MONTHS[int(month) - 1], day)
    if said is None:
        return text
    return {"": said, "?": f"{said} (uncertain)", "~": f"about {said}", "%": f"about {said} (uncertain)"}[
        mark
    ]


def _one_of(text: str) -> str | None:
    """Give a set of plain dates, of which one is meant, in words; None for what is no such set."""
    if not text.startswith("["):
        return None
    members = [_words(member.strip()) for member in text[1:-1].split(",")]
    if not all(map(_PLAIN.fullmatch, members)):
        return None
    return f"{', '.join(map(_shared, members, members[1:]))} or {members[-1]}"


def _calendar(year: str | None, month: str, day: str | None) -> str:
    name = f"{month} {year}" if year else month
    if day == "XX":
        name += ", day not stated"
    elif day is not None:
        name = f"{int(day)} {name}"
    return name if year else f"{name}, year not stated"


def _shared(start: str, end: str) -> str:
    """Leave out of *start* what *end* repeats: ``13 January 1990`` before ``19 January 1990`` is ``13``."""
    first, last = start.split(" "), end.split(" ")
    if len(first) != len(last) or not (_PLAIN.fullmatch(start) and _PLAIN.fullmatch(end)):
        return start
    while len(first) > 1 and first[-1] == last[-1]:
        first.pop()
        last.pop()
    return " ".join(first)
