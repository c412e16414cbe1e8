"""What goes out: the parameters and headers of the SPARQL 1.1 Protocol, and nothing that nobody asked for."""

from __future__ import annotations

import ssl
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest

import faults
import kg
import suites
from kg.errors import StoreError
from kg.store.remote import RemoteStore, exchange
from kg.store.remote.address import PASSWORD, Address

ALL = "SELECT ?s WHERE { ?s ?p ?o }"


def test_a_short_query_goes_by_get() -> None:
    with faults.endpoint() as told:
        RemoteStore.open(told.url).query(ALL)
    asked = told.requests[-1]
    assert asked.method == "GET"
    assert asked.parameters == [("query", ALL)]
    assert asked.headers["accept"] == "application/sparql-results+json, application/json;q=0.8"
    assert asked.headers["accept-encoding"] == "identity"
    assert asked.headers["user-agent"].startswith(f"attest-kg/{kg.__version__} SPARQLWrapper/")
    assert asked.headers["connection"] == "close"
    assert set(asked.headers) == {"host", "accept", "accept-encoding", "user-agent", "connection"}


def test_a_long_query_goes_by_post() -> None:
    text = f"{ALL} # {'é' * 700}\n"
    with faults.endpoint() as told:
        RemoteStore.open(told.url).query(text)
    asked = told.requests[-1]
    assert (asked.method, asked.target) == ("POST", "/sparql")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.parameters == [("query", text)]


def test_an_address_with_parameters_keeps_them() -> None:
    with faults.endpoint() as told:
        RemoteStore.open(told.url + "?collection=a%20b").query(ALL)
    asked = told.requests[-1]
    assert (asked.method, asked.target) == ("POST", "/sparql?collection=a%20b")
    assert asked.query == ALL


@pytest.mark.parametrize(
    ("text", "accept"),
    [
        ("PREFIX select: <urn:select:> DESCRIBE select:construct", "application/n-triples"),
        ("# SELECT\nCONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples"),
        ("prefix load: <urn:x> select ?s where { ?s ?p 'CONSTRUCT' }", "application/sparql-results+json"),
        ("ASK { ?insert ?delete 'DROP' }", "application/sparql-results+json"),
    ],
)
def test_the_form_is_the_first_word_and_no_other(text: str, accept: str) -> None:
    """SPARQLWrapper would send the third as an update, for the name of its prefix."""
    graph = faults.reply(b"", "application/n-triples")
    with faults.endpoint(
        lambda request: [graph] if "n-triples" in request.headers["accept"] else faults.well(request)
        if not request.query.startswith("prefix") else [faults.reply()]
    ) as told:  # fmt: skip
        RemoteStore.open(told.url).query(text)
    assert told.requests[-1].query == text
    assert told.requests[-1].headers["accept"].startswith(accept)


@pytest.mark.parametrize("text", ["", "{ ?s ?p ?o }", "FIND ?s", "CLEAR ALL", 'SELECT * { ?s ?p "\ud800" }'])
def test_what_is_no_query_is_not_sent(text: str) -> None:
    with faults.endpoint() as told:
        with pytest.raises(kg.QueryError) as raised:
            RemoteStore.open(told.url).query(text)
        assert raised.value.line == 1
        assert told.hits == 0


def test_a_base_is_said_in_the_query() -> None:
    with faults.endpoint() as told:
        RemoteStore.open(told.url).query(ALL, base="http://x.example/")
        assert told.requests[-1].query == f"BASE <http://x.example/> {ALL}"
        with pytest.raises(kg.QueryError, match="not an IRI"):
            RemoteStore.open(told.url).query(ALL, base="x> SELECT")


def test_no_cookie_comes_back_and_no_proxy_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with faults.endpoint() as proxy, faults.endpoint(
        lambda request: [faults.reply(faults.EMPTY, faults.RESULTS, "200 OK", "Set-Cookie: a=b")]
        if request.query == ALL else faults.well(request)
    ) as told:  # fmt: skip
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        store = RemoteStore.open(told.url)
        store.query(ALL)
        store.query(ALL)
        assert proxy.hits == 0
        assert not any("cookie" in request.headers for request in told.requests)


@pytest.mark.parametrize(
    ("userinfo", "variable", "sent"),
    [
        ("anna:s%40cret@", "", "anna:s@cret"),
        ("anna@", "p:w", "anna:p:w"),
        ("anna:own@", "other", "anna:own"),
        ("", "unused", None),
    ],
)
def test_credentials(userinfo: str, variable: str, sent: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD, variable)
    with faults.endpoint() as told:
        archive = kg.open(told.url.replace("//", f"//{userinfo}"))
        header = told.requests[-1].headers.get("authorization")
        assert header == (None if sent is None else "Basic " + b64encode(sent.encode()).decode())
        shown = f"{archive!r} {archive.manifest} {archive._store!r}"
        with pytest.raises(kg.RemoteError) as raised:
            kg.open(told.url.replace("//", f"//{userinfo}").replace("http:", "https:"), timeout=5)
        assert told.url in shown
        for secret in ("anna", "cret", "p:w", "own@"):
            assert secret not in shown + str(raised.value)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://archive.example/sparql", "http://archive.example/sparql"),
        ("https://archive.example:8443/a/b?c=d#part", "https://archive.example:8443/a/b?c=d"),
        ("https://anna:pw@archive.example", "https://archive.example"),
        ("http://anna:pw@[::1]:8000/sparql", "http://[::1]:8000/sparql"),
        ("http://anna:pw@localhost/sparql", "http://localhost/sparql"),
    ],
)
def test_addresses(text: str, url: str) -> None:
    assert Address.read(text).url == url
    assert "pw" not in repr(Address.read(text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ftp://archive.example/sparql", "ftp://archive.example/sparql is not the address"),
        ("file:///etc/passwd", "is not the address"),
        ("http://", "is not the address"),
        ("http:///sparql", "is not the address"),
        ("http://archive.example:99999/", "is not the address"),
        ("http://archive.example:0/", "is not the address"),
        ("http://archive..example/", "is not the address"),
        ("http://archive.example/a b", "is not the address"),
        ("http://archive.example/é", "is not the address"),
        ("http://archive.example/\r\nX: y", r"http://archive.example/ X: y is not"),
        ("http://[::1/sparql", "is not the address"),
        ("https://anna:secret@archive.example/a b", "https://…@archive.example/a b"),
        ("https://anna:se#secret@archive.example/", "https://…@archive.example/ is not"),
        ("http://anna:pw@archive.example/", "in the clear"),
        ("https://anna@archive.example/", PASSWORD),
        ("https://:pw@archive.example/", "one of them is missing"),
    ],
)
def test_addresses_that_are_refused(text: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSWORD, raising=False)
    with pytest.raises(StoreError) as raised:
        kg.open(text)
    assert says in f"{raised.value} {raised.value.remedy}"
    assert "secret" not in str(raised.value)


def test_tls_with_a_certificate_that_is_trusted_and_one_that_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    program = suites.require("openssl")
    command = f"{program} req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", key, "-out", certificate]
    subprocess.run([*command.split(), *files], check=True, capture_output=True, timeout=60)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    monkeypatch.setenv(PASSWORD, "secret")
    with faults.endpoint(tls=tls) as told:
        address = told.url.replace("//", "//anna@")
        with pytest.raises(kg.RemoteError, match=r"cannot be trusted.*self-signed"):
            kg.open(address)
        assert told.requests == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        exchange._context.cache_clear()
        try:
            kg.open(address)
        finally:
            exchange._context.cache_clear()
        assert "authorization" in told.requests[-1].headers
