"""Assets: the files that pages link to. The style sheet is put together from its parts, in the order of their names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

_MEDIA_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_PARTS: Final = "style"
"""The directory of what the style sheet is made of."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file under ``/static/``: its name there, its bytes and its media type."""

    name: str
    body: bytes
    media_type: str


@cache
def assets() -> tuple[Asset, ...]:
    """Give all assets of this installation, by name. What only some installations have, as the editor, is among them where it is there."""
    found = {"style.css": b"".join(each.read_bytes() for each in _files(f"static/{_PARTS}"))}
    found |= {each.name: each.read_bytes() for each in _files("static")}
    return tuple(
        Asset(name, body, _MEDIA_TYPES[name.rpartition(".")[2]])
        for name, body in sorted(found.items())
        if name.rpartition(".")[2] in _MEDIA_TYPES
    )


def _files(directory: str) -> list[Traversable]:
    entries = files("kg.pages").joinpath(directory).iterdir()
    return sorted((each for each in entries if each.is_file()), key=lambda each: each.name)
