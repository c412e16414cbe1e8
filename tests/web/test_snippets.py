"""The programs that pages show run as they are pasted, against the server that shows them."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from test_documents import Page

import kg
import running
import suites
from kg.names import KG
from kg.pages import snippets

AWKWARD = (
    f"PREFIX kg: <{KG}>\r\n"
    'SELECT ?claim ("it\'s \\"so\\" $HOME `x` %20 & \\\\" AS ?text) (\')---"\' AS ?end)\r\n'
    'WHERE { ?claim a kg:Claim } # """\r\nORDER BY ?claim LIMIT 3'
)
PLAIN = f"SELECT ?claim WHERE {{\n  ?claim a <{KG}Claim>\n}}\nORDER BY ?claim LIMIT 3"
ASK = "ASK { ?s ?p ?o }"
CONSTRUCT = f"CONSTRUCT {{ ?c a <{KG}Claim> }} WHERE {{ ?c a <{KG}Claim> }} ORDER BY ?c LIMIT 2"
LONG = f"{PLAIN} # {'x' * snippets.LONGEST}"


def programs(page: str) -> dict[str, str]:
    """Give the programs of *page*, by name."""
    found = re.findall(r'<pre tabindex="0" aria-label="([^"]*)"><code>(.*?)</code></pre>', page, re.DOTALL)
    return {name: html.unescape(text) for name, text in found}


def shown(client: httpx.Client, path: str) -> dict[str, str]:
    return programs(client.get(path, headers={"Accept": running.BROWSER}).text)


def run(name: str, text: str, directory: Path) -> str:
    """Run the program *text* as who pastes it would, and give what it prints."""
    if name == "curl":
        command = ["sh", "-c", text.replace("curl ", f"{suites.require('curl')} -sSf ", 1)]
    elif name == "R":
        program = suites.require("r")
        (directory / "program.R").write_text(text, encoding="utf-8")
        command = [str(program), "--vanilla", str(directory / "program.R")]
    else:
        (directory / "program.py").write_text(text, encoding="utf-8")
        command = [sys.executable, "-W", "ignore", str(directory / "program.py")]
    environment = os.environ | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    done = subprocess.run(
        command,
        cwd=directory,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["curl", "SPARQLWrapper", "rdflib", "pandas", "R"])
@pytest.mark.parametrize("query", [PLAIN, AWKWARD], ids=["plain", "awkward"])
def test_rows_of_a_query(
    client: httpx.Client, archive: kg.Archive, tmp_path: Path, name: str, query: str
) -> None:
    found = shown(client, "/sparql?" + urlencode({"query": query}))
    assert set(found) == {"curl", "SPARQLWrapper", "rdflib", "pandas", "R"}
    said = run(name, found[name], tmp_path)
    for row in archive.query(query):
        assert (row.claim if name not in ("pandas", "R") else row.claim[:20]) in said


def test_curl_gives_the_rows_exactly(client: httpx.Client, archive: kg.Archive, tmp_path: Path) -> None:
    found = shown(client, "/sparql?" + urlencode({"query": AWKWARD}))
    rows = list(csv.DictReader(io.StringIO(run("curl", found["curl"], tmp_path))))
    assert rows == [{"claim": row.claim, "text": row.text, "end": row.end} for row in archive.query(AWKWARD)]
    assert len(rows) == 3


@pytest.mark.parametrize("name", ["curl", "SPARQLWrapper", "rdflib"])
def test_truths_and_statements(client: httpx.Client, tmp_path: Path, name: str) -> None:
    found = shown(client, "/sparql?" + urlencode({"query": ASK}))
    assert set(found) == {"curl", "SPARQLWrapper", "rdflib"}
    assert run(name, found[name], tmp_path).strip().lower() == "true"
    found = shown(client, "/sparql?" + urlencode({"query": CONSTRUCT}))
    said = run(name, found[name], tmp_path)
    assert said.count("kg:Claim") + said.count(f"<{KG}Claim>") >= 1
    assert said.count("ap-1990-01-14-deaths") >= 2


