"""Every method on every route of the application, on the real server: no answer without its manners."""

from __future__ import annotations

import re
from collections import Counter

import httpx
import pytest

import kg
from kg.web.app import create_app
from kg.web.manners import HEADERS, POLICY

VALUES = {
    "name": "claims-by-measure",
    "kind": "event",
    "slug": "baku-1990-01",
    "path": "event/baku-1990-01",
    "number": "1",
    "suffix": "ttl",
}
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "QUERY")
VOLATILE = {"date", "content-length", "transfer-encoding"}


@pytest.fixture(scope="module")
def paths(archive: kg.Archive) -> list[tuple[str, set[str]]]:
    """A path of each route, with the methods that it takes."""
    found = []
    for route in create_app(archive).routes:
        pattern = route.path  # type: ignore[attr-defined]
        path = re.sub(r"{(\w+)(?::\w+)?}", lambda name: VALUES.get(name[1], "x"), pattern)
        found.append((path.replace("/download/claims-by-measure", "/download/dataset.ttl"), route.methods))  # type: ignore[attr-defined]
    assert len(found) > 25
    return found


def test_every_answer_has_its_headers_once(client: httpx.Client, paths: list[tuple[str, set[str]]]) -> None:
    for path, _ in [*paths, ("/nowhere", set()), ("/sparql?query=ASK{}", set()), ("/sparql?query=x", set())]:
        for method in METHODS:
            answer = client.request(method, path, follow_redirects=False)
            names = Counter(name.lower() for name, _ in answer.headers.multi_items())
            for name, value in HEADERS.items():
                assert (answer.headers[name], names[name.lower()]) == (value, 1), (method, path)
            assert answer.status_code < 500, (method, path)
            assert "Traceback" not in answer.text


def test_other_methods_are_refused_and_options_says_which_there_are(
    client: httpx.Client, paths: list[tuple[str, set[str]]]
) -> None:
    for path, methods in paths:
        allowed = ", ".join(sorted({*methods, "OPTIONS"}))
        preflight = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
        asked = client.options(path, headers=preflight)
        assert (asked.status_code, asked.content) == (204, b""), path
        assert asked.headers["allow"] == asked.headers["access-control-allow-methods"] == allowed, path
        assert "Content-Type" in asked.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in asked.headers
        for method in METHODS:
            if method not in {*methods, "OPTIONS"}:
                answer = client.request(method, path)
                assert (answer.status_code, answer.headers["allow"]) == (405, allowed), (method, path)


def test_head_is_get_without_its_body(client: httpx.Client, paths: list[tuple[str, set[str]]]) -> None:
    for path, methods in [*paths, ("/nowhere", {"GET"}), ("/sparql?query=ASK{}", {"GET"})]:
        if "GET" not in methods or path == "/metrics":  # whose numbers go on
            continue
        for accept in ("*/*", "text/html"):
            got = client.get(path, headers={"Accept": accept})
            head = client.head(path, headers={"Accept": accept})
            assert (head.status_code, head.content) == (got.status_code, b""), path
            assert _lasting(head) == _lasting(got), path


def _lasting(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in VOLATILE}


def test_the_policy_is_that_of_the_design() -> None:
    assert POLICY == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
    exposed = HEADERS["Access-Control-Expose-Headers"].split(", ")
    assert {"Link", "ETag", "Content-Location", "Retry-After"} <= set(exposed)
