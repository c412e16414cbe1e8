"""Statements in columns: each term a number, each statement three numbers, sorted by property, in a database of DuckDB on disk.

The remainder of a term's number by eight is its kind (:class:`Kind`), so that a query tells kinds without looking a term up. Literals are held as
rdflib writes them, so that terms are one here where they are one for pySHACL.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

import duckdb
import pyoxigraph as ox
from rdflib import Literal, URIRef
from rdflib.namespace import RDF as RDF_
from rdflib.term import Node

from kg.checking.sets.literals import doubtful
from kg.names import RDF, XSD
from kg.terms import from_rdflib, to_rdflib

MEMORY: Final = "1500MB"
"""What the database keeps in memory; what is more goes to the disk."""
SAME_AMOUNT: Final = 512
"""What the number of a number is divided by to be that of its amount."""
NOWHERE: Final = -8
"""The number of a term that no statement names; its kind is that of an IRI."""
_BUFFER: Final = 32 << 20
"""Bytes that are read at once, unless a line is longer."""
_BATCH: Final = 10_000

_LINES: Final = (
    "read_csv(?, columns = {{'line': 'VARCHAR'}}, delim = '\\x01', quote = '', escape = '', header = false, auto_detect = false, "
    "new_line = '\\n', max_line_size = {size}, buffer_size = {buffer})"
)
_PARTS: Final = """
    CREATE TABLE written AS
    SELECT s, p, substr(line, length(s) + length(p) + 3, length(line) - length(s) - length(p) - 4) AS o
    FROM (SELECT line, split_part(line, ' ', 1) AS s, split_part(line, ' ', 2) AS p FROM {lines})
