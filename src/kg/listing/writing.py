"""Writing the lists of a release: from its statements to a SQLite file whose bytes depend on nothing else.

Resources are numbered in the order of their labels, so that every list has that order by itself. Nothing in the file tells when or by
which version of SQLite it was written.
"""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.interruption import interruptible
from kg.listing import generic, order
from kg.listing.faceting import facet_values
from kg.listing.facets import Column, Facet, Kind
from kg.listing.kinds import KINDS
from kg.listing.rows import pack, written
from kg.listing.sentences import sentences
from kg.listing.statements import Statements, steps
from kg.names import RDF, Base

NAME: Final = "lists.sqlite"
"""The file of a release that has its lists."""
APPLICATION: Final = 0x6B676C31
VERSION: Final = 1

_SCHEMA: Final = """
CREATE TABLE resource (r INTEGER PRIMARY KEY, iri TEXT NOT NULL, label TEXT NOT NULL, language TEXT NOT NULL,
    veiled INTEGER NOT NULL, living INTEGER NOT NULL);
CREATE TABLE list (l INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT NOT NULL, language TEXT NOT NULL, class INTEGER NOT NULL,
    total INTEGER NOT NULL, unnamed INTEGER NOT NULL, by_date INTEGER NOT NULL, dated INTEGER NOT NULL, dates BLOB, living BLOB NOT NULL, columns TEXT NOT NULL);
CREATE TABLE item (l INTEGER NOT NULL, n INTEGER NOT NULL, r INTEGER NOT NULL, cells TEXT NOT NULL, PRIMARY KEY (l, n)) WITHOUT ROWID;
CREATE TABLE facet (l INTEGER NOT NULL, f INTEGER NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL, PRIMARY KEY (l, f)) WITHOUT ROWID;
CREATE TABLE value (l INTEGER NOT NULL, f INTEGER NOT NULL, v INTEGER NOT NULL, name TEXT NOT NULL, iri TEXT NOT NULL, label TEXT NOT NULL,
    language TEXT NOT NULL, count INTEGER NOT NULL, rows BLOB NOT NULL, inside TEXT NOT NULL, PRIMARY KEY (l, f, v)) WITHOUT ROWID;
CREATE INDEX value_name ON value (l, f, name);
"""


def write(
    quads: Iterable[ox.Quad],
    base: Base,
    path: Path,
    *,
    profiles: Sequence[str] = (),
    languages: Sequence[str] = ("en",),
) -> None:
    """Write the lists of *quads*, statements about resources on *base*, into the new file *path*.

    Those of the profile ``attest`` are written where it is one of *profiles*; names are in the first of *languages* that has one. Beside it a scratch file is written and removed. Raises OSError where the disk has no room or cannot be written.
    """
    scratch = path.with_name(f".{path.name}-statements")
    try:
        with (
            closing(Statements(quads, base, languages, scratch)) as statements,
            closing(_created(path)) as db,
            interruptible(statements.db, db),
        ):
            _Writer(statements, db).write(KINDS if "attest" in profiles else ())
            db.execute("COMMIT")
            db.execute("VACUUM")
    except sqlite3.OperationalError as error:
        code = errno.ENOSPC if error.sqlite_errorcode == sqlite3.SQLITE_FULL else errno.EIO
        raise OSError(code, str(error), str(path)) from error
    finally:
        scratch.unlink(missing_ok=True)
    with path.open(
        "r+b"
    ) as file:  # which SQLite wrote it (file format, 1.3, offset 96) is no part of what it says
        file.seek(96)
        file.write((3_040_000).to_bytes(4, "big"))


def _created(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(
        f"PRAGMA page_size=4096; PRAGMA encoding='UTF-8'; PRAGMA application_id={APPLICATION}; PRAGMA user_version={VERSION}; "
        f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_SCHEMA} BEGIN;"
    )
    return db


