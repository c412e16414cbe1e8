"""Snippets: how a program asks what a page shows, for curl, SPARQLWrapper, rdflib, pandas and R, to be pasted and run.

A query stands in them as a literal of the language, written so that nothing in it ends the literal. Rows come as CSV, statements as
Turtle. A query that is too long for an address is sent in the body, where the tool can.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

LONGEST: Final = 6_000
"""Characters of a query, as an address has it, up to which it goes there."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A program: what it is for, the language that it is in, and its text."""

    name: str
    language: str
    text: str


def of_query(server: str, query: str, form: str) -> list[Snippet]:
    """Give the snippets that ask the endpoint of *server* (an address without a slash at the end) the *query* of *form* (``SELECT``)."""
    query = query.replace("\r\n", "\n")
    rows, truth = form == "SELECT", form == "ASK"
    short = len(quote(query)) <= LONGEST
    endpoint, literal = f"{server}/sparql", _python(query)
    tabular = [
        _pandas(f'{_quoted(f"{endpoint}.csv?")} + urlencode({{"query": query}})', literal),
        _r(
            f'paste0("{endpoint}.csv?query=", URLencode(query, reserved = TRUE, repeated = TRUE))',
            _r_text(query),
        ),
    ]
    return [
        _curl_query(endpoint, query, "text/csv" if rows or truth else "text/turtle", short),
        _wrapper(endpoint, literal, rows, truth, short),
        _rdflib(endpoint, literal, rows, truth, short),
        *(tabular if rows and short else ()),
    ]


def of_question(server: str, name: str, given: dict[str, str], bound: str) -> list[Snippet]:
    """Give the snippets that ask *server* the question *name* with the parameters *given*; *bound* is its query with them in it.

    *bound* is empty where the endpoint would answer it otherwise, or where there is no query yet.
    """
    address = f"{server}/queries/{name}.csv"
    asked = f"{address}?{urlencode(given)}" if given else address
    found = [
        Snippet("curl", "shell", f"curl {shlex.quote(asked)}"),
        Snippet("pandas", "python", f"import pandas\n\nframe = pandas.read_csv({_quoted(asked)})\nprint(frame)"),
        Snippet("R", "r", f"rows <- read.csv({_r_text(asked)})\nprint(rows)"),
    ]  # fmt: skip
    if bound:
        found[1:1] = [
            each for each in of_query(server, bound, "SELECT") if each.name in ("SPARQLWrapper", "rdflib")
        ]
    return found


def _curl_query(endpoint: str, query: str, accept: str, short: bool) -> Snippet:
    how = "-G " if short else ""
    return Snippet(
        "curl",
        "shell",
        f"curl {how}-H 'Accept: {accept}' {shlex.quote(endpoint)} \\\n  --data-urlencode {shlex.quote(f'query={query}')}",
    )


def _wrapper(endpoint: str, literal: str, rows: bool, truth: bool, short: bool) -> Snippet:
    if rows:
        tail = 'for row in sparql.query().convert()["results"]["bindings"]:\n    print({name: term["value"] for name, term in row.items()})'
    elif truth:
        tail = 'print(sparql.query().convert()["boolean"])'
    else:
        tail = "print(sparql.query().convert().decode())"
    format = "JSON" if rows or truth else "TURTLE"
    names, post = (format, "") if short else (f"{format}, POST", "sparql.setMethod(POST)\n")
    text = (
        f"from SPARQLWrapper import {names}, SPARQLWrapper\n\nsparql = SPARQLWrapper({_quoted(endpoint)})\n{post}"
        f"sparql.setReturnFormat({format})\nsparql.setQuery({literal})\n{tail}"
    )
    return Snippet("SPARQLWrapper", "python", text)


def _rdflib(endpoint: str, literal: str, rows: bool, truth: bool, short: bool) -> Snippet:
    method = "" if short else ', method="POST"'
    each = (
        "for row in answer:\n    print(*row)"
        if rows
        else "print(answer.askAnswer)"
        if truth
        else 'print(answer.serialize(format="turtle").decode())'
    )
    text = (
        "from rdflib import Graph\nfrom rdflib.plugins.stores.sparqlstore import SPARQLStore\n\n"
        f"graph = Graph(SPARQLStore({_quoted(endpoint)}{method}))\n"
        f"answer = graph.query({literal})\n{each}"
    )
    return Snippet("rdflib", "python", text)


def _pandas(address: str, literal: str) -> Snippet:
    return Snippet(
        "pandas",
        "python",
        f"from urllib.parse import urlencode\n\nimport pandas\n\nquery = {literal}\nframe = pandas.read_csv({address})\nprint(frame)",
    )


def _r(address: str, literal: str) -> Snippet:
    return Snippet("R", "r", f"query <- {literal}\nrows <- read.csv({address})\nprint(rows)")


def _quoted(text: str) -> str:
    """Give *text*, which has no line break, as a string of Python."""
    return f'"{text}"' if '"' not in text and "\\" not in text and text.isprintable() else repr(text)


def _python(text: str) -> str:
    """Give *text* as a string of Python: over several lines, where nothing in it speaks against that."""
    plain = all(character.isprintable() or character == "\n" for character in text)
    if not plain or '"""' in text or "\\" in text or text.endswith('"'):
        return repr(text)
    return f'"""{text}"""' if "\n" in text or '"' in text else f'"{text}"'


def _r_text(text: str) -> str:
    """Give *text* as a raw string of R (4.0 or newer), with as many dashes as keep it from ending early."""
    dashes = next("-" * number for number in range(len(text) + 2) if f'){"-" * number}"' not in text)
    return f'r"{dashes}({text}){dashes}"' if "\n" in text or '"' in text or "\\" in text else f'"{text}"'
