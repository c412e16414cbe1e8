"""The budget of a client: short requests of one address are refused while those of others are served."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from bombs import CROSS
from hypothesis import given
from hypothesis import strategies as st

import kg
import running
from kg.errors import ProjectError
from kg.limits import Limits, Serving
from kg.web import budget
from kg.web.budget import Buckets
from kg.web.clients import UNKNOWN, Clients, parsed

ASK = {"query": "ASK {}"}
LIMITS = Limits(requests=1, burst=20, work=10, deadline=3)


@pytest.fixture(scope="module")
def url(archive: kg.Archive) -> Iterator[str]:
    with running.serving(archive, LIMITS) as address:
        yield address


def at(url: str, address: str) -> httpx.Client:
    """Give a client with an address of its own."""
    return httpx.Client(base_url=url, transport=httpx.HTTPTransport(local_address=address), timeout=30)


def test_one_client_is_refused_while_the_others_are_served(url: str) -> None:
    def ask(address: str, times: int) -> list[httpx.Response]:
        with at(url, address) as client:
            return [client.get("/sparql", params=ASK) for _ in range(times)]

    with ThreadPoolExecutor() as pool:
        greedy, *others = pool.map(ask, ("127.0.0.2", "127.0.0.3", "127.0.0.4"), (60, 15, 15))
    statuses = [answer.status_code for answer in greedy]
    assert statuses[:20] == [200] * 20
    assert statuses.count(429) > 30
    assert [answer.status_code for answers in others for answer in answers] == [200] * 30
    refused = greedy[statuses.index(429)]
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["access-control-allow-origin"] == "*"
    assert refused.headers["content-security-policy"].startswith("default-src 'none'")
    assert refused.text.startswith("this address asks for more than 1 requests a second")
    assert "/download/" in refused.text


def test_every_request_counts(url: str) -> None:
    with at(url, "127.0.0.5") as client:
        paths = [("GET", "/static/style.css"), ("HEAD", "/nowhere"), ("OPTIONS", "/sparql"), ("PUT", "/")]
        answers = [client.request(method, path).status_code for method, path in paths * 6]
    assert answers[:20] == [200, 404, 204, 405] * 5
    assert set(answers[22:]) == {429}


def test_work_counts(url: str) -> None:
    heavy = {"query": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}"}
    with at(url, "127.0.0.6") as client:
        assert client.get("/sparql", params=heavy).status_code == 504  # three seconds count as 30
        refused = client.get("/sparql", params=ASK)
    assert refused.status_code == 429
    assert 5 <= int(refused.headers["retry-after"]) <= 25


def test_who_stands_before_this_server_is_not_limited_and_those_behind_are(url: str) -> None:
    with httpx.Client(base_url=url, timeout=30) as client:
        assert {client.get("/health").status_code for _ in range(40)} == {200}
        behind = {"X-Forwarded-For": "10.0.0.9, 192.0.2.7"}  # what a client writes first is its own word
        assert [client.get("/health", headers=behind).status_code for _ in range(40)].count(200) <= 21
        forged = {"X-Forwarded-For": "192.0.2.99, 192.0.2.7"}
        assert client.get("/health", headers=forged).status_code == 429
        other = {"X-Forwarded-For": "192.0.2.8", "X-Forwarded-Host": "evil.example", "Host": "evil.example"}
        answer = client.get("/", headers=other)
        assert answer.status_code == 200
        assert "evil" not in answer.text
        assert "evil" not in str(answer.headers)
    with at(url, "127.0.0.7") as stranger:  # whose word is not taken
        answers = [
            stranger.get("/health", headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code
            for number in range(100, 140)
        ]
    assert answers.count(429) >= 15


def test_they_are_counted_for_whoever_runs_the_server(url: str) -> None:
    with httpx.Client(base_url=url, timeout=30) as client:
        for _ in range(25):
            client.get("/feed.atom", headers={"X-Forwarded-For": "192.0.2.200"})
        found = client.get("/metrics").text
    assert 'kg_http_requests_total{method="GET",route="none",status="429"}' in found


def of(peer: str | None, *forwarded: str, proxies: tuple[str, ...] = ("127.0.0.1", "10.0.0.0/8")) -> str:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return Clients(proxies).of({"client": (peer, 1) if peer else None, "headers": headers})


@pytest.mark.parametrize(
    ("client", "peer", "forwarded"),
    [
        ("192.0.2.1", "192.0.2.1", []),
        ("192.0.2.1", "192.0.2.1", ["198.51.100.1"]),
        ("", "127.0.0.1", []),
        ("", None, []),
        ("198.51.100.1", None, ["198.51.100.1"]),
        ("198.51.100.1", "127.0.0.1", ["198.51.100.1"]),
        ("198.51.100.2", "127.0.0.1", ["198.51.100.1, 198.51.100.2"]),
        ("198.51.100.1", "127.0.0.1", ["198.51.100.1, 10.1.1.1"]),
        ("198.51.100.2", "127.0.0.1", ["198.51.100.1", "198.51.100.2"]),
        ("198.51.100.1", "10.3.3.3", ["198.51.100.1:5050"]),
        ("2001:db8:1:2::/64", "127.0.0.1", ["[2001:db8:1:2:3::4]:5050"]),
        ("2001:db8:1:2::/64", "2001:db8:1:2:ffff::1", []),
        ("192.0.2.1", "::ffff:192.0.2.1", []),
        ("", "::ffff:127.0.0.1", []),
        (UNKNOWN, "127.0.0.1", ["unknown"]),
        (UNKNOWN, "127.0.0.1", ["198.51.100.1, "]),
        ("", "127.0.0.1", ["127.0.0.1"]),
    ],
)
def test_who_asks(client: str, peer: str | None, forwarded: list[str]) -> None:
    assert of(peer, *forwarded) == client


@given(st.text(max_size=60))
def test_a_proxy_says_who_asks_or_it_is_nobody_known(text: str) -> None:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        assert parsed(text) is None or text.isprintable()
        return
    found = Clients(("127.0.0.1",)).of(
        {"client": ("127.0.0.1", 1), "headers": [(b"x-forwarded-for", text.encode("latin-1"))]}
    )
    assert found == UNKNOWN or parsed(found.partition("/")[0]) is not None or "127.0.0.1" in text


def test_a_bucket_fills_again_and_is_never_overdrawn_for_long() -> None:
    buckets = Buckets(Limits(requests=2, burst=4))
    assert [buckets.take("a", 0.0) for _ in range(5)] == [0, 0, 0, 0, 0.5]
    assert buckets.take("b", 0.0) == 0
    assert buckets.take("a", 0.5) == 0
    buckets.charge("a", 1000, 0.5)
    assert buckets.take("a", 0.5) == 2.5
    assert buckets.take("a", 3.0) == 0
    assert [buckets.take("a", 1000.0) for _ in range(5)].count(0) == 4


def test_so_many_clients_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "CLIENTS", 3)
    buckets = Buckets(Limits(requests=1, burst=1))
    for client in ("a", "b", "c", "a", "d"):
        buckets.take(client, 0.0)
    assert len(buckets) == 3
    assert [bool(buckets.take(client, 0.0)) for client in ("a", "d", "b")] == [True, True, False]


def test_what_is_no_proxy() -> None:
    with pytest.raises(ProjectError, match=r"'proxy\.example' is neither an address nor a network"):
        Serving(proxies=("proxy.example",))
