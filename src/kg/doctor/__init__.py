"""What is missing or wrong in a project and on the machine, in plain sentences; nothing is changed and no network is asked.

Each check is a small function that gives :class:`Note` for what it looked at; :data:`CHECKS` lists them in the order in which they
are told. One that cannot look, since something before it is missing, gives nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from kg.doctor import configuration, contents, machine, releases, repository
from kg.doctor.situation import Machine, Note, Situation

__all__ = ["CHECKS", "Machine", "Note", "Situation", "examine"]

CHECKS: Final[Mapping[str, Callable[[Situation], Iterator[Note]]]] = {
    "python": machine.python,
    "packages": machine.packages,
    "extras": machine.extras,
    "editor": machine.editor,
    "memory": machine.memory,
    "disk": machine.disk,
    "port": machine.port,
    "settings": configuration.readable,
    "keys": configuration.keys,
    "base": configuration.base,
    "names": configuration.names,
    "security": configuration.security,
    "languages": configuration.languages,
    "terms": contents.terms,
    "claims": contents.claims,
    "coverage": contents.coverage,
    "texts": contents.texts,
    "writable": releases.writable,
    "release": releases.current,
    "fresh": releases.fresh,
    "lock": releases.lock,
    "leftovers": releases.leftovers,
    "git": repository.git,
}
"""The checks by their name."""


def examine(situation: Situation) -> list[tuple[str, Note]]:
    """Give what all checks say of *situation*, each note with the name of its check."""
    return [(name, note) for name, check in CHECKS.items() for note in check(situation)]
