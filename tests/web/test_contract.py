"""The publishing contract, ``tests/contract.csv``, and the table of Accept headers, against the real server."""

from __future__ import annotations

import csv

import httpx
import pytest

from suites import ROOT


def table(name: str) -> list[dict[str, str]]:
    with (ROOT / "tests" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "row", table("contract.csv"), ids=lambda row: f"{row['method']} {row['url']} {row['accept']}"
)
def test_contract(client: httpx.Client, row: dict[str, str]) -> None:
    # the client would resolve the dots of a path itself
    target = httpx.URL(str(client.base_url).rstrip("/")).copy_with(raw_path=row["url"].encode())
    answer = client.request(row["method"], target, headers={"Accept": row["accept"]})
    assert answer.status_code == int(row["status"])
    assert answer.headers.get("content-type", "") == row["content_type"]
    if row["header"]:
        name, _, value = row["header"].partition(": ")
        assert value in answer.headers[name]
    if row["method"] == "HEAD":
        assert answer.content == b""
    assert row["body"] in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("row", table("accept.csv"), ids=lambda row: row["case"])
def test_accept(client: httpx.Client, row: dict[str, str]) -> None:
    request = client.build_request("GET", "/place/baku", headers={"Accept": row["accept"]})
    if not row["accept"]:
        del request.headers["accept"]
    answer = client.send(request)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == row["content_type"]
    assert {"Accept", "Accept-Encoding"} <= set(answer.headers["vary"].split(", "))


def test_head_gives_the_headers_of_get(client: httpx.Client) -> None:
    for path in ("/", "/event/baku-1990-01", "/download/dataset.nt", "/sparql?query=ASK{}", "/nowhere"):
        got, asked = client.get(path), client.head(path)
        volatile = {"date", "content-length", "transfer-encoding"}  # what is made as it is sent has no length
        assert {k: v for k, v in asked.headers.items() if k not in volatile} == {
            k: v for k, v in got.headers.items() if k not in volatile
        }


def test_every_answer_has_the_security_headers(client: httpx.Client) -> None:
    for method, path in (
        ("GET", "/"),
        ("GET", "/nowhere"),
        ("PATCH", "/"),
        ("OPTIONS", "/sparql"),
        ("GET", "/sparql"),
    ):
        answer = client.request(method, path)
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["content-security-policy"].startswith("default-src 'none';")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["access-control-allow-origin"] == "*"
