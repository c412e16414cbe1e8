"""The version control: files of the data that git does not know, and one that it should not."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kg.doctor.situation import Note, Situation
from kg.project import LOCAL

_PLACES: Final = ("kg.toml", "data", "ontology", "queries")
# A repository's own settings may name programs that git would run.
_QUIET: Final = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_SECONDS: Final = 20


def git(situation: Situation) -> Iterator[Note]:
    """Each file of the project is known to git, and kg.local.toml is not; nothing is said where there is no git."""
    program = situation.machine.program("git")
    if situation.root is None or program is None:
        return
    if _asked(program, situation.root, "rev-parse", "--is-inside-work-tree") is None:
        yield Note(
            "note",
            "this is no git repository: who changed what, and when, is not kept",
            "git init, if you want it kept",
        )
        return
    places = [place for place in _PLACES if (situation.root / place).exists()]
    unknown = _asked(
        program, situation.root, "ls-files", "--others", "--exclude-standard", "-z", "--", *places
    )
    names = [name for name in (unknown or "").split("\0") if name]
    if names:
        yield Note(
            "note",
            f"git does not know {len(names)} file{'' if len(names) == 1 else 's'} of the project, as {names[0]}: others will not have them",
            "git add them",
        )
    if _asked(program, situation.root, "ls-files", "--", LOCAL):
        yield Note(
            "problem",
            f"{LOCAL} is in git: it tells others where your copies are",
            f"git rm --cached {LOCAL}, and list it in .gitignore",
        )
    elif not names:
        yield Note("ok", "git knows every file of the project")


def _asked(program: str, root: Path, *words: str) -> str | None:
    """Give what git prints, None where it cannot answer."""
    command = [program, *_QUIET, "-C", str(root), *words]
    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
