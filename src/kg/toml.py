"""A TOML file read strictly (TOML 1.0): each key is taken with its type, and what is wrong is told at its line and column.

:mod:`tomllib` keeps no places, so the lines of keys are found in the text.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NoReturn, cast
from urllib.parse import urlsplit

from kg.errors import ProjectError

_KEY: Final = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*=""")
_TABLE: Final = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?")
_Place = tuple[int, int]
_KINDS: Final[dict[type, str]] = {
    str: "a text in quotes",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


def quoted(text: str) -> str:
    """Give *text* as a basic string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


class Table:
    """A table of a TOML file whose keys are taken one by one; what is left over is an error."""

    def __init__(
        self,
        path: Path,
        keys: Mapping[tuple[str, ...], _Place],
        name: tuple[str, ...],
        values: dict[str, Any],
    ):
        self._path, self._keys, self._name, self._values = path, keys, name, dict(values)

    @classmethod
    def load(cls, path: Path, text: str | None = None) -> Table:
        """Give the whole of the file at *path*, or of *text* as if it stood there. Raises ProjectError where it cannot be read."""
        try:
            if text is None:
                text = path.read_bytes().decode("utf-8")
            values = tomllib.loads(text)
        except OSError as error:
            raise ProjectError(
                f"{path}: it cannot be read: {error.strerror}", remedy="check its permissions"
            ) from error
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            raise ProjectError(
                f"byte {error.object[error.start]:02X} is not UTF-8",
                path=path.name,
                line=before.count(b"\n") + 1,
                column=len(before.rpartition(b"\n")[2].decode()) + 1,
                remedy="save the file as UTF-8",
            ) from error
        except (
            ValueError,
            RecursionError,
        ) as error:  # tomllib passes on what int() refuses, and has no limit
            at = re.search(r"at line (\d+), column (\d+)", str(error))
            sentence = re.sub(r" \(at .*\)$", "", str(error))
            raise ProjectError(
                f"this is not TOML: {sentence}",
                path=path.name,
                line=int(at[1]) if at else (text or "").count("\n") + 1,
                column=int(at[2]) if at else 1,
                remedy='write key = "value", a text in straight quotes',
            ) from error
        return cls(path, _keys(text), (), values)

    def refuse(self, key: str, sentence: str, remedy: str) -> NoReturn:
        """Raise ProjectError at the place of *key*, or of the table where the key is absent."""
        line, column = self._keys.get((*self._name, key)) or self._keys.get(self._name, (1, 1))
        raise ProjectError(sentence, path=self._path.name, line=line, column=column, remedy=remedy)

    @contextmanager
    def at(self, key: str) -> Iterator[None]:
        """Give what a ProjectError inside says the place of *key*."""
        try:
            yield
        except ProjectError as error:
            if error.path:
                raise
            self.refuse(key, error.message, error.remedy)

    def names(self) -> list[str]:
        """Give the keys that nobody took, in order."""
        return sorted(self._values)

    def take(self, key: str, kind: type, default: Any = None) -> Any:
        """Take the value of *key*, which is of type *kind*; it may be absent only where there is a *default*."""
        label = ".".join((*self._name, key))
        if key not in self._values:
            if default is None:
                self.refuse(key, f"the key {label!r} is missing", f"add {key} = …, {_KINDS[kind]}")
            return default
        value = self._values.pop(key)
        if type(value) is not kind and not (kind is float and type(value) is int):
            self.refuse(key, f"{label!r} has to be {_KINDS[kind]}, and is {value!r}", f"write {_KINDS[kind]}")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Take the list of texts of *key*."""
        values = self.take(key, list, default and list(default))
        if not all(isinstance(value, str) for value in values):
            self.refuse(key, f"{key!r} has to be a list of texts", 'write for example ["en", "hy"]')
        return tuple(values)

    def iri(self, key: str) -> str:
        """Take the address of *key*, of HTTP."""
        value = self.take(key, str)
        if urlsplit(value).scheme not in ("http", "https") or re.search(r"[\s<>\"]", value):
            self.refuse(
                key, f"{key!r} has to be an http(s) IRI, and is {value!r}", "write the licence's full address"
            )
        return cast(str, value)

    def date(self, key: str) -> str:
        """Take the day of *key*, a date of TOML or a text (ISO 8601)."""
        value = self._values.get(key)
        if type(value) is date:  # TOML has dates of its own
            del self._values[key]
            return value.isoformat()
        if isinstance(value, datetime):
            self.refuse(key, f"{key!r} has to be a day, without a time", 'write for example "2026-11-23"')
        text = self.take(key, str)
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            self.refuse(key, f"{key!r} has to be a day, and is {text!r}", 'write for example "2026-11-23"')

    def table(self, key: str) -> Table:
        """Take the table of *key*, an empty one where it is absent."""
        return Table(self._path, self._keys, (*self._name, key), self.take(key, dict, {}))

    def finish(self) -> None:
        """Refuse the first key that nobody took."""
        for key in self.names():
            self.refuse(
                key,
                f"the key {'.'.join((*self._name, key))!r} is unknown",
                "correct its name, or take it out",
            )


def place(path: Path, *name: str) -> tuple[int, int]:
    """Give line and column of the key or table *name* in the TOML file at *path*; of its table, else 1 and 1, where it is absent."""
    try:
        keys = _keys(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return 1, 1
    return next((keys[name[:n]] for n in range(len(name), 0, -1) if name[:n] in keys), (1, 1))


def _keys(text: str) -> dict[tuple[str, ...], _Place]:
    """Give the place of each table and key; in lists and texts of several lines the first match counts."""
    keys: dict[tuple[str, ...], _Place] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        here = (number, len(line) - len(line.lstrip()) + 1)
        if match := _TABLE.fullmatch(line):
            table = tuple(re.sub(r"""^["']|["']$""", "", part) for part in _split(match[1]))
            keys.setdefault(table, here)
            for length in range(1, len(table)):
                keys.setdefault(table[:length], here)
        elif match := _KEY.match(line):
            keys.setdefault((*table, match[1].strip("\"'")), here)
    return keys


def _split(header: str) -> list[str]:
    return re.findall(r""""[^"]*"|'[^']*'|[^.\s]+""", header)
