"""The statements of a release in a scratch database, so that whole sets of them are followed at once and in bounded memory.

Each term has a number. The union of the graphs is read once, as it is sorted; a path of properties becomes one join.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

import pyoxigraph as ox

from kg.index import NAMING, place
from kg.interruption import interruptible
from kg.names import KG, PROV, RDF, SKOSXL, Base
from kg.record import Step, parsed
from kg.triples import Term

KNOWN: Final = 400_000
"""How many numbers of terms are kept at hand; others are looked up."""
_T = TypeVar("_T")
_CHUNK: Final = 20_000
_CACHE: Final = -131_072  # KiB, as SQLite has it
_IRI, _BLANK, _LITERAL, _OTHER = range(4)

_SCHEMA: Final = """
CREATE TABLE term (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, value TEXT NOT NULL, language TEXT NOT NULL,
    datatype TEXT NOT NULL, UNIQUE (value, kind, language, datatype));
CREATE TABLE edge (p INTEGER NOT NULL, s INTEGER NOT NULL, o INTEGER NOT NULL, PRIMARY KEY (p, s, o)) WITHOUT ROWID;
"""
_AFTER: Final = """
CREATE INDEX inverse ON edge (p, o, s);
CREATE TABLE name (t INTEGER PRIMARY KEY, text TEXT NOT NULL, language TEXT NOT NULL);
CREATE TABLE veiled (t INTEGER PRIMARY KEY);
CREATE TABLE living (t INTEGER PRIMARY KEY);
CREATE TABLE inside (s INTEGER NOT NULL, o INTEGER NOT NULL, PRIMARY KEY (s, o)) WITHOUT ROWID;
"""


class Statements:
    """The union of *quads* on *base*, in a database at *path*, which must not be there yet. Close it after use.

    Names are in the first of *languages* where there is one in it, else in English.
    """

    def __init__(self, quads: Iterable[ox.Quad], base: Base, languages: Sequence[str], path: Path) -> None:
        self.base = base
        self._languages = tuple(dict.fromkeys((*languages[:1], "en")))
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size={_CACHE};")
        self.db.executescript(_SCHEMA)
        self._known: dict[Term, int] = {}
        self._last = 0
        with interruptible(self.db):
            self._fill(quads)

    def _fill(self, quads: Iterable[ox.Quad]) -> None:
        self.db.execute("BEGIN")
        for some in batched(quads, _CHUNK):
            self.db.executemany("INSERT OR IGNORE INTO edge VALUES (?, ?, ?)", map(self._edge, some))
        self._known.clear()
        self.db.execute("COMMIT")
        self.db.executescript(_AFTER)
        self._name()
        self._mark()
        self._contain()

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()

    def number(self, iri: str) -> int:
        """Give the number of *iri*, 0 where no statement has it."""
        row = self.db.execute("SELECT id FROM term WHERE value = ? AND kind = 0", (iri,)).fetchone()
        return int(row[0]) if row else 0

    def joined(self, path: str, start: str) -> str:
        """Give the SQL of a query with the columns ``n`` and ``o``: what *path* leads to from each row of *start*.

        *path* is one as :meth:`kg.record.Record.follow` has it, or an IRI between angle brackets; *start* is a table with the
        columns ``n`` and ``t``, a number and the term where the path begins. A row may stand twice.
        """
        return " UNION ALL ".join(self._way(steps, start) for steps in steps(path))

    def _way(self, way: Sequence[Step], start: str) -> str:
        joins, at = [], f"{start}.t"
        for number, step in enumerate(way):
            here, there = ("o", "s") if step.inverse else ("s", "o")
            # CROSS JOIN keeps the planner from beginning at the far end
            joins.append(
                f"CROSS JOIN edge e{number} ON e{number}.p = {self.number(step.property)} AND e{number}.{here} = {at}"
            )
            at = f"e{number}.{there}"
        return f"SELECT {start}.n AS n, {at} AS o FROM {start} {' '.join(joins)}"

    def instances(self, classes: Iterable[str]) -> str:
        """Give the SQL of the numbers of all that is of one of *classes*."""
        numbers = ", ".join(str(self.number(iri)) for iri in classes)
        return f"SELECT s FROM edge WHERE p = {self.number(RDF + 'type')} AND o IN ({numbers})"

    def _edge(self, quad: ox.Quad) -> tuple[int, int, int]:
        return self._id(quad.predicate), self._id(quad.subject), self._id(quad.object)

    def _id(self, term: Term) -> int:
        found = self._known.get(term)
        if found is None:
            if len(self._known) >= KNOWN:
                self._known.clear()
            found = self._known[term] = self._looked_up(*_written(term))
        return found

    def _looked_up(self, *written: object) -> int:
        row = self.db.execute(
            "SELECT id FROM term WHERE kind = ? AND value = ? AND language = ? AND datatype = ?", written
        ).fetchone()
        if row:
            return int(row[0])
        self._last += 1
        self.db.execute("INSERT INTO term VALUES (?, ?, ?, ?, ?)", (self._last, *written))
        return self._last

    def _name(self) -> None:
        """Give each resource its name: in the first language that there is one in, by the best property, the first by code point."""
        ranks = " ".join(
            f"WHEN {self.number(iri) or -1 - rank} THEN {rank}" for rank, iri in enumerate(NAMING)
        )
        numbers = ", ".join(str(self.number(iri)) for iri in NAMING)
        self.db.create_function("place_of", 1, partial(place, liked=self._languages), deterministic=True)
        self.db.execute(
            f"INSERT INTO name SELECT s, CASE WHEN place = {len(NAMING) - 1} THEN '“' || value || '”' ELSE value END, language FROM ("
            f"SELECT s, value, language, CASE p {ranks} END AS place, row_number() OVER (PARTITION BY s ORDER BY place_of(language), "
            f"CASE p {ranks} END, value, language) AS number FROM edge JOIN term ON term.id = o "
            f"WHERE p IN ({numbers}) AND kind = {_LITERAL}) WHERE number = 1"
        )

    def _mark(self) -> None:
        """Note what is veiled, and who may be living, with the records that are of them."""
        n = self.number
        subject, object, claimant = n(RDF + "subject"), n(RDF + "object"), n(KG + "claimant")
        names = ", ".join(str(n(SKOSXL + name)) for name in ("prefLabel", "altLabel", "hiddenLabel"))
        possibly = n(self.base.id("concept", "possibly-living"))
        # what is marked itself is one set, read before any record of it is added to it
        self.db.executescript(f"""
            CREATE TEMP TABLE marked AS SELECT s AS t FROM edge WHERE p = {n(KG + "sensitivity")} AND o = {possibly};
            INSERT OR IGNORE INTO living SELECT t FROM marked;
            INSERT OR IGNORE INTO living SELECT s FROM marked CROSS JOIN edge ON o = t WHERE p IN ({subject}, {object}, {claimant});
            INSERT OR IGNORE INTO living SELECT o FROM marked CROSS JOIN edge ON s = t WHERE p IN ({names}, {n(PROV + "wasDerivedFrom")});
            CREATE TEMP TABLE hidden AS SELECT s AS t FROM edge WHERE p = {n(KG + "visibility")} AND o = {n(KG + "veiled")};
            INSERT OR IGNORE INTO veiled SELECT t FROM hidden;
            INSERT OR IGNORE INTO veiled SELECT s FROM hidden CROSS JOIN edge ON o = t WHERE p IN ({subject}, {object});
        """)

    def _contain(self) -> None:
        """Note which places lie in which, each in itself too, by plain statements and by asserted claims that are recorded."""
        n = self.number
        within, said = n(KG + "within"), "SELECT 1 FROM edge WHERE edge.s = c.s"
        self.db.execute(f"""
            INSERT OR IGNORE INTO inside
            WITH RECURSIVE direct (s, o) AS (
                SELECT s, o FROM edge WHERE p = {within}
                UNION
                SELECT a.o, b.o FROM edge c
                CROSS JOIN edge a ON a.p = {n(RDF + "subject")} AND a.s = c.s
                CROSS JOIN edge b ON b.p = {n(RDF + "object")} AND b.s = c.s
                WHERE c.p = {n(RDF + "predicate")} AND c.o = {within}
                AND EXISTS ({said} AND p = {n(KG + "polarity")} AND o = {n(KG + "asserted")})
                AND EXISTS ({said} AND p = {n(KG + "status")} AND o = {n(KG + "recorded")})
            ), all_of (s, o) AS (
                SELECT s, o FROM direct UNION SELECT all_of.s, direct.o FROM all_of JOIN direct ON direct.s = all_of.o
            ) SELECT s, o FROM all_of""")


def steps(path: str) -> tuple[tuple[Step, ...], ...]:
    """Give the alternatives of *path*, each as its steps."""
    return ((Step(path[1:-1], False),),) if path.startswith("<") else parsed(path)


def _written(term: Term) -> tuple[int, str, str, str]:
    """Give kind, text, language and datatype of *term*."""
    if isinstance(term, ox.NamedNode):
        return _IRI, term.value, "", ""
    if isinstance(term, ox.Literal):
        return (
            (_LITERAL, term.value, term.language, "")
            if term.language
            else (_LITERAL, term.value, "", term.datatype.value)
        )
    return (_BLANK if isinstance(term, ox.BlankNode) else _OTHER), str(term), "", ""


def batched(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Give *items* in lists of *size*, the last one shorter (``itertools.batched`` comes with Python 3.12)."""
    left = iter(items)
    while some := list(islice(left, size)):
        yield some
