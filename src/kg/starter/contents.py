"""The files of a new collection: templates of ours, and terms, shapes and questions taken from what comes with the package."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files as resources
from pathlib import Path
from string import Template
from typing import Final

import pyoxigraph as ox

from kg import manifest
from kg.errors import ProjectError
from kg.names import SOURCE_BASE
from kg.starter.wishes import Wishes
from kg.toml import quoted
from kg.version import __version__

OMITTED: Final = ("demands", "matters", "populations")
"""Schemes of ``ontology/vocab/`` that list what one collection speaks of; a new one has its own."""
COPIED: Final = "# Copied from attest-kg "
"""How the first line of a file begins that was copied from the package; its version follows."""
SOURCE: Final = "tolsey-post-1962-06-16"
"""The slug of the source that is the example."""

_EVENT: Final = ("default: baku-1990-01", "default: tolsey-bridge-1962")
_QUESTIONS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "claims-by-measure": (_EVENT, ("default: deaths", "default: participants")),
    "names-of-event": (_EVENT,),
    "photographs": (),
    "sources": (),
}
"""The questions of the package that a collection begins with, each with what its defaults become here."""
_BARE: Final = ("denied", "photographs", "sources", "voices")
"""Those whose parameters name nothing."""
_PROJECT: Final = {
    "kg.toml": "kg.toml",
    ".gitignore": "gitignore",
    ".github/workflows/check.yml": "check.yml",
    "LICENSE-DATA": "LICENSE-DATA",
    "ontology/README.md": "ontology.md",
}
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>#|])")


def files(wishes: Wishes, package: Path | None) -> dict[str, bytes]:
    """Give all files of the collection that *wishes* ask for, by their relative path.

    *package* is what :func:`kg.bundle.directory` gives. Raises ProjectError where the terms and shapes are not there.
    """
    values = _values(wishes)
    texts = {path: _filled(f"project/{name}.in", values) for path, name in _PROJECT.items()}
    data = f"data/{wishes.collection}"
    texts[f"{data}/entities/editors.ttl"] = _filled("project/editors.in", values)
    texts["ontology/vocab/own.ttl"] = _filled("project/own.in", values)
    if wishes.bare:
        texts["README.md"] = _filled("project/README.in", values)
        texts[f"{data}/coverage.csv"] = "start,end,passage,claims,reason\n"
    else:
        texts["README.md"] = _filled("example/README.in", values)
        texts["ontology/vocab/own.ttl"] += _read("example/own.in")
        texts[f"{data}/coverage.csv"] = _read("example/coverage.in")
        texts[f"{data}/entities/example.ttl"] = _read("example/entities.in")
        texts[f"{data}/sources/{SOURCE}/text.txt"] = _read("example/text.in")
        for name in ("source", "passages", "claims"):
            texts[f"{data}/sources/{SOURCE}/{name}.ttl"] = _read(f"example/{name}.in")
    written = {path: text.encode() for path, text in texts.items()}
    return dict(sorted({**written, **_copied(package), **_questions(package, bare=wishes.bare)}.items()))


def ontology(package: Path | None) -> dict[str, bytes]:
    """Give the terms, schemes and shapes that come with the *package*, on the base that all files are written with.

    Raises ProjectError where they are not there.
    """
    if package is None or not (package / "ontology" / "kg.ttl").is_file():
        raise ProjectError(
            "this installation has no terms and shapes to begin with",
            remedy="install attest-kg anew: pip install --force-reinstall attest-kg",
        )
    return {
        path.relative_to(package).as_posix(): _unbased(path.read_bytes(), package)
        for folder in ("ontology", "ontology/vocab", "ontology/shapes")
        for path in sorted((package / folder).glob("*.ttl"))
        if not (folder.endswith("vocab") and path.stem in OMITTED)
    }


def _copied(package: Path | None) -> dict[str, bytes]:
    head = f"{COPIED}{__version__} by kg new.\n".encode()
    return {name: head + data for name, data in ontology(package).items()}


def _questions(package: Path | None, *, bare: bool) -> dict[str, bytes]:
    """Give the questions to begin with, their defaults those of the example."""
    assert package is not None  # noqa: S101 - ontology() has said so
    found = {}
    for name, changes in (dict.fromkeys(_BARE, ()) if bare else _QUESTIONS).items():
        path = package / "queries" / f"{name}.rq"
        text = _unbased(path.read_bytes(), package).decode()
        for old, new in changes:
            text = text.replace(old, new)
        found[f"queries/{name}.rq"] = text.encode()
    return found


def _unbased(data: bytes, package: Path) -> bytes:
    """Give a file of the package on the stand-in base: a wheel may have been built with another."""
    own = manifest.read(package).base if (package / manifest.JSON_NAME).is_file() else SOURCE_BASE
    return data.replace(f"<{own}".encode(), f"<{SOURCE_BASE}".encode())


def _values(wishes: Wishes) -> dict[str, str]:
    said = f"{wishes.title}: who said what, when, and where in which document."
    values = {
        "title": quoted(wishes.title),
        "title_plain": _MARKUP.sub(r"\\\1", wishes.title),
        "description": quoted(said),
        "description_plain": "Who said what, when, about whom, and where in which document. What sources say is recorded and compared, and nothing is decided for them.",
        "publisher": quoted(wishes.publisher),
        "publisher_plain": wishes.publisher,
        "publisher_label": str(ox.Literal(wishes.publisher, language=wishes.languages[0])),
        "base": quoted(wishes.base),
        "languages": ", ".join(map(quoted, wishes.languages)),
        "date": wishes.date,
        "collection": wishes.collection,
        "version": __version__,
        "source": "",
        "example_licence": "",
    }
    if not wishes.bare:
        values["source"] = _filled("example/kg.toml.in", values)
        values["example_licence"] = _filled("example/LICENSE-DATA.in", values).rstrip("\n")
    return values


def _read(name: str) -> str:
    return (resources("kg.starter") / "files" / name).read_text(encoding="utf-8")


def _filled(name: str, values: Mapping[str, str]) -> str:
    return Template(_read(name)).substitute(values)
