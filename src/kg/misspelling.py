"""Misspelling: which known names may be meant by one that is not known, and which are no more than alike.

A name is its parts: words and numbers, however they are joined (``population-women``, ``populationScope``, ``as of``). A slip is in the
letters of a part, or leaves a part out. A part that is another word, or another number, means something else: to offer
``population-people`` for ``population-women`` would exchange what a source says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

FEW: Final = 12
"""Up to how many names of the same kind are listed where none is meant."""

_SHORT: Final = 3
"""Letters of a word below which another letter makes another word."""
_LONG: Final = 8
"""Letters of a word from which two slips are taken for one hand's."""
_CASES: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PARTS: Final = re.compile(r"[0-9]+|[^\W0-9_]+")


def meant(written: str, known: Iterable[str], n: int = 1) -> list[str]:
    """Give up to *n* of the names *known* that *written* may stand for, the nearest first; of several that are as near none where *n* is 1
    and a part is left out, since it may be any of them.

    >>> meant("popluation-people", ["population-people", "population-civilians"])
    ['population-people']
    >>> meant("population-women", ["population-people", "population-civilians"])
    []
    """
    names = list(dict.fromkeys(known))
    words = {part for name in names for part in _parts(name)}
    own = _parts(written)
    marks = {name: mark for name in names if (mark := _apart(own, _parts(name), words)) is not None}
    found = sorted(marks, key=lambda name: (marks[name], name))
    if n == 1 and len(found) > 1 and marks[found[0]][0] and marks[found[0]][0] == marks[found[1]][0]:
        return []
    return found[:n]


def kin(written: str, known: Iterable[str]) -> list[str]:
    """Give those of the names *known* that begin with the first part of *written*, else all of them; none where they are more than a few.

    >>> kin("population-women", ["population-people", "population-civilians", "second-hand"])
    ['population-civilians', 'population-people']
    """
    names = sorted(set(known))
    first = _parts(written)[:1]
    near = [name for name in names if first and _parts(name)[:1] == first] or names
    return near if len(near) <= FEW else []


def exchanged(written: str, name: str) -> bool:
    """Tell whether *written* has a part that is another word, or another number, than one of *name*: both have one that the other has not.

    >>> exchanged("population-women", "population-people"), exchanged("baku-1990", "baku-1990-01")
    (True, False)
    """
    left = list(_parts(name))
    alone = 0
    for part in _parts(written):
        slip = next((each for each in left if _slips(part, each) is not None), None)
        if slip is None:
            alone += 1
        else:
            left.remove(slip)
    return bool(alone and left) and "".join(_parts(written)) != "".join(_parts(name))


@lru_cache(maxsize=100_000)
def _parts(name: str) -> tuple[str, ...]:
    """Give the words and numbers of *name*, without case, accents and leading zeros."""
    plain = unicodedata.normalize("NFKD", _CASES.sub(" ", name)).casefold()
    found = _PARTS.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))
    return tuple(str(int(each)) if each.isdecimal() else each for each in found)


def _apart(own: Sequence[str], other: Sequence[str], words: set[str]) -> tuple[int, int] | None:
    """Give how many parts *own* leaves out of *other*, and how many letters are other; None where it does not stand for that.

    A part that is one of the known *words* is no slip for another of them.
    """
    if "".join(own) == "".join(other):
        return (0, 0)
    if not own or len(own) > len(other):
        return None
    slips, at = 0, 0
    for part in own:
        while at < len(other):
            slip = _slips(part, other[at], words)
            at += 1
            if slip is not None:
                slips += slip
                break
        else:
            return None
    return (len(other) - len(own), slips)


def _slips(one: str, other: str, words: Iterable[str] = ()) -> int | None:
    """Give how many slips *one* is from *other*, None where it is another word, or another number."""
    if one == other:
        return 0
    if one in words or one.isdecimal() or other.isdecimal():
        return None
    short = min(len(one), len(other))
    most = 0 if short < _SHORT else 1 if short < _LONG else 2
    slips = OSA.distance(one, other, score_cutoff=most)
    return slips if slips <= most else None