class _Writer:
    """Writes the lists of *statements* into *db*."""

    def __init__(self, statements: Statements, db: sqlite3.Connection) -> None:
        self._statements = statements
        self._scratch = statements.db
        self._db = db
        self._lists = 0

    def write(self, kinds: Sequence[Kind]) -> None:
        """Write the resources, then the list of each of *kinds* and of each class."""
        self._scratch.execute("CREATE TABLE row (r INTEGER PRIMARY KEY, t INTEGER UNIQUE)")
        self._scratch.executemany("INSERT INTO name VALUES (?, ?, 'en')", list(sentences(self._statements)))
        self._resources(kinds)
        for kind in kinds:
            self._list(kind, self._members(kind), kind.name, (kind.title, "en"))
        for each in generic.kinds(self._statements):
            self._list(each.kind, f"SELECT s FROM edge WHERE p = {self._type} AND o = {each.number}", each.iri, each.name, True)  # fmt: skip

    @property
    def _type(self) -> int:
        return self._statements.number(RDF + "type")

    def _members(self, kind: Kind) -> str:
        """Give the SQL of the terms that belong to *kind*."""
        joined = self._statements.joined
        everything = "(SELECT t AS n, t FROM row)"
        wanted = [self._statements.instances(kind.classes)] if kind.classes else []
        if kind.having:
            wanted.append(f"SELECT n FROM ({joined(kind.having, 'every')})")
        text = " INTERSECT ".join(wanted)
        if kind.lacking:
            text += f" EXCEPT SELECT n FROM ({joined(kind.lacking, 'every')})"
        return f"WITH every AS {everything} {text}"

    def _resources(self, kinds: Sequence[Kind]) -> None:
        """Number all that can stand in a list: what has a type, or is a member of one of *kinds*."""
        base = self._statements.base
        self._scratch.create_function("sorted_by", 1, order.key, deterministic=True)
        self._scratch.create_function("compact", 1, base.compact, deterministic=True)
        others = [
            f"SELECT o FROM edge WHERE p = {self._statements.number(step.property)}"
            for kind in kinds
            if kind.having and not kind.classes
            for ((step,),) in (steps(kind.having),)
        ]
        typed = " UNION ".join([f"SELECT s FROM edge WHERE p = {self._type}", *others])
        found = (
            f"SELECT id, value, coalesce(text, compact(value)) AS label, coalesce(name.language, '') AS language "
            f"FROM term LEFT JOIN name ON t = id WHERE kind = 0 AND id IN ({typed})"
        )
        self._scratch.execute(
            f"INSERT INTO row (t) SELECT id FROM ({found}) ORDER BY sorted_by(label), label, value"
        )
        self._db.executemany(
            "INSERT INTO resource VALUES (?, ?, ?, ?, ?, ?)",
            self._scratch.execute(
                "SELECT r, value, coalesce(text, compact(value)), coalesce(name.language, ''), "
                "row.t IN (SELECT t FROM veiled), row.t IN (SELECT t FROM living) "
                "FROM row JOIN term ON id = row.t LEFT JOIN name ON name.t = row.t ORDER BY r"
            ),
        )

    def _list(
        self, kind: Kind, members: str, name: str, title: tuple[str, str], is_class: bool = False
    ) -> None:
        """Write the list *name* of *members*, the SQL of terms, with the facets and columns of *kind*."""
        scratch = self._scratch
        scratch.executescript(
            "DROP TABLE IF EXISTS member; DROP TABLE IF EXISTS day; CREATE TABLE member (n INTEGER PRIMARY KEY, t INTEGER, r INTEGER); "
            "CREATE TABLE day (n INTEGER PRIMARY KEY, day TEXT);"
        )
        scratch.execute(
            f"INSERT INTO member SELECT row_number() OVER (ORDER BY r) - 1, t, r FROM row WHERE t IN ({members})"
        )
        (total,) = scratch.execute("SELECT count(*) FROM member").fetchone()
        (everyone,) = scratch.execute(f"SELECT count(*) FROM (SELECT DISTINCT * FROM ({members}))").fetchone()
        dated, dates = self._dates(kind.date)
        columns = json.dumps(
            [[column.name, column.about, column.shown] for column in kind.columns], ensure_ascii=False
        )
        self._lists += 1
        number = self._lists
        self._db.execute(
            "INSERT INTO list VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                name,
                *title,
                is_class,
                total,
                everyone - total,
                kind.by_date,
                dated,
                dates,
                self._living(total),
                columns,
            ),
        )
        self._db.executemany("INSERT INTO item VALUES (?, ?, ?, ?)", self._items(number, total, kind.columns))
        for at, facet in enumerate(kind.facets):
            self._facet(number, at, facet, total)

    def _dates(self, paths: Sequence[str]) -> tuple[int, bytes | None]:
        """Give how many members have a day, and the order by it: those without one last."""
        for path in paths:
            self._scratch.execute(
                f"INSERT OR IGNORE INTO day SELECT n, min(value) FROM ({self._statements.joined(path, 'member')}) JOIN term ON id = o "
                "WHERE value GLOB '[0-9][0-9][0-9][0-9]*' GROUP BY n"
            )
        rows = self._scratch.execute(
            "SELECT n FROM member LEFT JOIN day USING (n) ORDER BY day IS NULL, day, n"
        )
        dates = written(n for (n,) in rows) if paths else None
        (dated,) = self._scratch.execute("SELECT count(*) FROM day").fetchone()
        return dated, dates

    def _living(self, total: int) -> bytes:
        """Give the members who may be living, or are records of someone who may be."""
        rows = self._scratch.execute("SELECT n FROM member WHERE t IN (SELECT t FROM living) ORDER BY n")
        return pack([n for (n,) in rows], total)

    def _items(self, list: int, total: int, columns: Sequence[Column]) -> Iterator[tuple[int, int, int, str]]:
        """Give the rows of the members, each with its cells; a cell has its values in the order of their terms."""
        cursors = [_Cells(self._scratch.execute(self._cells(column))) for column in columns]
        for n, r in self._scratch.execute("SELECT n, r FROM member ORDER BY n"):
            cells = [cursor.of(n) for cursor in cursors]
            yield list, n, r, json.dumps(cells, ensure_ascii=False, separators=(",", ":"))

    def _cells(self, column: Column) -> str:
        """Give the SQL of the values of *column*, by member."""
        only = f"AND o IN ({self._statements.instances(column.kinds)})" if column.kinds else ""
        called = "CASE kind WHEN 0 THEN coalesce(text, compact(value)) ELSE value END"
        if column.shown:  # on a page, where the row need not be veiled itself
            called = f"CASE WHEN o IN (SELECT t FROM veiled) THEN 'veiled' ELSE {called} END"
        return (
            f"SELECT n, {called if column.labels else 'value'} "
            f"FROM (SELECT DISTINCT n, o FROM ({self._statements.joined(column.path, 'member')})) "
            f"JOIN term ON id = o LEFT JOIN name ON t = o WHERE kind IN (0, 2) {only} ORDER BY n, value"
        )

    def _facet(self, list: int, at: int, facet: Facet, total: int) -> None:
        definition = json.dumps(facet.as_json(), ensure_ascii=False)
        found = facet_values(self._statements, facet, total)
        if not found:
            return
        self._db.execute("INSERT INTO facet VALUES (?, ?, ?, ?)", (list, at, facet.name, definition))
        self._db.executemany(
            "INSERT INTO value VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (list, at, number, each.name, each.iri, each.label, each.language, each.count, each.rows, json.dumps(each.inside))
                for number, each in enumerate(found)
            ),
        )  # fmt: skip


class _Cells:
    """The values of one column, read from *rows* of number and text that stand in the order of the numbers."""

    def __init__(self, rows: Iterator[tuple[int, str]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, n: int) -> list[str]:
        """Give the values of the row *n*; ask in the order of the numbers."""
        found = []
        while self._next is not None and self._next[0] == n:
            found.append(self._next[1])
            self._next = next(self._rows, None)
        return found
