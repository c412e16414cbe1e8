"""Writing the index: forms of names as a file of SQLite, the same bytes of the same forms by the same SQLite.

``names`` has a row for each form of each of the ``resources``; ``words`` the words that their folded forms are made of. ``said`` finds forms by
their words, ``spelt`` words by three letters of them, both full-text indexes of FTS5; ``trigrams`` tells how many words have each
three letters, so that a reader takes the rarest. Words are numbered by their length, and ``lengths`` tells from where: words that few changes make of
each other are nearly as long.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from kg.errors import StoreError
from kg.interruption import interruptible
from kg.search.folding import VERSION, fold
from kg.search.forms import Named

NAME: Final = "search.sqlite"
"""The file of a release that holds its index."""
FORMAT: Final = 1

_OLDEST: Final = (3, 34)
_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE kinds (kind TEXT PRIMARY KEY, resources INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE resources (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, label TEXT NOT NULL, language TEXT NOT NULL, kinds TEXT NOT NULL, role TEXT NOT NULL,
  veiled INTEGER NOT NULL);
CREATE TABLE names (
  id INTEGER PRIMARY KEY, resource INTEGER NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL, kind INTEGER NOT NULL, veiled INTEGER NOT NULL,
  key TEXT NOT NULL);
CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, forms INTEGER NOT NULL);
CREATE TABLE lengths (letters INTEGER PRIMARY KEY, first INTEGER NOT NULL);
CREATE INDEX short ON words (word) WHERE length(word) <= 5;
CREATE TABLE trigrams (trigram TEXT PRIMARY KEY, words INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE said USING fts5(key, kinds, content='', columnsize=0, detail=column, tokenize='ascii');
CREATE VIRTUAL TABLE spelt USING fts5(word, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1');
"""


def write(things: Iterable[Named], path: Path) -> None:
    """Write the index of *things* as the new file *path*. Raises StoreError where this Python's SQLite cannot, OSError."""
    database = connected(str(path))
    try:
        database.execute("PRAGMA page_size = 4096")
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        with interruptible(database):
            fill(database, things)
    except sqlite3.OperationalError as error:
        raise OSError(None, str(error), str(path)) from error
    finally:
        database.close()


def fill(database: sqlite3.Connection, things: Iterable[Named]) -> None:
    """Write the index of *things* into the empty *database*."""
    database.executescript(_SCHEMA)
    database.execute("BEGIN")
    kinds, forms = Counter[str](), []
    for number, thing in enumerate(things, 1):
        kinds.update(thing.kinds)
        of = " ".join(thing.kinds)
        database.execute(
            "INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, *map(_clean, (thing.iri, thing.label, thing.language)), of, _clean(thing.role), thing.veiled),
        )  # fmt: skip
        forms += [(fold(form.text), number, form, of) for form in thing.forms]
    forms.sort(key=lambda each: (each[0].count(" "), len(each[0]), *each[:3]))  # the reader takes the first
    words = Counter[str]()
    for number, (key, resource, form, of) in enumerate(forms, 1):
        words.update(set(key.split()))
        row = (number, resource, _clean(form.text), form.language, form.rank, form.veiled, key)
        database.execute("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        database.execute("INSERT INTO said (rowid, key, kinds) VALUES (?, ?, ?)", (number, key, of))
    spelt = Counter[str]()
    lengths: dict[int, int] = {}
    by_length = sorted(words.items(), key=lambda each: (len(each[0]), each[0]))
    for number, (word, count) in enumerate(by_length, 1):
        lengths.setdefault(len(word), number)
        spelt.update(trigrams(word))
        database.execute("INSERT INTO words VALUES (?, ?, ?)", (number, word, count))
        database.execute("INSERT INTO spelt (rowid, word) VALUES (?, ?)", (number, bounded(word)))
    database.executemany("INSERT INTO lengths VALUES (?, ?)", lengths.items())
    database.executemany("INSERT INTO trigrams VALUES (?, ?)", sorted(spelt.items()))
    database.executemany("INSERT INTO kinds VALUES (?, ?)", sorted(kinds.items()))
    database.executemany(
        "INSERT INTO meta VALUES (?, ?)", [("folding", VERSION), ("format", FORMAT), ("forms", len(forms))]
    )
    for table in ("said", "spelt"):
        database.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608  # names of our own
    database.execute("COMMIT")
    database.execute("VACUUM")


def connected(address: str, *, uri: bool = False) -> sqlite3.Connection:
    """Connect with the database at *address*. Raises StoreError where this Python's SQLite has no index of three letters."""
    if sqlite3.sqlite_version_info < _OLDEST:
        raise StoreError(
            f"SQLite {sqlite3.sqlite_version} of this Python cannot search names",
            remedy="use a Python with SQLite 3.34 or newer",
        )
    database = sqlite3.connect(address, uri=uri, isolation_level=None, check_same_thread=False)
    has = database.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0]
    if not has:
        database.close()
        raise StoreError(
            "SQLite of this Python is built without FTS5 and cannot search names",
            remedy="use the Python of python.org, of Debian or of conda-forge",
        )
    return database


def bounded(word: str) -> str:
    """Give *word* with marks for its beginning and its end, which letters are not."""
    return f"^{word}$"


def trigrams(word: str) -> set[str]:
    """Give each three letters of *word*, its bounds included.

    >>> sorted(trigrams("baku"))
    ['^ba', 'aku', 'bak', 'ku$']
    """
    text = bounded(word)
    return {text[place : place + 3] for place in range(len(text) - 2)}


def _clean(text: str) -> str:
    """Give *text* without half characters, which no UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode()