"""
_FORMS: Final = """
    CREATE TABLE form AS
    SELECT text, inner_text AS lexical, CASE WHEN tail[1] = '@' THEN substr(tail, 2) END AS lang,
        CASE WHEN tail[1] = '^' THEN substr(tail, 4, length(tail) - 4) END AS datatype,
        CASE WHEN form = 'i' THEN {iri} WHEN form = 'b' THEN {blank} WHEN form = 't' OR strpos(inner_text, chr(92)) > 0 THEN {other}
            WHEN tail = '' THEN {text} WHEN tail[1] = '@' THEN {tagged}
            WHEN tail = '^^<{xsd}integer>' AND regexp_full_match(inner_text, '0|-?[1-9][0-9]{{0,8}}') THEN {number}
            WHEN tail = '^^<{xsd}decimal>' AND regexp_full_match(inner_text, '-?(0|[1-9][0-9]{{0,6}})[.][0-9]{{0,6}}[1-9]') THEN {number}
            WHEN tail = '^^<{xsd}date>' AND regexp_full_match(inner_text, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')
                AND TRY_CAST(inner_text AS DATE) IS NOT NULL AND inner_text[1:4] <> '0000' THEN {day}
            WHEN tail = '^^<{xsd}boolean>' AND inner_text IN ('true', 'false') THEN {truth}
            ELSE {other} END AS kind
    FROM (
        SELECT text, CASE text[1] WHEN '<' THEN (CASE text[2] WHEN '<' THEN 't' ELSE 'i' END) WHEN '_' THEN 'b' ELSE 'l' END AS form,
            CASE WHEN text[1] = '"' THEN text[length(text) - strpos(reverse(text), '"') + 2:] ELSE '' END AS tail,
            CASE text[1] WHEN '"' THEN substr(text, 2, length(text) - strpos(reverse(text), '"') - 1) ELSE substr(text, 2, length(text) - 2) END AS inner_text
        FROM (SELECT DISTINCT unnest([s, p, o]) AS text FROM written)
    )
"""
_TERMS: Final = """
    CREATE TABLE term AS
    SELECT CASE kind WHEN {number} THEN dense_rank() OVER (PARTITION BY kind ORDER BY amount) * 64 + row_number() OVER (PARTITION BY kind, amount)
        ELSE row_number() OVER (ORDER BY kind, lexical, text) END * 8 + kind AS id, text, lexical, lang, datatype, amount AS number
    FROM (
        SELECT DISTINCT ON (text) *, CASE kind WHEN {number} THEN CAST(lexical AS DOUBLE) END AS amount
        FROM (SELECT * FROM form WHERE text NOT IN (SELECT text FROM odd) UNION ALL SELECT becomes, lexical, lang, datatype, kind FROM odd)
    )
    ORDER BY id
"""
_TRIPLES: Final = """
    CREATE TABLE triple AS
    SELECT DISTINCT s.id AS s, p.id AS p, o.id AS o FROM written
    JOIN term s ON written.s = s.text JOIN term p ON written.p = p.text
    LEFT JOIN odd ON written.o = odd.text JOIN term o ON coalesce(odd.becomes, written.o) = o.text
    ORDER BY p, s, o
"""


class Kind(IntEnum):
    """What a term is. Numbers, days and truth values are those that two engines certainly read alike; ``OTHER`` is any other literal.

    The numbers of terms of a kind stand in the order of their texts; those of numbers in that of their amounts, with those of one amount
    under one number of :data:`SAME_AMOUNT`.
    """

    IRI = 0
    BLANK = 1
    TEXT = 2
    TAGGED = 3
    NUMBER = 4
    DAY = 5
    TRUTH = 6
    OTHER = 7


class Columns:
    """Triples in a database in a directory of its own, which is gone when the block ends."""

    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="attest-columns-", ignore_cleanup_errors=True)
        self._database = duckdb.connect(str(self._place / "columns.db"))
        self._database.execute(f"SET memory_limit = '{MEMORY}'; SET preserve_insertion_order = false")
        self._database.execute("SET temp_directory = ?", [str(self._place / "spilled")])
        self._ids: dict[Node, int] = {}
        self._nodes: dict[int, Node] = {}
        self._lasting: set[int] = set()
        self._closures: dict[tuple[int, int], tuple[int, ...]] = {}
        self._doubted: frozenset[int] | None = None
        self._foci = 0

    @property
    def _place(self) -> Path:
        return Path(self._directory.name)

    def __enter__(self) -> Columns:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the database; nothing can be asked any more."""
        self._database.close()
        self._directory.cleanup()

    def read(self, quads: Iterable[ox.Quad]) -> None:
        """Read the union of *quads*, once. Raises OSError, and what DuckDB raises, where there is no room."""
        file = self._place / "statements.nt"
        triples = (quad.triple for quad in quads)
        ox.serialize(triples, str(file), format=ox.RdfFormat.N_TRIPLES)
        self._read(file)
        file.unlink()

    def rows(self, query: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """Give the rows that *query*, in SQL, finds."""
        with _interruptible():
            return self._database.execute(query, list(parameters)).fetchall()

    def numbers(self, query: str) -> list[int]:
        """Give the first column of what *query* finds."""
        return [row[0] for row in self.rows(query)]

    def asked(self, query: str) -> Iterator[tuple[int, Node]]:
        """Give the number and the node of each row of *query*, which finds ``id`` and ``text``."""
        cursor = self._database.cursor()
        with _interruptible():
            cursor.execute(query)
        while found := cursor.fetchmany(_BATCH):
            yield from zip((id for id, _ in found), _nodes(text for _, text in found), strict=True)

    def keep(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add *rows* to *table*."""
        for at in range(0, len(rows), _BATCH):
            columns = [list(column) for column in zip(*rows[at : at + _BATCH], strict=True)]
            values = ", ".join("unnest(?)" for _ in columns)
            self.rows(f"INSERT INTO {table} SELECT {values}", columns)

    def _read(self, file: Path) -> None:
        longest = _longest(file)
        if longest:
            lines = _LINES.format(size=longest + 1, buffer=max(2 * longest, _BUFFER))
            self.rows(_PARTS.format(lines=lines), [str(file)])
        else:
            self.rows("CREATE TABLE written (s VARCHAR, p VARCHAR, o VARCHAR)")
        named = {**{kind.name.lower(): int(kind) for kind in Kind}, "xsd": XSD}
        self.rows(_FORMS.format(**named))
        self._rewrite()
        self.rows(_TERMS.format(**named))
        self.rows(_TRIPLES)
        self.rows("CREATE TABLE about AS SELECT s, p, o FROM triple ORDER BY s")
        self.rows("CREATE UNIQUE INDEX term_by_id ON term (id)")
        self.rows("DROP TABLE written; DROP TABLE odd; DROP TABLE form")
        self._lasting = set(self.numbers("SELECT DISTINCT p FROM triple"))
        self._lasting |= set(self.numbers(f"SELECT DISTINCT o FROM triple WHERE p = {self.id(RDF_.type)}"))
        self.nodes(self._lasting)

    def _rewrite(self) -> None:
        """Note what rdflib makes of the literals that it may write in another way, and what those with escaped signs say."""
        self.rows(
            "CREATE TABLE odd (text VARCHAR, becomes VARCHAR, lexical VARCHAR, lang VARCHAR, datatype VARCHAR, kind INTEGER)"
        )
        cursor = self._database.cursor()
        with _interruptible():
            cursor.execute(f"SELECT text FROM form WHERE kind = {Kind.OTHER} AND text[1] = '\"'")
        rows = []
        while found := cursor.fetchmany(_BATCH):
            texts = [text for (text,) in found]
            for text, node in zip(texts, _nodes(texts), strict=True):
                term = from_rdflib(node)
                datatype = None if term.language else term.datatype.value
                rows.append((text, str(term), term.value, term.language, datatype, kind_of(node)))
        self.keep("odd", rows)

    def id(self, node: Node) -> int:
        """Give the number of *node*, :data:`NOWHERE` where no statement names it."""
        if node not in self._ids:
            text = str(from_rdflib(to_rdflib(from_rdflib(node))))
            found = self.numbers(f"SELECT id FROM term WHERE text = {quoted(text)}")
            self._ids[node] = found[0] if found else NOWHERE
        return self._ids[node]

    def nodes(self, ids: Collection[int]) -> dict[int, Node]:
        """Give the nodes of *ids*, by their number."""
        unknown = [id for id in ids if id not in self._nodes]
        if unknown:
            found = self.rows(f"SELECT id, text FROM term WHERE id IN ({listed(unknown)})")
            for (id, _), node in zip(found, _nodes(text for _, text in found), strict=True):
                self._nodes[id] = node
                self._ids.setdefault(node, id)
        return {id: self._nodes[id] for id in ids}

    def forget(self) -> None:
        """Forget the nodes that were given."""
        self._nodes.clear()
        self._ids = {
            node: id for node, id in self._ids.items() if isinstance(node, URIRef) and id in self._lasting
        }

    def triples(self, where: str, table: str = "triple") -> Iterator[tuple[Node, Node, Node]]:
        """Give the triples of which *where*, in SQL over ``t``, is so; ``about`` is the *table* of them by subject, ``triple`` the one by property."""
        found = self.rows(f"SELECT s, p, o FROM {table} t WHERE {where}")
        nodes = self.nodes({id for row in found for id in row})
        for subject, property, value in found:
            yield nodes[subject], nodes[property], nodes[value]

    def below(self, property: Node, node: Node) -> tuple[int, ...]:
        """Give the numbers of all from which *property*, followed any number of times, leads to *node*, itself among them."""
        key = self.id(property), self.id(node)
        if key not in self._closures:
            query = (
                f"WITH RECURSIVE below(id) AS (SELECT CAST({key[1]} AS BIGINT) UNION "
                f"SELECT t.s FROM triple t, below WHERE t.o = below.id AND t.p = {key[0]}) SELECT id FROM below"
            )
            self._closures[key] = tuple(sorted(self.numbers(query)))
        return self._closures[key]

    def focus(self, query: str) -> str:
        """Make a table of the numbers that *query* finds in its first column, as ``id``, and give its name."""
        self._foci += 1
        name = f"focus{self._foci}"
        self.rows(f"CREATE TEMP TABLE {name} AS SELECT DISTINCT id FROM ({query}) f(id)")
        return name

    @property
    def doubted(self) -> frozenset[int]:
        """The numbers of the properties of literals that two engines may read differently."""
        if self._doubted is None:
            query = f"SELECT id, text FROM term WHERE id % 8 = {Kind.OTHER} AND text[1] = '\"'"
            ids = [(id,) for id, node in self.asked(query) if doubtful(node)]
            self.rows("CREATE TEMP TABLE doubtful (id BIGINT)")
            self.keep("doubtful", ids)
            self._doubted = frozenset(
                self.numbers("SELECT DISTINCT p FROM triple WHERE o IN (SELECT id FROM doubtful)")
            )
        return self._doubted


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C be what it is: DuckDB ends its query then, with an error of its own."""
    try:
        yield
    except RuntimeError as error:
        if "interrupt" in str(error).lower():
            raise KeyboardInterrupt from error
        raise


def _longest(file: Path) -> int:
    """Give the bytes of the longest line of *file*, 0 where there is none."""
    with file.open("rb") as lines:
        return max(map(len, lines), default=0)


def kind_of(node: Node) -> Kind:
    """Give the kind of a literal as it stands in the columns."""
    if not isinstance(node, Literal):
        return Kind.IRI
    if node.language:
        return Kind.TAGGED
    if node.datatype is None or str(node.datatype) in (XSD + "string", RDF + "langString"):
        return Kind.TEXT
    if doubtful(node) or not str(node.datatype).startswith(XSD):
        return Kind.OTHER
    name = str(node.datatype).removeprefix(XSD)
    certain = {"integer": Kind.NUMBER, "decimal": Kind.NUMBER, "double": Kind.NUMBER, "date": Kind.DAY}
    return certain.get(name, Kind.TRUTH)


def quoted(text: str) -> str:
    """Give *text* as a string of SQL."""
    return "'" + text.replace("'", "''") + "'"


def listed(ids: Iterable[int]) -> str:
    """Give *ids* as a list of SQL."""
    return ", ".join(map(str, ids))


def _parsed(texts: Iterable[str]) -> list[Any]:
    lines = "".join(f"<urn:s> <urn:p> {text} .\n" for text in texts)
    return [quad.object for quad in ox.parse(lines.encode(), ox.RdfFormat.N_TRIPLES)]


def _nodes(texts: Iterable[str]) -> list[Node]:
    return [to_rdflib(term) for term in _parsed(texts)]
