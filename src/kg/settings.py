"""The settings of a project: ``kg.toml`` and ``kg.local.toml``, read strictly.

An unknown key, a wrong type or a missing key is a ProjectError that names the file, the line and what to
write. TOML 1.0 by :mod:`tomllib`, which keeps no places, so the lines of keys are found in the text.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal, NoReturn, TypeVar, cast
from urllib.parse import urlsplit

from kg.errors import ProjectError
from kg.limits import Limits, Serving
from kg.names import Base

CONFIGURATION: Final = "kg.toml"
LOCAL: Final = "kg.local.toml"
"""What only this machine knows: never committed."""
FORM: Final = 1
"""The version of the form of ``kg.toml`` that this module reads."""
PROFILES: Final = ("attest",)
"""The profiles of rules that a project may follow."""

KEYS: Final = (
    "version", "edition", "date", "base", "title", "description", "licence", "languages", "publisher", "profiles",
    "default_graph", "graphs", "limits", "serve", "security", "texts",
)  # fmt: skip
"""The keys of ``kg.toml``."""
TABLES: Final = {
    "limits": tuple(key.name for key in fields(Limits)),
    "serve": tuple(key.name for key in fields(Serving)),
    "security": ("contact", "expires"),
}
"""Those of its tables that have keys of their own."""
GRAPH_KEYS: Final = ("title", "licence", "description")
"""Those of each table ``[graphs."<name>"]``."""

_GRAPH_NAME: Final = re.compile(
    r"vocab|entities|editorial|published|meta|(?:source|external)/[a-z0-9]+(?:-[a-z0-9]+)*"
)
_CONTACT: Final = re.compile(r"(?:mailto:|https://|tel:)[\x21-\x7e]+")  # RFC 9116 §2.5.3
LANGUAGE: Final = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*")
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


@dataclass(frozen=True, slots=True)
class GraphInfo:
    """What a reader is told of a graph: title, licence (an IRI), description."""

    title: str
    licence: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Security:
    """Whom to tell of a weakness of the server: addresses (mailto:, https:, tel:), and the day until which they hold."""

    contact: tuple[str, ...]
    expires: date


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``kg.toml`` says; the fields are its keys."""

    base: Base
    title: str
    licence: str
    profiles: tuple[str, ...]
    date: str
    description: str = ""
    languages: tuple[str, ...] = ("en",)
    publisher: str = ""
    security: Security | None = None
    edition: str = ""
    default_graph: Literal["union", "strict"] = "union"
    graphs: dict[str, GraphInfo] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    serving: Serving = field(default_factory=Serving)
    texts: tuple[str, ...] = ()