@pytest.mark.parametrize("name", ["curl", "SPARQLWrapper", "rdflib"])
def test_a_query_that_no_address_holds_goes_in_the_body(
    url: str, archive: kg.Archive, tmp_path: Path, name: str
) -> None:
    answer = httpx.post(
        f"{url}/sparql", data={"query": LONG}, headers={"Accept": running.BROWSER}, timeout=30
    )
    page = Page(answer.text)
    assert "too long for an address" in page.text
    assert not [href for href in page.hrefs() if href.startswith("/sparql.")]
    said = run(name, programs(answer.text)[name], tmp_path)
    assert all(row.claim in said for row in archive.query(PLAIN))


@pytest.mark.parametrize("name", ["curl", "SPARQLWrapper", "rdflib", "pandas", "R"])
def test_a_question_with_parameters(
    client: httpx.Client, archive: kg.Archive, tmp_path: Path, name: str
) -> None:
    values = {"event": "Violence in Azerbaijan, January 1990", "measure": "deaths", "as_of": "1990-01-15"}
    found = shown(client, "/queries/claims-by-measure?" + urlencode(values))
    said = run(name, found[name], tmp_path)
    rows = archive.query("claims-by-measure", **values)
    assert 32 in [row.amount for row in rows]
    assert ("1990-01-15" if name in ("pandas", "R") else "32") in said
    if name == "curl":
        assert said.replace("\r\n", "\n") == archive.query("claims-by-measure", **values).to_csv().replace(
            "\r\n", "\n"
        )


def test_the_address_is_the_servers_own_whatever_host_is_named(client: httpx.Client, url: str) -> None:
    for headers in (
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example"},
        {"Forwarded": "host=evil.example"},
    ):
        for path in (f"/sparql?query={ASK}&n={len(headers)}", "/queries/day"):
            text = client.get(path, headers=headers | {"Accept": running.BROWSER}).text
            assert "evil.example" not in text
            assert f"{url}/" in text


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://data.library.test/x/", "own"),
        ("https://attest.example/baku-1990/", "own"),
        ("http://localhost:9/", "own"),
        ("https://data.library.org/baku/", "https://data.library.org/baku"),
        ("https://example.org.uk/", "https://example.org.uk"),
    ],
)
def test_the_base_is_the_address_where_it_can_be_one(base: str, expected: str) -> None:
    from kg.documents.addresses import Addresses
    from kg.names import Base
    from kg.web.origin import origin

    addresses = Addresses(Base(base))
    own = "http://127.0.0.1:8123"
    assert origin({"server": ("127.0.0.1", 8123)}, addresses) == (own if expected == "own" else expected)
    assert origin({"server": ("::1", 8123)}, addresses) == (
        "http://[::1]:8123" if expected == "own" else expected
    )
    assert origin({"server": ("/run/kg.sock", None)}, addresses) == base.rstrip("/")  # nobody pastes a socket
    kept = Addresses(Base(base), "/release/0123456789ab")
    assert origin({"server": ("127.0.0.1", 8123)}, kept).endswith("/release/0123456789ab")


@pytest.mark.parametrize(
    "text", [AWKWARD, 'ends in "', '"""', "a\x00b", "é\u202e", "\\u0041", "", ')-"', "x\ny"]
)
def test_a_literal_of_python_says_what_it_should(text: str) -> None:
    wrapper = next(
        each for each in snippets.of_query("http://h", text, "SELECT") if each.name == "SPARQLWrapper"
    )
    literal = wrapper.text.partition("setQuery(")[2].partition(")\nfor row")[0]
    assert json.dumps(eval(literal)) == json.dumps(text.replace("\r\n", "\n"))  # noqa: S307


@pytest.mark.parametrize("text", [AWKWARD, ')-"', ')--"x)-"', 'a"b'])
def test_a_raw_string_of_r_does_not_end_early(text: str) -> None:
    found = next(each for each in snippets.of_query("http://h", text, "SELECT") if each.name == "R")
    literal = found.text.partition("query <- ")[2].partition("\nrows <- ")[0]
    dashes = literal.removeprefix('r"').partition("(")[0]
    end = f'){dashes}"'
    assert literal.index(end) == len(literal) - len(end)
