"""The machine: Python, packages, the editor's program, memory, disk and port."""

from __future__ import annotations

import errno
import re
import socket
from collections.abc import Iterator
from importlib.resources import files
from typing import Final

from kg.doctor.situation import Note, Situation
from kg.version import __version__

DISTRIBUTION: Final = "attest-kg"
OLDEST: Final = (3, 11)
ROOM: Final = 100 * 2**20
"""Bytes that a small release and its successor take, with room to spare."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def python(situation: Situation) -> Iterator[Note]:
    """Python is one that kg is tested with."""
    version = ".".join(map(str, situation.machine.python))
    if tuple(situation.machine.python[:2]) < OLDEST:
        yield Note(
            "problem", f"Python {version} is too old: kg needs 3.11 or newer", "install a newer Python"
        )
    else:
        yield Note("ok", f"Python {version}")


def packages(situation: Situation) -> Iterator[Note]:
    """The package and all that it needs are installed."""
    found = situation.machine.installed(DISTRIBUTION)
    if found is None:
        yield Note("note", f"kg {__version__} runs without being installed, so its packages cannot be told")
        return
    if found != __version__:
        yield Note(
            "problem",
            f"{DISTRIBUTION} {found} is installed, and the code that runs is {__version__}",
            f"install it anew: pip install --force-reinstall {DISTRIBUTION}",
        )
    missing = [name for name in _needed(situation) if situation.machine.installed(name) is None]
    if missing:
        yield Note(
            "problem",
            f"kg needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed",
            f"pip install {' '.join(missing)}",
        )
    elif found == __version__:
        yield Note("ok", f"{DISTRIBUTION} {found} and the packages that it needs")


def _needed(situation: Situation) -> Iterator[str]:
    for requirement in situation.machine.requires(DISTRIBUTION) or ():
        name, _, marker = requirement.partition(";")
        elsewhere = (
            "sys_platform != 'win32'" in marker.replace('"', "'") and situation.machine.platform == "win32"
        )
        if "extra" not in marker and not elsewhere and (match := _NAME.match(name)):
            yield match[0]


def extras(situation: Situation) -> Iterator[Note]:
    """What is optional is there, or it is said what cannot be done without."""
    version = situation.machine.installed("pandas")
    if version:
        yield Note("ok", f"pandas {version}")
    else:
        yield Note(
            "note",
            "pandas is not installed: answers have no to_pandas() in Python",
            f"pip install '{DISTRIBUTION}[pandas]', if you want it",
        )


def editor(situation: Situation) -> Iterator[Note]:
    """The editor of the query page was bundled."""
    if (files("kg.pages") / "static" / "editor.js").is_file():
        yield Note("ok", "the query page has its editor")
        return
    npm = (
        "npm is there to make it"
        if situation.machine.program("npm")
        else "npm, which makes it, is not installed"
    )
    yield Note(
        "note",
        f"the query page of kg serve has a plain text area: its editor was not bundled, and {npm}",
        "in a checkout of Attest: install npm and run make; nothing else depends on it",
    )


def memory(situation: Situation) -> Iterator[Note]:
    """The memory of queries can be limited."""
    if situation.machine.platform == "linux":
        yield Note("ok", "the memory that a query may use can be limited")
    else:
        yield Note(
            "note",
            "this system cannot limit the memory of a query: kg serve listens on this machine only",
            "serve strangers from Linux",
        )


def disk(situation: Situation) -> Iterator[Note]:
    """There is room for a release."""
    place = situation.out if situation.out.is_dir() else situation.root or situation.directory
    try:
        free = situation.machine.free(place)
    except OSError as error:
        yield Note(
            "problem", f"{place} cannot be looked at: {error.strerror}", "name a directory that is there"
        )
        return
    if free < ROOM:
        yield Note(
            "problem",
            f"{free // 2**20} MiB are free on the disk: a release may not find room",
            "free some space, or build elsewhere with kg build -o DIR",
        )
    else:
        yield Note("ok", f"{free // 2**20:,} MiB are free on the disk")


def port(situation: Situation) -> Iterator[Note]:
    """The port of kg serve is free."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", situation.port))
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had: {error.strerror}"
            yield Note(
                "note",
                f"port {situation.port} {why}; kg serve takes the next free one",
                "or name one: kg serve --port N",
            )
            return
    yield Note("ok", f"port {situation.port} is free")