def quoted(text: str) -> str:
    """Give *text* as a basic string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def check_profiles(names: Sequence[str]) -> None:
    """Raise ProjectError where *names* has a profile that does not exist."""
    for name in names:
        if name not in PROFILES:
            raise ProjectError(
                f"there is no profile {name!r}",
                remedy=f"the profiles are {', '.join(PROFILES)}; for none write profiles = [] or --profile none",
            )


def read(path: Path, text: str | None = None) -> Settings:
    """Read the ``kg.toml`` at *path*, or *text* as if it stood there; ProjectError where it cannot be used."""
    top = _Table.load(path, text)
    if (form := top.take("version", int)) != FORM:
        top.refuse(
            "version", f"version = {form} is not known here", f"write version = {FORM}, or use a newer kg"
        )
    with top.at("base"):
        base = Base(top.take("base", str))
    profiles = top.texts("profiles")
    with top.at("profiles"):
        check_profiles(profiles)
    values = Settings(
        base=base,
        title=top.take("title", str),
        licence=top.iri("licence"),
        profiles=profiles,
        date=top.date("date"),
        description=top.take("description", str, ""),
        languages=top.texts("languages", ("en",)),
        publisher=top.take("publisher", str, ""),
        security=_security(top),
        edition=top.take("edition", str, ""),
        default_graph=cast(Literal["union", "strict"], top.take("default_graph", str, "union")),
        graphs=_graphs(top.table("graphs")),
        limits=_numbers(Limits(), top.table("limits")),
        serving=_serving(top.table("serve")),
        texts=tuple(_texts(top.table("texts"))),
    )
    if not values.title.strip():
        top.refuse("title", "the title is empty", "write what the collection is called")
    if values.default_graph not in ("union", "strict"):
        top.refuse(
            "default_graph",
            f"default_graph = {values.default_graph!r} is not known",
            'write "union" or "strict"',
        )
    for tag in values.languages:
        if not LANGUAGE.fullmatch(tag):
            top.refuse(
                "languages",
                f"{tag!r} is no language tag in lower case",
                'write for example "hy" or "ru-latn"',
            )
    top.finish()
    return values


def read_limits(path: Path) -> Limits:
    """Read ``[limits]`` of the TOML file at *path*, whatever else it says; ProjectError where it cannot be used."""
    return _numbers(Limits(), _Table.load(path).table("limits"))


def read_serving(path: Path) -> Serving:
    """Read ``[serve]`` of the TOML file at *path*, whatever else it says; ProjectError where it cannot be used."""
    return _serving(_Table.load(path).table("serve"))


def _serving(table: _Table) -> Serving:
    proxies = table.texts("proxies", Serving().proxies)
    with table.at("proxies"):
        serving = Serving(proxies)
    if contact := table.take("contact", str, ""):
        if not _CONTACT.fullmatch(contact):
            table.refuse(
                "contact",
                f"{contact!r} is no address with its scheme",
                'write for example contact = "mailto:archive@archive.example"',
            )
        serving = replace(serving, contact=contact)
    return _numbers(serving, table)


_Numbers = TypeVar("_Numbers", Limits, Serving)


def _numbers(values: _Numbers, table: _Table) -> _Numbers:
    """Give *values* with the numbers that *table* says."""
    for key in fields(values):
        default = getattr(values, key.name)
        if isinstance(default, int | float):
            value = table.take(key.name, type(default), default)
            with table.at(key.name):
                values = replace(values, **{key.name: value})
    table.finish()
    return values


def _graphs(table: _Table) -> dict[str, GraphInfo]:
    graphs = {}
    for name in table.names():
        if not _GRAPH_NAME.fullmatch(name):
            table.refuse(
                name,
                f"{name!r} is not the name of a graph",
                "the names are vocab, entities, editorial, published, meta, source/<slug>, external/<slug>",
            )
        entry = table.table(name)
        graphs[name] = GraphInfo(
            entry.take("title", str), entry.iri("licence"), entry.take("description", str, "")
        )
        entry.finish()
    table.finish()
    return graphs


def read_security(path: Path) -> Security | None:
    """Read ``[security]`` of the ``kg.toml`` at *path*, None where there is none; ProjectError where it cannot be used."""
    return _security(_Table.load(path))


def _security(top: _Table) -> Security | None:
    if "security" not in top.names():
        return None
    table = top.table("security")
    contact = table.texts("contact")
    if not contact or not all(_CONTACT.fullmatch(address) for address in contact):
        table.refuse(
            "contact",
            "'contact' has to be a list of addresses, each with its scheme",
            'write for example contact = ["mailto:security@archive.example"]',
        )
    expires = table.date("expires")
    table.finish()
    return Security(contact, date.fromisoformat(expires))


def read_texts(path: Path, *, alone: bool = True) -> dict[str, Path]:
    """Read ``[texts]`` of the ``kg.toml`` or ``kg.local.toml`` at *path*: existing files by the slug of their source.

    A relative path is relative to that file. ProjectError where it cannot be used, or *alone* and it says more.
    """
    top = _Table.load(path)
    table = top.table("texts")
    texts = {slug: path.parent / Path(name).expanduser() for slug, name in _texts(table).items()}
    for slug, copy in texts.items():
        if not copy.is_file():
            table.refuse(slug, f"the local copy {copy} is absent", "correct the path, or take the line out")
    if alone:
        top.finish()
    return texts


def read_all_texts(directory: Path) -> dict[str, tuple[Path, str]]:
    """Read ``[texts]`` of both files of the project *directory*: by slug the copy, and the name of the file that names it."""
    texts: dict[str, tuple[Path, str]] = {}
    for name in (CONFIGURATION, LOCAL):
        file = directory / name
        if file.is_file():
            found = read_texts(file, alone=name == LOCAL)
            texts |= {slug: (copy, name) for slug, copy in found.items()}
    return texts


def _texts(table: _Table) -> dict[str, str]:
    return {slug: table.take(slug, str) for slug in table.names()}


class _Table:
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
    def load(cls, path: Path, text: str | None = None) -> _Table:
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
        values = self.take(key, list, default and list(default))
        if not all(isinstance(value, str) for value in values):
            self.refuse(key, f"{key!r} has to be a list of texts", 'write for example ["en", "hy"]')
        return tuple(values)

    def iri(self, key: str) -> str:
        value = self.take(key, str)
        if urlsplit(value).scheme not in ("http", "https") or re.search(r"[\s<>\"]", value):
            self.refuse(
                key, f"{key!r} has to be an http(s) IRI, and is {value!r}", "write the licence's full address"
            )
        return cast(str, value)

    def date(self, key: str) -> str:
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

    def table(self, key: str) -> _Table:
        return _Table(self._path, self._keys, (*self._name, key), self.take(key, dict, {}))

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
