"""The index, asked: which words there are that are like a word, and which forms of names have given words.

A file is opened read-only and as one that does not change. A question costs what it touches, and that is bounded: of the three letters
that a word is made of the rarest are followed, as far as :data:`POSTINGS` words allow, and forms are read up to a limit, the
shortest first. :data:`SECONDS` bounds the time.
"""

from __future__ import annotations

import sqlite3
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import quote

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kg.errors import QueryTimeout, StoreError, Unavailable
from kg.search import folding, writing
from kg.search.forms import Named

POSTINGS: Final = 16_000
"""How many words are looked at in a search, by three letters that they share with those asked for."""
SECONDS: Final = 2.0
"""How long one question to the index may take."""

_CANDIDATES: Final = 1_000
"""How many words that share three letters are compared letter by letter, those that share most first."""
_SHORT: Final = 4
"""Letters of a word that need not share three with another to be like it."""
_LAST: Final = "\U0010ffff"
_STEPS: Final = 10_000
"""After how many steps of SQLite the time is looked at."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A form of a name with the resource that it is of; ``key`` is the folded form, ``rank`` the place of its kind."""

    resource: int
    text: str
    language: str
    rank: int
    veiled: bool
    key: str


@dataclass(frozen=True, slots=True)
class Resource:
    """What the index knows of a resource."""

    iri: str
    label: str
    language: str
    kinds: tuple[str, ...]
    role: str
    veiled: bool


