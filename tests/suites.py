"""What the tests need that is not in the repository, and what to do where it is absent.

Each *part* is looked for once. Where it is absent a test that needs it skips and says why, unless the
environment variable KG_TEST_REQUIRE (a comma list of parts) names it: then the test fails. Plain functions,
because parametrised tests need their paths while pytest collects.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ARCHIVES = ("rdf-tests", "data-shapes-tests")
PARTS = ("seed", "w3c", "oxigraph", "openssl", "chromium", "virtuoso", "curl", "node", "r")


def shared() -> Path:
    """Give the directory of shared material, which may be absent: $KG_SHARED, else one beside the checkout."""
    return Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")


def seed() -> Path | None:
    """Give the path of the first source's text, None where it is absent."""
    path = shared() / "seed" / "article.txt"
    return path if path.is_file() else None


@cache
def w3c() -> Path | None:
    """Give the directory of the unpacked W3C suites, one directory for each of ARCHIVES; None where absent.

    Unpacked once for all workers and runs, beside pytest's own cache, under the archives' digest.
    """
    archives = [shared() / "conformance" / f"{name}.tar.gz" for name in ARCHIVES]
    if not all(archive.is_file() for archive in archives):
        return None
    digest = hashlib.sha256(b"".join(archive.read_bytes() for archive in archives)).hexdigest()
    target = ROOT / ".pytest_cache" / f"w3c-{digest[:12]}"
    return once(target, lambda fresh: _unpack(archives, fresh))


def _unpack(archives: list[Path], target: Path) -> None:
    for name, archive in zip(ARCHIVES, archives, strict=True):
        unpack(archive, target / name)


def unpack(archive: Path, target: Path) -> None:
    """Unpack a tar file as data (PEP 706), where this Python (3.11.4) knows how to."""
    with tarfile.open(archive) as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        tar.extractall(target)  # noqa: S202  (archives of W3C and of our own)


def once(target: Path, make: Callable[[Path], object]) -> Path:
    """Give the directory *target*, filled by *make* where it is absent.

    It is filled under another name and renamed whole; another worker that wants the same waits for it.
    """
    if target.is_dir():
        return target
    target.parent.mkdir(exist_ok=True)
    with target.with_name(f"{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed, however that comes about
        if not target.is_dir():
            fresh = Path(tempfile.mkdtemp(dir=target.parent))
            try:
                make(fresh)
                fresh.rename(target)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
    return target


def oxigraph() -> Path | None:
    """Give the program of Oxigraph's server, which the development dependencies bring; None where there is none."""
    beside = Path(sys.executable).with_name("oxigraph")
    return beside if beside.is_file() else _program("oxigraph")


def openssl() -> Path | None:
    """Give the program that makes certificates, None where there is none."""
    return _program("openssl")


def chromium() -> Path | None:
    """Give the browser's program, None where there is none; first the one without windows of its own, which starts sooner."""
    return _program("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def virtuoso() -> Path | None:
    """Give the program of the Virtuoso server, None where there is none."""
    return _program("virtuoso-t", "virtuoso-opensource-t")


def curl() -> Path | None:
    """Give the program curl, None where there is none."""
    return _program("curl")


def node() -> Path | None:
    """Give the program of Node.js; None where there is none, or not the client that it is to run."""
    client = ROOT / "tests" / "node" / "node_modules" / "sparql-http-client"
    return _program("node", "nodejs") if client.is_dir() else None


def r() -> Path | None:
    """Give the program that runs R, None where there is none."""
    return _program("Rscript")


def _program(*names: str) -> Path | None:
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def required() -> frozenset[str]:
    """Give the parts that KG_TEST_REQUIRE names; an unknown one ends the run."""
    names = frozenset(filter(None, map(str.strip, os.environ.get("KG_TEST_REQUIRE", "").split(","))))
    if unknown := sorted(names - set(PARTS)):
        raise pytest.UsageError(f"KG_TEST_REQUIRE names {', '.join(unknown)}; it knows {', '.join(PARTS)}")
    return names


def require(part: str) -> Path:
    """Give the path of *part*; where it is absent skip the test, or fail it when the part is required."""
    found, where = {
        "seed": (seed, f"the source text: no {shared()}/seed/article.txt; set KG_SHARED"),
        "w3c": (w3c, f"the W3C suites: no archives in {shared()}/conformance; set KG_SHARED"),
        "oxigraph": (oxigraph, "Oxigraph's server: the command oxigraph is not in the environment"),
        "openssl": (openssl, "the program openssl: not on PATH"),
        "chromium": (chromium, "the browser Chromium: not on PATH"),
        "virtuoso": (virtuoso, "the Virtuoso server: virtuoso-t is not on PATH"),
        "curl": (curl, "the program curl: not on PATH"),
        "node": (node, "Node.js with sparql-http-client: make test installs the client, where there is npm"),
        "r": (r, "R: Rscript is not on PATH"),
    }[part]
    if path := found():
        return path
    reason = f"{part} is absent ({where})"
    if part in required():
        pytest.fail(f"{reason}, and KG_TEST_REQUIRE names it", pytrace=False)
    pytest.skip(reason)
