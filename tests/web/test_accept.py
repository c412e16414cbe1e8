"""``tests/accept_routes.csv``: what each kind of address gives for Accept headers, of real programs and malformed ones.

``MANY`` in a row stands for 999 ranges that nothing here has. Documents have a table of their own, ``tests/accept.csv``.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from test_contract import table

import sockets

MANY = ", ".join(f"application/x-{number};q=0.5" for number in range(999))
ROUTES = {
    "select": "/sparql?query=" + quote("SELECT ?s { ?s a <https://schema.org/Event> } ORDER BY ?s LIMIT 2"),
    "construct": "/sparql?query="
    + quote("CONSTRUCT WHERE { <https://attest.example/baku-1990/id/event/baku-1990-01> a ?c }"),
    "question": "/queries/day",
    "dataset": "/dataset",
    "service": "/sparql",
    "document": "/place/baku",
}


@pytest.mark.parametrize("row", table("accept_routes.csv"), ids=lambda row: f"{row['route']}: {row['case']}")
def test_accept(url: str, row: dict[str, str]) -> None:
    headers = [f"Accept: {row['accept'].replace('MANY', MANY)}"] if row["accept"] else []
    for method in ("GET", "HEAD"):
        answer = sockets.asked(url, ROUTES[row["route"]], *headers, method=method)
        assert answer.status == int(row["status"])
        if row["status"] == "200":
            assert answer.header("content-type") == row["content_type"]
        elif row["status"] == "406":
            assert (answer.header("content-type") or "").startswith(("text/plain", "text/html"))
            assert method == "HEAD" or b"ask for one of " in answer.body
        assert "Accept" in (answer.header("vary") or "")


def test_a_form_sent_with_post_follows_accept_too(url: str) -> None:
    """The same choice for the same header, whichever way the query comes."""
    for row in table("accept_routes.csv"):
        if row["route"] in ("select", "construct") and row["accept"] and "MANY" not in row["accept"]:
            query = ROUTES[row["route"]].partition("?")[2].encode()
            head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept: {row['accept']}\r\n"
            kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(query)}\r\n\r\n"
            (answer,) = sockets.answers(sockets.exchange(url, head.encode() + kind.encode() + query))
            assert answer.status == int(row["status"]), row
            assert row["status"] != "200" or answer.header("content-type") == row["content_type"], row


def test_several_fields_are_one_list(url: str) -> None:
    """RFC 9110 §5.3."""
    for fields, expected in (
        (["text/csv;q=0.1", "text/tab-separated-values;q=0.9"], "text/tab-separated-values; charset=utf-8"),
        (["image/png", "text/csv"], "text/csv; charset=utf-8"),
    ):
        answer = sockets.asked(url, ROUTES["select"], *(f"Accept: {field}" for field in fields))
        assert (answer.status, answer.header("content-type")) == (200, expected)
