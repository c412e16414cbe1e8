"""Rows: the answer of a SELECT query as typed Python values, a table in the terminal, CSV, HTML or a data frame."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any, Final, TypeAlias, overload

import pyoxigraph as ox

from kg.errors import QueryError
from kg.names import XSD, Base

if TYPE_CHECKING:
    import pandas


VEILED: Final = "veiled"
"""What stands for something that the collection hides until asked for, and the column that says so."""


class IRI(str):
    """An IRI; everywhere else a plain string."""

    __slots__ = ()


class Text(str):
    """A text with its language (a BCP 47 tag)."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, value: str, language: str) -> Text:
        """Give *value* as a text in *language*."""
        text = super().__new__(cls, value)
        text.language = language
        return text

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return (str(self), self.language)


Value: TypeAlias = "IRI | Text | str | int | bool | Decimal | float | date | datetime | None"

_DECIMAL: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_DOUBLE: Final = rf"{_DECIMAL}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_DAY: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME: Final = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"

# what each type allows of it; Python's own readers take more (1_000, 19900116)
_READERS: Final[Mapping[str, tuple[str, Callable[[str], Value]]]] = {
    XSD + "integer": ("[+-]?[0-9]+", int),
    XSD + "boolean": ("true|false|1|0", lambda text: text in ("true", "1")),
    XSD + "decimal": (_DECIMAL, Decimal),
    XSD + "double": (_DOUBLE, float),
    XSD + "float": (_DOUBLE, float),
    XSD + "date": (_DAY, date.fromisoformat),
    XSD + "dateTime": (f"{_DAY}T{_TIME}", datetime.fromisoformat),
}


def value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> Value:
    """Give the Python value of an RDF term.

    An IRI becomes :class:`IRI`, a text with a language :class:`Text`, integers, decimals, booleans and dates their
    Python types; any other literal, and one whose text its type does not allow, stays a string. A blank node gives
    its label with ``_:``.
    """
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return IRI(term.value)
    if not isinstance(term, ox.Literal):
        return str(term)
    if term.language:
        return Text(term.value, term.language)
    form, read = _READERS.get(term.datatype.value, ("", str))
    try:
        return read(term.value) if re.fullmatch(form, term.value) else term.value
    except ValueError:  # the 31st of a shorter month, more digits than Python reads
        return term.value


def written(cell: Value) -> str:
    """Give a value as XML Schema writes it, an IRI in full, nothing for unbound."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat().removesuffix("+00:00") + ("Z" if cell.utcoffset() == timedelta() else "")
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, float) and not math.isfinite(cell):
        return "NaN" if math.isnan(cell) else "INF" if cell > 0 else "-INF"
    return str(cell)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: values by position, by column name (``row["claim"]``) or as attributes (``row.claim``).

    ``veiled``: it names something that the collection asks outputs to hide until somebody asks for it.
    """

    columns: tuple[str, ...]
    values: tuple[Value, ...]
    veiled: bool = False

    def __getitem__(self, key: int | str) -> Value:
        if isinstance(key, str):
            return dict(zip(self.columns, self.values, strict=True))[key]
        return self.values[key]

    def __getattr__(self, name: str) -> Value:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"no column {name!r}; there are {', '.join(self.columns)}") from None

    def __iter__(self) -> Iterator[Value]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"Row({', '.join(f'{n}={v!r}' for n, v in zip(self.columns, self.values, strict=True))})"


