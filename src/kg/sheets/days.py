"""Days in other styles than ISO 8601: which date may be meant, so that the refusal can say it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

_EXCEL: Final = date(1899, 12, 30)
"""The day before the first of a spreadsheet's serial numbers, as they count from March 1900 on (ECMA-376, 18.17.4.1)."""
_SERIALS: Final = range(10_000, 60_000)  # 1927 to 2064: other numbers are years, or no date
_CENTURY: Final = 30
"""A year of two digits from here on is of the last century only."""
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_NUMBERS: Final = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\.?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})")
_MONTH_FIRST: Final = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})")


def day_fault(text: str) -> tuple[str, str]:
    """Give the sentence that refuses *text* as a date, and the remedy: the ISO dates that may be meant, if any."""
    meant = list(dict.fromkeys(day.isoformat() for day in _meant(text.strip())))
    if text.strip().isdecimal() and meant:
        return (
            f"{text!r} looks like a spreadsheet's number of a day",
            f"write {meant[0]} if that is meant, and set the column to text",
        )
    if meant:
        which = ", whichever is meant" if len(meant) > 1 else ""
        return f"{text!r} is not written as an ISO date", f"write {' or '.join(meant)}{which}"
    return f"{text!r} is not a date", "write year, month and day as 1990-01-16"


def _meant(text: str) -> Iterator[date]:
    if match := _NUMBERS.fullmatch(text):
        yield from _in_numbers(match[1], match[2], match[3], match[4])
    elif match := _DAY_FIRST.fullmatch(text):
        yield from _in_words(match[3], match[2], match[1])
    elif match := _MONTH_FIRST.fullmatch(text):
        yield from _in_words(match[3], match[1], match[2])
    elif text.isascii() and text.isdigit() and int(text) in _SERIALS:
        yield _EXCEL + timedelta(days=int(text))


def _in_numbers(first: str, mark: str, second: str, third: str) -> Iterator[date]:
    if len(first) == 4:
        yield from _day(int(first), int(second), int(third))
        return
    for year in _years(third):
        yield from _day(year, int(second), int(first))
        if mark != ".":  # with points the day is always first
            yield from _day(year, int(first), int(second))


def _in_words(year: str, month: str, day: str) -> Iterator[date]:
    name = month.lower()
    for number, known in enumerate(_MONTHS, 1):
        if known.startswith(name) or (name == "sept" and number == 9):
            yield from _day(int(year), number, int(day))


def _years(text: str) -> tuple[int, ...]:
    if len(text) == 4:
        return (int(text),)
    if len(text) != 2:
        return ()
    return (1900 + int(text),) if int(text) >= _CENTURY else (1900 + int(text), 2000 + int(text))


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return
