from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import collection
import kg
import running

BASE = "http://data.example/any/"

HOSTILE = f"""
@prefix : <{BASE}> .
@prefix ex: <http://other.example/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:thing a ex:Thing ;
    rdfs:label "<script>alert('label')</script>"@en, "\\"><img src=x onerror=alert(2)>"@hy ;
    rdfs:comment "</p><script>alert('comment')</script>"@en ;
    ex:link <javascript:alert(1)>, <data:text/html,x>, <http://away.example/?a=1&b=%22> ;
    ex:uri "javascript:alert(3)"^^xsd:anyURI ;
    ex:right "\u202eabc"@ar ;
    ex:parts [ ex:name "inner & <b>bold</b>" ; ex:deeper [ ex:name "innermost" ; ex:back :thing ] ] ;
    ex:list ( 1 "two" :other ) ;
    ex:many {", ".join(str(number) for number in range(150))} .
_:a ex:knows _:b . _:b ex:knows _:a . :circle ex:start _:a .
:other rdfs:label "other" .
:dotted.ttl rdfs:label "an IRI that ends like a form" .
:deep\\/er\\/path rdfs:label "a path" .
<{BASE}sparql> rdfs:label "an IRI on a path of the server's own" .
<{BASE}id/event/Strange.Slug> rdfs:label "a slug of another kind" .
<{BASE}id/event/https:%2F%2Fevil.example> rdfs:label "an escape in a slug" .
<{BASE}café> rdfs:label "a letter beyond ASCII" .
<{BASE}page#part> rdfs:label "a part of a page" .
<urn:x:1> rdfs:label "an IRI of another kind" ; ex:link :thing .
ex:g {{ :in-a-graph rdfs:label "only in a named graph" ; ex:parts [ ex:name "unnamed in a graph" ] . }}
"""


@pytest.fixture(scope="session")
def archive() -> kg.Archive:
    """The real collection."""
    return kg.open(collection.built())


@pytest.fixture(scope="session")
def url(archive: kg.Archive) -> Iterator[str]:
    """The address of a server of the real collection."""
    with running.serving(archive) as address:
        yield address


@pytest.fixture(scope="session")
def client(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=30, headers={"Accept": "*/*"}) as client:
        yield client


@pytest.fixture(scope="session", params=["union", "strict"])
def hostile(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A server of data that follow no profile and mean harm."""
    directory: Path = tmp_path_factory.mktemp("hostile")
    archive = running.release(directory, HOSTILE, base=BASE, default_graph=request.param)
    with (
        running.serving(archive) as address,
        httpx.Client(base_url=address, timeout=30, headers={"Accept": running.BROWSER}) as client,
    ):
        yield client