@dataclass(frozen=True, slots=True, eq=False)
class Rows(Sequence[Row]):
    """The rows of an answer, in its order; ``columns`` are the variables of the SELECT list.

    ``note`` says, of an answer without rows, what the query has overlooked, where that is known, and of one to a named query
    what it leaves out. ``flagged`` answers, those of named
    queries, say of each row whether it is veiled, in a last column of that name wherever they are written.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    base: Base
    note: str = ""
    flagged: bool = False

    @classmethod
    def of(
        cls,
        variables: Sequence[str],
        terms: Sequence[Sequence[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]],
        base: Base,
        *,
        note: str = "",
        veiled: Container[str] = frozenset(),
    ) -> Rows:
        """Give the rows of *terms*, one sequence a row, as long as *variables*; those that name one of *veiled* are veiled."""
        columns = tuple(variables)

        def row(values: tuple[Value, ...]) -> Row:
            return Row(columns, values, any(isinstance(cell, IRI) and cell in veiled for cell in values))

        return cls(columns, tuple(row(tuple(map(value, each))) for each in terms), base, note)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Rows: ...
    def __getitem__(self, index: int | slice) -> Row | Rows:
        if isinstance(index, slice):
            return replace(self, rows=self.rows[index])
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<kg.Rows: {len(self)} of {', '.join(self.columns)}>"

    def compact(self) -> list[list[str]]:
        """Give the cells as texts for people: IRIs as prefixed names where there is one, nothing for unbound."""
        return [[self._cell(cell) for cell in row] for row in self.rows]

    def _cell(self, cell: Value) -> str:
        return self.base.compact(cell) if isinstance(cell, IRI) else written(cell)

    @property
    def _header(self) -> tuple[str, ...]:
        return (*self.columns, VEILED) if self.flagged and VEILED not in self.columns else self.columns

    def _written(self, row: Row) -> tuple[Value, ...]:
        return row.values if len(self._header) == len(self.columns) else (*row.values, row.veiled)

    def bearing(self, caveats: Mapping[str, Sequence[str]], *, veiled: bool = False) -> dict[str, list[IRI]]:
        """Give each of *caveats* (by the IRI that it bears on) on something that the rows name, with what it bears on, in their order.

        Veiled rows count only with *veiled*.
        """
        found: dict[str, dict[IRI, None]] = {}
        for row in self.rows:
            for cell in row if veiled or not row.veiled else ():
                if isinstance(cell, IRI):
                    for caveat in caveats.get(cell, ()):
                        found.setdefault(caveat, {})[cell] = None
        return {caveat: list(iris) for caveat, iris in found.items()}

    def to_dicts(self) -> list[dict[str, Value]]:
        """Give each row as a dictionary by column."""
        return [dict(zip(self._header, self._written(row), strict=True)) for row in self.rows]

    def to_csv(self) -> str:
        """Give the rows as CSV (RFC 4180): IRIs in full, dates and truth values as XML Schema writes them, a header line first."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self._header)
        writer.writerows([written(cell) for cell in self._written(row)] for row in self.rows)
        return out.getvalue()

    def to_pandas(self) -> pandas.DataFrame:
        """Give the rows as a pandas data frame, one column a variable.

        Raises QueryError where pandas is not installed (``pip install attest-kg[pandas]``).
        """
        try:
            import pandas
        except ImportError as error:
            raise QueryError(
                "pandas is not installed", remedy="pip install 'attest-kg[pandas]', or use to_csv()"
            ) from error
        return pandas.DataFrame(self.to_dicts(), columns=list(self._header))

    def _repr_html_(self) -> str:
        """Give an HTML table, for notebooks; what is veiled is folded up."""

        def cells(tag: str, texts: Sequence[str], fold: bool = False) -> str:
            before, after = (f"<details><summary>{VEILED}</summary>", "</details>") if fold else ("", "")
            return (
                "<tr>" + "".join(f"<{tag}>{before}{escape(text)}{after}</{tag}>" for text in texts) + "</tr>"
            )

        body = "".join(
            cells("td", texts, row.veiled) for texts, row in zip(self.compact(), self.rows, strict=True)
        )
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return f"{note}<table><thead>{cells('th', self.columns)}</thead><tbody>{body}</tbody></table>"

    def to_json(self) -> list[dict[str, Any]]:
        """Give each row as a JSON object by column: numbers and truth values as such, the rest as strings, null for unbound."""
        return [
            {
                name: cell if cell is None or isinstance(cell, bool | int) or _finite(cell) else written(cell)
                for name, cell in row.items()
            }
            for row in self.to_dicts()
        ]


def _finite(cell: Value) -> bool:
    """Tell whether JSON has a number for *cell*: it has none for INF and NaN."""
    return isinstance(cell, float) and math.isfinite(cell)
