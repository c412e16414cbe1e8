"""The settings of a project: ``kg.toml`` and ``kg.local.toml``, read strictly.

An unknown key, a wrong type or a missing key is a ProjectError that names the file, the line and what to
write (:mod:`kg.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Final, Literal, TypeVar, cast

from kg.errors import ProjectError
from kg.limits import Limits, Serving
from kg.names import Base
from kg.toml import Table

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
    top = Table.load(path, text)
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
    return _numbers(Limits(), Table.load(path).table("limits"))


def read_serving(path: Path) -> Serving:
    """Read ``[serve]`` of the TOML file at *path*, whatever else it says; ProjectError where it cannot be used."""
    return _serving(Table.load(path).table("serve"))


def _serving(table: Table) -> Serving:
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


def _numbers(values: _Numbers, table: Table) -> _Numbers:
    """Give *values* with the numbers that *table* says."""
    for key in fields(values):
        default = getattr(values, key.name)
        if isinstance(default, int | float):
            value = table.take(key.name, type(default), default)
            with table.at(key.name):
                values = replace(values, **{key.name: value})
    table.finish()
    return values


def _graphs(table: Table) -> dict[str, GraphInfo]:
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
    return _security(Table.load(path))


def _security(top: Table) -> Security | None:
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
    top = Table.load(path)
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


def _texts(table: Table) -> dict[str, str]:
    return {slug: table.take(slug, str) for slug in table.names()}