class Index:
    """An index, in a file or in memory; it may be asked from several threads, which wait for each other."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._lock = Lock()
        self._end = 0.0
        database.set_progress_handler(lambda: time.monotonic() > self._end, _STEPS)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()

    @classmethod
    def open(cls, path: Path) -> Index:
        """Open the file *path*. Raises StoreError where it is no index that this version can ask."""
        address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        try:
            index = cls(writing.connected(address, uri=True))
            with index._asking("SELECT key, value FROM meta", ()) as rows:
                known = dict(rows)
        except (sqlite3.Error, ValueError) as error:
            raise StoreError(f"{path} cannot be read: {error}", remedy="run kg build") from error
        if (known.get("format"), known.get("folding")) != (writing.FORMAT, folding.VERSION):
            raise StoreError(f"{path} was written by another version of kg", remedy="run kg build")
        return index

    @classmethod
    def of(cls, things: Iterable[Named]) -> Index:
        """Give the index of *things*, in memory. Raises StoreError as :func:`kg.search.writing.connected` does."""
        database = writing.connected(":memory:")
        writing.fill(database, things)
        return cls(database)

    @cached_property
    def kinds(self) -> dict[str, int]:
        """The kinds of resource that there are, each with how many are of it."""
        with self._asking("SELECT kind, resources FROM kinds ORDER BY resources DESC, kind", ()) as rows:
            return dict(rows)

    def holds(self, word: str) -> bool:
        """Tell whether a form has *word*."""
        with self._asking("SELECT 1 FROM words WHERE word = ?", (word,)) as rows:
            return next(rows, None) is not None

    def beginning(self, start: str, limit: int) -> list[str]:
        """Give up to *limit* longer words that begin with *start*, those that most forms have first."""
        question = "SELECT word FROM words WHERE word > ? AND word < ? ORDER BY forms DESC, word LIMIT ?"
        with self._asking(question, (start, start + _LAST, limit)) as rows:
            return [word for (word,) in rows]

    def near(self, word: str, edits: int, limit: int, postings: int = POSTINGS) -> list[tuple[str, int]]:
        """Give up to *limit* words that at most *edits* changes of a letter, or of two neighbours, make of *word*, the nearest first.

        They share three letters with it, found by looking at no more than about *postings* words for each that has some; or they are as
        short as it is and begin with the same letter.
        """
        words = {
            found for found in (*self._sharing(word, edits, postings), *self._short(word)) if found != word
        }
        like = process.extract(word, sorted(words), scorer=OSA.distance, score_cutoff=edits, limit=None)
        return [(found, int(changes)) for changes, found in sorted((c, w) for w, c, _ in like)[:limit]]

    def forms(self, groups: Sequence[Iterable[str]], kind: str, limit: int) -> list[Entry]:
        """Give up to *limit* forms that have a word of each of *groups* and are of a *kind* (empty: any), the shortest first."""
        parts = [f"{{key}} : ({' OR '.join(map(_quoted, words))})" for words in groups]
        if kind:
            parts.append(f"{{kinds}} : {_quoted(kind)}")
        question = (
            "SELECT resource, text, language, kind, veiled, key FROM names "
            "WHERE id IN (SELECT rowid FROM said WHERE said MATCH ? ORDER BY rowid LIMIT ?) ORDER BY id"
        )
        with self._asking(question, (" AND ".join(parts), limit)) as rows:
            return [
                Entry(resource, text, language, rank, bool(veiled), key)
                for resource, text, language, rank, veiled, key in rows
            ]

    def resources(self, numbers: Sequence[int]) -> list[Resource]:
        """Give the resources of those *numbers*, which entries have, in their order."""
        marks = ", ".join("?" * len(numbers))
        question = (
            f"SELECT id, iri, label, language, kinds, role, veiled FROM resources WHERE id IN ({marks})"  # noqa: S608  # marks only
        )
        with self._asking(question, numbers) as rows:
            found = {
                number: Resource(iri, label, language, tuple(kinds.split()), role, bool(veiled))
                for number, iri, label, language, kinds, role, veiled in rows
            }
        return [found[number] for number in numbers]

    def _sharing(self, word: str, edits: int, postings: int) -> list[str]:
        """Give the words nearly as long as *word* that share most of the rarest three letters of it."""
        first, last = self._first(len(word) - edits), self._first(len(word) + edits + 1)
        if first == last:
            return []
        share = (last - first) / (self._lengths[-1][1] - 1)  # of all words
        chosen = self._rarest(writing.trigrams(word), int(postings / share))
        if not chosen:
            return []
        part = "SELECT rowid AS id FROM spelt WHERE spelt MATCH ? AND rowid >= ? AND rowid < ?"
        question = (
            f"SELECT word FROM (SELECT id, COUNT(*) AS shared FROM ({' UNION ALL '.join([part] * len(chosen))}) "  # noqa: S608  # marks only
            "GROUP BY id ORDER BY shared DESC, id LIMIT ?) JOIN words USING (id)"
        )
        values = [value for trigram in chosen for value in (_quoted(trigram), first, last)]
        with self._asking(question, (*values, _CANDIDATES)) as rows:
            return [found for (found,) in rows]

    def _first(self, letters: int) -> int:
        """Give the number of the first word that has so many letters or more."""
        return self._lengths[bisect_left(self._lengths, (letters, 0), hi=len(self._lengths) - 1)][1]

    @cached_property
    def _lengths(self) -> list[tuple[int, int]]:
        """The lengths of words, each with the number of the first that is so long; the number after the last word at the end."""
        question = "SELECT letters, first FROM lengths UNION ALL SELECT 0, COUNT(*) + 1 FROM words"
        with self._asking(question, ()) as rows:
            (_, end), *known = sorted(rows)
        return [*known, (folding.LONGEST + 1, end)]

    def _short(self, word: str) -> list[str]:
        """Give, for a short *word*, the short ones with the same first letter: two that changed places leave it no three of its own."""
        if len(word) > _SHORT:
            return []
        question = "SELECT word FROM words WHERE length(word) <= 5 AND word >= ? AND word < ? LIMIT ?"
        with self._asking(question, (word[0], word[0] + _LAST, 2 * _CANDIDATES)) as rows:
            return [found for (found,) in rows]

    def _rarest(self, trigrams: Iterable[str], postings: int) -> list[str]:
        """Give those of *trigrams* that words have, the rarest first, as many as *postings* words have; one at least."""
        asked = sorted(trigrams)
        marks = ", ".join("?" * len(asked))
        question = f"SELECT trigram, words FROM trigrams WHERE trigram IN ({marks}) ORDER BY words, trigram"  # noqa: S608  # marks only
        with self._asking(question, asked) as rows:
            known = list(rows)
        totals = accumulate(words for _, words in known)
        return [
            trigram
            for place, ((trigram, _), total) in enumerate(zip(known, totals, strict=True))
            if not place or total <= postings
        ]

    @contextmanager
    def _asking(self, question: str, values: Sequence[object]) -> Iterator[Iterator[tuple[Any, ...]]]:
        """Ask *question* and give its rows, while no other thread asks. Raises QueryTimeout, StoreError, Unavailable."""
        if not self._lock.acquire(timeout=SECONDS):
            raise Unavailable("too many searches are asked at once")
        try:
            self._end = time.monotonic() + SECONDS
            yield self._database.execute(question, values)
        except sqlite3.OperationalError as error:
            if time.monotonic() > self._end:
                raise QueryTimeout(
                    f"this search took longer than {SECONDS:g} seconds", remedy="search for fewer words"
                ) from error
            raise StoreError(f"the index of names cannot be read: {error}", remedy="run kg build") from error
        except sqlite3.DatabaseError as error:
            raise StoreError(f"the index of names is damaged: {error}", remedy="run kg build") from error
        finally:
            self._lock.release()


def _quoted(word: str) -> str:
    """Give *word* as one term of FTS5, whatever it is made of."""
    return '"' + word.replace('"', '""') + '"'
