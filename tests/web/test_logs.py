"""Logs: one line a request, which nobody who asks can break, and which does not say who asked or what."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
import wire

import collection
import kg
import running
from kg.web.app import create_app
from kg.web.clients import Clients
from kg.web.logs import Form, Log


def lines(
    archive: kg.Archive, form: Form, *requests: tuple[str, str, dict[str, Any]], clients: bool = False
) -> list[str]:
    """Give the lines that a server writes about *requests*."""
    stream = io.StringIO()
    app = Log(form, clients, stream).around(create_app(archive), Clients(("127.0.0.1",)))
    with running.serving(archive, app=app) as url, httpx.Client(base_url=url, timeout=30) as client:
        for method, path, options in requests:
            client.request(method, path, **options)
    return stream.getvalue().splitlines()


def test_a_line_of_json(archive: kg.Archive) -> None:
    body = b"query=ASK%20%7B%7D"
    form = {"content": body, "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    found = lines(
        archive,
        "json",
        ("GET", "/event/baku-1990-01.ttl", {}),
        ("GET", "/sparql?query=ASK%7B%7D", {"headers": {"Accept-Encoding": "identity"}}),
        ("POST", "/sparql", form),
        ("HEAD", "/", {}),
        ("PUT", "/nowhere", {}),
    )
    document, question, posted, head, refused = map(json.loads, found)
    assert list(document) == ["time", "method", "path", "query", "route", "status", "bytes", "ms"]
    assert (document["method"], document["path"]) == ("GET", "/event/baku-1990-01.ttl")
    assert (document["route"], document["status"], document["query"]) == ("/{path}", 200, "")
    assert document["time"].endswith("Z")
    assert document["bytes"] > 300
    assert 0 < document["ms"] < 30_000
    assert question["query"] == sha256(b"query=ASK%7B%7D").hexdigest()[:12]
    assert question["bytes"] == len('{"head": {}, "boolean": true}\n')
    assert posted["query"] == sha256(body).hexdigest()[:12]
    assert (head["status"], head["bytes"]) == (200, 0)
    assert (refused["status"], refused["method"]) == (405, "PUT")
    assert "ASK" not in "".join(found)
    assert "127.0.0.1" not in "".join(found)


def test_a_line_of_text(archive: kg.Archive) -> None:
    found = lines(archive, "text", ("GET", "/health", {}), ("GET", "/nowhere?x=secret", {}))
    assert [line.split()[1:4] for line in found] == [
        ["200", "GET", "/health"],
        ["404", "GET", f"/nowhere?{sha256(b'x=secret').hexdigest()[:12]}"],
    ]
    assert "secret" not in "".join(found)


def test_who_asks_stands_there_only_when_it_is_wanted(archive: kg.Archive) -> None:
    behind = {"headers": {"X-Forwarded-For": "192.0.2.7"}}
    requests = (("GET", "/health", behind), ("GET", "/health", {}))
    assert "192.0.2.7" not in "".join(lines(archive, "json", *requests))
    found = [json.loads(line)["client"] for line in lines(archive, "json", *requests, clients=True)]
    assert found == ["192.0.2.7", "127.0.0.1"]


@pytest.mark.parametrize("form", ["json", "text"])
def test_one_request_makes_one_line(archive: kg.Archive, form: Form) -> None:
    paths = [
        "/a%0A%0Dforged: line",
        "/a\x1b[31m".replace("\x1b", "%1B"),
        "/%E2%80%AEgnp.exe",
        "/" + "x" * 3000,
        "/%00%7F%C2%85",
    ]
    found = lines(archive, form, *(("GET", path, {}) for path in paths))
    assert len(found) == len(paths)
    for line in found:
        assert line.isascii() or "…" in line
        assert line.replace("…", "").isprintable()
        assert len(line) < 600


def test_what_went_wrong_is_one_record_whatever_it_says() -> None:
    for form, check in (("json", _is_json), ("text", _is_text)):
        stream = io.StringIO()
        Log(form, stream=stream).configure()
        try:
            logger = logging.getLogger("kg.web")
            logger.error("GET %s: %s", "/a\nforged", "\u202eevil\x1b[2J")
            try:
                raise RuntimeError("first\nforged \u202e\x1b")
            except RuntimeError:
                logger.exception("GET %s failed", "/\r\n")
            logger.info("refused with 400: no")
        finally:
            for name in ("kg", "uvicorn"):
                logging.getLogger(name).handlers.clear()
                logging.getLogger(name).propagate = True
                logging.getLogger(name).setLevel(logging.NOTSET)
        check(stream.getvalue())


def _is_json(text: str) -> None:
    first, second, third = map(json.loads, text.splitlines())
    assert text.isascii()
    assert first["message"] == "GET /a forged: \\u202eevil\\x1b[2J"
    assert (first["level"], third["level"]) == ("error", "info")
    assert "RuntimeError: first\nforged \\u202e\\x1b" in second["error"]


def _is_text(text: str) -> None:
    heads = [line for line in text.splitlines() if not line.startswith("  ")]
    assert len(heads) == 3
    assert heads[0].endswith(" error: GET /a forged: \\u202eevil\\x1b[2J")
    assert "\n  forged \\u202e\\x1b" in text
    assert all(line.isprintable() for line in text.splitlines())


@pytest.fixture
def limits(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "limits.toml"
    file.write_text("[serve]\narrival = 0.3\n")
    yield file


def test_the_command_writes_to_standard_error(limits: Path) -> None:
    command = [sys.executable, "-m", "kg", "serve", collection.built(), "--limits", limits, "--log", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout
        url = next(line for line in server.stdout if "serving on" in line).split()[2]
        httpx.get(f"{url}health")
        assert wire.exchanged(url, b"\0").startswith(b"HTTP/1.1 501")
        server.terminate()
        _, err = server.communicate(timeout=30)
    assert server.returncode == 0
    lines = [
        line for line in err.splitlines() if line != "port 8000 is in use"
    ]  # by another server of a test
    assert [line for line in lines if not line.startswith("{")] == []
    asked, refused = map(json.loads, lines)
    assert (asked["path"], asked["status"]) == ("/health", 200)
    assert refused["message"] == "refused with 501: this server does not know that method"
