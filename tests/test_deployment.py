"""What is there to run the server as a service: the unit for systemd, the Dockerfile, and a run as they confine it."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from starlette.routing import Match, Route

import collection
import kg
import processes
import shelves
from kg.cli import serving
from kg.web import create_app
from suites import ROOT

UNIT = (ROOT / "deploy" / "kg.service").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def known_options(words: Sequence[str]) -> None:
    """Hold a command line of ``kg`` against the command itself, without running it."""
    name, *arguments = words
    with serving.serve.make_context(name, arguments) as context:
        assert context.params["host"] in ("127.0.0.1", "0.0.0.0")  # noqa: S104


# ---------------------------------------------------------------------- systemd


def unit() -> dict[str, list[str]]:
    found = defaultdict(list)
    for line in UNIT.splitlines():
        if re.match("[A-Z]", line):
            key, _, value = line.partition("=")
            found[key].append(value)
    return found


def test_the_unit_starts_and_reloads_a_command_that_exists() -> None:
    found = unit()
    (start,) = found["ExecStart"]
    path, *words = start.split()
    assert path == "/opt/attest/.venv/bin/kg"
    known_options(["serve", str(collection.built()), *words[2:]])
    assert found["ExecReload"] == ["/bin/kill -HUP $MAINPID"]
    assert found["KillMode"] == ["mixed"]
    assert found["Restart"] == ["on-failure"]
    assert found["OOMPolicy"] == [
        "continue"
    ]  # else one worker that is killed for its memory ends the service


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("DynamicUser", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6"),
        ("MemoryMax", "4G"),
        ("MemoryDenyWriteExecute", "yes"),
    ],
)
def test_the_unit_confines(key: str, value: str) -> None:
    assert unit()[key] == [value]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    mine = tmp_path / "kg.service"
    mine.write_text(UNIT.replace("/opt/attest/.venv/bin/kg", sys.executable))
    done = subprocess.run(["systemd-analyze", "verify", mine], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    graded = ["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", mine]
    done = subprocess.run(graded, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr  # 1.5 of 10 at most


# ---------------------------------------------------------------------- Docker


def instructions() -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE))
    return [(line.split()[0], line.partition(" ")[2].strip()) for line in joined.splitlines() if line.strip()]


def last(name: str) -> str:
    """Give the value of an instruction of the last stage."""
    found = instructions()
    start = max(number for number, (each, _) in enumerate(found) if each == "FROM")
    return next(value for each, value in found[start:] if each == name)


def test_the_image_has_a_fixed_base_and_hashed_requirements() -> None:
    bases = {value.split()[0] for name, value in instructions() if name == "FROM"}
    (base,) = bases
    assert re.fullmatch(r"python:3\.[0-9]+-slim-[a-z]+", base)
    installs = [value for name, value in instructions() if name == "RUN" and " install " in value]
    assert "--require-hashes --requirement requirements/run.txt" in installs[0]
    assert "--no-deps --no-build-isolation --no-index ." in installs[1]
    assert "--hash=sha256:" in (ROOT / "requirements" / "run.txt").read_text()


def test_the_image_runs_as_nobody_in_particular_and_without_a_shell() -> None:
    user, _, group = last("USER").partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert json.loads(last("ENTRYPOINT")) == ["kg"]
    words = json.loads(last("CMD"))
    known_options(["serve", str(collection.built()), *words[2:]])
    assert words[1] == "/srv/attest"


def test_the_health_check_asks_an_address_that_is_there() -> None:
    words = json.loads(last("HEALTHCHECK").partition(" CMD ")[2])
    assert words[:2] == ["python", "-c"]
    compile(words[2], "healthcheck", "exec")
    port, path = re.search(r"http://127\.0\.0\.1:([0-9]+)(/\w+)", words[2]).groups()  # type: ignore[union-attr]
    assert port == json.loads(last("CMD"))[-1] == last("EXPOSE")
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    routes = [each for each in create_app(kg.open(collection.built())).routes if isinstance(each, Route)]
    assert next(each.path for each in routes if each.matches(scope)[0] is Match.FULL) == "/health"


def ignored(path: str) -> bool:
    """Tell whether .dockerignore leaves *path* out: the last rule that fits it, or a directory above it, decides."""
    out = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        rule = line.strip().removeprefix("!").removeprefix("**/")
        if not rule or rule.startswith("#"):
            continue
        parts = [path, *(parent.as_posix() for parent in Path(path).parents if parent.name), Path(path).name]
        if any(fnmatch.fnmatchcase(part, rule) for part in parts):
            out = not line.startswith("!")
    return out


def test_all_that_is_copied_is_there_and_nothing_else_goes_along() -> None:
    sources = [
        source
        for name, value in instructions()
        if name == "COPY" and not value.startswith("--from")
        for source in value.split()[:-1]
    ]
    assert "src/" in sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert not ignored(source.rstrip("/")), source
    for path in (
        ".git",
        ".venv",
        "build",
        "kg.local.toml",
        "tests",
        "src/kg/__pycache__",
        "docs",
        ".pytest_cache",
    ):
        assert ignored(path), path
    assert not ignored("src/kg/cli/serving.py")
    project = (ROOT / "pyproject.toml").read_text()
    for needed in re.findall(r'readme = "([^"]+)"|^path = "(hatch_build.py)"', project, re.MULTILINE):
        assert "".join(needed) in sources
    assert {"LICENSE", "LICENSE-DATA", "NOTICE"} <= set(sources)


# ---------------------------------------------------------------------- a run

NOBODY = 65534
CONFINED = f"""set -e
mount -o remount,bind,ro /
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs /tmp
exec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
"""
WITHOUT_CODE = (  # what MemoryDenyWriteExecute asks for, in the words of the kernel: PR_SET_MDWE (Linux 6.3)
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(65, 1, 0, 0, 0); os.execv(sys.argv[1], sys.argv[1:])"
)


def for_all(path: str) -> bool:
    """Tell whether any user may run the file *path*."""
    place = Path(path).resolve()
    return place.exists() and all(each.stat().st_mode & stat.S_IXOTH for each in (place, *place.parents))


def interpreter() -> str | None:
    """Give an interpreter like this one that any user may run."""
    system = f"/usr/bin/python3.{sys.version_info.minor}"
    return next((each for each in (sys.executable, system) if for_all(each)), None)


def confined() -> bool:
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("setpriv") or interpreter() is None:
        return False
    try:
        done = subprocess.run(["unshare", "--mount", "sh", "-c", CONFINED, "sh", "true"], check=False)
    except OSError:
        return False
    return done.returncode == 0 and for_all(str(ROOT / "src" / "kg")) and for_all(sys.prefix)


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A directory that any user may read, unlike pytest's own."""
    place = Path(tempfile.mkdtemp(prefix="kg-deployed-", dir="/var/tmp"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.mark.skipif(
    not confined(), reason="needs root, unshare and setpriv, and an interpreter that all may run"
)
def test_it_serves_and_takes_up_a_release_as_nobody_on_a_system_that_is_read_only(
    open_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = shelves.shelved(open_place, 2)
    for path in open_place.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    python = interpreter()
    assert python is not None
    for name, value in (("PYTHONPATH", os.pathsep.join(sys.path)), ("PYTHONDONTWRITEBYTECODE", "1"), ("HOME", "/nowhere"), ("TMPDIR", "/tmp")):  # fmt: skip  # noqa: S108
        monkeypatch.setenv(name, value)
    before = ["unshare", "--mount", "sh", "-c", CONFINED, "sh", python, "-c", WITHOUT_CODE]
    with shelves.command(shelf.out, prefix=before, python=python) as server:
        status = Path(f"/proc/{server.pid}/status").read_text()
        assert re.search(r"^Uid:(\s+65534){4}$", status, re.MULTILINE)
        assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
        assert re.search(r"^CapBnd:\s+0+$", status, re.MULTILINE)
        url = server.url.rstrip("/")
        assert httpx.get(f"{url}/health").json()["status"] == "ok"
        assert httpx.get(f"{url}/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"]
        large = httpx.get(f"{url}/sparql", params={"query": "SELECT * { ?s ?p ?o . ?t ?q ?o . ?u ?r ?o . ?v ?w ?o }"})  # fmt: skip
        assert large.status_code == 200
        shelf.point(1)
        server.process.send_signal(signal.SIGHUP)
        assert processes.eventually(lambda: httpx.get(f"{url}/health").json()["release"] == shelf.ids[1])
        assert (
            httpx.get(f"{url}/release/{shelf.ids[0]}/sparql", params={"query": "ASK {}"}).status_code == 200
        )
        assert httpx.get(f"{url}/release/{shelf.ids[0]}/download/dataset.trig").status_code == 200
    assert server.process.returncode == 0
