"""The settings: kg.toml as it can be read, and what a reader would miss in it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from kg import settings
from kg.doctor.situation import Note, Situation
from kg.errors import ProjectError
from kg.names import SOURCE_BASE
from kg.project import CONFIGURATION

_RESERVED: Final = ("example", "test", "invalid", "localhost", "local")
_RESERVED_NAMES: Final = ("example.com", "example.org", "example.net")
_UNKNOWN: Final = "is unknown"


def readable(situation: Situation) -> Iterator[Note]:
    """There is a kg.toml, and it can be used; keys that it may not have are told by :func:`keys`."""
    if situation.root is None:
        yield Note(
            "problem",
            f"there is no {CONFIGURATION} in {situation.directory} or above it, so this is no project",
            "make one with kg new DIR, or go to its directory",
        )
        return
    try:
        settings.read(situation.root / CONFIGURATION)
    except ProjectError as error:
        if not error.message.endswith(_UNKNOWN):
            yield Note("problem", str(error), error.remedy)
    else:
        yield Note("ok", f"{situation.root / CONFIGURATION} can be read")


def keys(situation: Situation) -> Iterator[Note]:
    """Every key of kg.toml is one that is known."""
    values = _values(situation.root)
    for table, given, known in _tables(values):
        for key in given:
            if key not in known:
                near = get_close_matches(key, known, 1, 0.6)
                yield Note(
                    "problem",
                    f"{CONFIGURATION} has the unknown key {'.'.join((*table, key))!r}, and is not read for that",
                    f"write {near[0]!r} if that is meant, else take it out"
                    if near
                    else f"take it out; known here are {', '.join(known)}",
                )


def _values(root: Path | None) -> Mapping[str, Any]:
    if root is None:
        return {}
    try:
        return tomllib.loads((root / CONFIGURATION).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}  # readable() tells


def _tables(values: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any], Sequence[str]]]:
    """Give each table of kg.toml whose keys are fixed, with its name and the keys that are known."""
    yield (), values, settings.KEYS
    for name, known in settings.TABLES.items():
        if isinstance(table := values.get(name), dict):
            yield (name,), table, known
    graphs = values.get("graphs")
    for name, graph in graphs.items() if isinstance(graphs, dict) else ():
        if isinstance(graph, dict):
            yield ("graphs", name), graph, settings.GRAPH_KEYS


def base(situation: Situation) -> Iterator[Note]:
    """The base is one that can be cited."""
    if situation.project is None:
        return
    iri = situation.project.base.iri
    host = urlsplit(iri).hostname or ""
    reserved = (
        host.rpartition(".")[2] in _RESERVED or host.endswith(_RESERVED_NAMES) or host.startswith("127.")
    )
    if iri == SOURCE_BASE or reserved:
        yield Note(
            "note",
            f"the base {iri} is under a reserved name: its addresses lead nowhere and cannot be cited",
            f"set base in {CONFIGURATION} to one under a name of yours before you publish; files stay as they are",
        )
    else:
        yield Note("ok", f"addresses begin with {iri}")


def names(situation: Situation) -> Iterator[Note]:
    """It is said who publishes, what the collection is, and whom to write to."""
    project = situation.project
    if project is None or situation.root is None:
        return
    serving = settings.read_serving(situation.root / CONFIGURATION)
    wanted = (
        (project.publisher, "nobody is named as the publisher, and a citation needs one", 'write publisher = "…"'),
        (project.description, "the collection is not described", 'write description = "…"'),
        (serving.contact, "the page on privacy names nobody to write to", 'write contact = "mailto:…" under [serve]'),
    )  # fmt: skip
    missing = [(sentence, remedy) for value, sentence, remedy in wanted if not value.strip()]
    for sentence, remedy in missing:
        yield Note("note", sentence, f"{remedy} in {CONFIGURATION}")
    if not missing:
        yield Note("ok", "publisher, description and contact are named")


def security(situation: Situation) -> Iterator[Note]:
    """It is said whom to tell of a weakness, and that still holds."""
    if situation.project is None or situation.root is None:
        return
    said = settings.read_security(situation.root / CONFIGURATION)
    if said is None:
        yield Note(
            "note",
            "nobody is named to tell of a weakness of the server: there is no security.txt",
            f"write [security] with contact and expires in {CONFIGURATION} before strangers are served",
        )
    elif said.expires < situation.machine.today:
        yield Note(
            "problem",
            f"the security contact expired on {said.expires}: readers of security.txt are told to distrust it",
            f"check the contact and set a later expires under [security] in {CONFIGURATION}",
        )
    else:
        yield Note("ok", f"the security contact holds until {said.expires}")


def languages(situation: Situation) -> Iterator[Note]:
    """The languages of labels are declared, English among them, since the terms have it."""
    project = situation.project
    if project is None:
        return
    if "attest" in project.profiles and "en" not in project.languages:
        yield Note(
            "problem",
            f'languages has no "en" ({", ".join(project.languages) or "it is empty"}), and the terms are labelled in English: kg build refuses them',
            f'add "en" to languages in {CONFIGURATION}, last if others are meant first',
        )
    else:
        yield Note("ok", f"labels are in {', '.join(project.languages) or 'any language'}")
