"""Revisions: the files of a project as they stand in a commit of its git repository, laid out in a temporary directory.

Only what a project is made of is read, with ``git ls-tree`` and ``git cat-file``: the work tree, the index and the repository stay as they
are. Links and submodules are left out.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kg.errors import ProjectError
from kg.manifest import is_relative
from kg.project import CONFIGURATION

_PARTS: Final = (CONFIGURATION, "data", "ontology", "queries")
_FILES: Final = (b"100644", b"100755")


def commit(root: Path, revision: str) -> str | None:
    """Give the id of the commit that *revision* means in the repository around *root*, None where it means none.

    Raises ProjectError where there is no git, or *root* lies in no repository.
    """
    _git(root, "rev-parse", "--git-dir")
    done = _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return done.stdout.decode("ascii", "replace").strip() if done.returncode == 0 else None


@contextmanager
def laid_out(root: Path, id: str) -> Iterator[Path]:
    """Have the project in *root* as it stood in the commit *id*, in a directory that is removed afterwards.

    Raises ProjectError where that commit has no such project.
    """
    prefix = _git(root, "rev-parse", "--show-prefix").decode().strip()
    with tempfile.TemporaryDirectory(prefix="kg-revision-") as directory:
        place = Path(directory)
        wanted = _listed(root, id)
        if CONFIGURATION not in wanted:
            raise ProjectError(
                f"there is no {prefix}{CONFIGURATION} in the revision {id[:12]}, so there was no project yet",
                remedy="name a later revision",
            )
        for path, data in _read(root, wanted):
            target = place / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        yield place


def _listed(root: Path, id: str) -> dict[str, str]:
    """Give the objects of the project's files in the commit *id*, by path below *root*."""
    found = {}
    for entry in _git(root, "ls-tree", "-r", "-z", id, "--", *_PARTS).split(b"\0"):
        if not entry:
            continue
        about, _, name = entry.partition(b"\t")
        mode, _, object = about.split(b" ")[:3]
        path = name.decode("utf-8", "replace")
        if mode in _FILES and is_relative(path):
            found[path] = object.decode("ascii")
    return found


def _read(root: Path, wanted: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Give the bytes of the objects *wanted*, each with its path."""
    asked = "".join(f"{object}\n" for object in wanted.values()).encode()
    answer = memoryview(_git(root, "cat-file", "--batch", given=asked))
    start = 0
    for path in wanted:
        line = bytes(answer[start : start + 200]).partition(b"\n")[0]
        size = int(line.split(b" ")[2])
        start += len(line) + 1
        yield path, bytes(answer[start : start + size])
        start += size + 1


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    done = _run(root, *arguments, given=given)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ").partition("\n")[0]
        raise ProjectError(
            f"git cannot read {root}: {said}",
            remedy="run kg in a git repository, or name a release, a project or an RDF file",
        )
    return done.stdout


def _run(root: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    surroundings = os.environ | {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        return subprocess.run(  # noqa: S603  (no shell; a revision stands behind --end-of-options)
            ["git", "-C", str(root), *arguments],  # noqa: S607
            input=given,
            capture_output=True,
            check=False,
            env=surroundings,
        )
    except FileNotFoundError as error:
        raise ProjectError(
            "there is no git on this machine, and a revision is read with it",
            remedy="install git, or name a release, a project or an RDF file",
        ) from error
