"""A SPARQL 1.1 Protocol endpoint (W3C 2013, section 2.1): a query goes out, the whole answer or an error comes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import quote, urljoin
from urllib.request import Request

import pyoxigraph as ox
from SPARQLWrapper import JSON, N3, POST, POSTDIRECTLY, SPARQLWrapper
from SPARQLWrapper import __version__ as wrapper_version

from kg.errors import KgError, QueryError, QueryTooLarge, RemoteError
from kg.escaping import shortened
from kg.store import results
from kg.store.limits import Limits
from kg.store.protocol import Answer, Graphs
from kg.store.remote import virtuoso
from kg.store.remote.address import PASSWORD, Address
from kg.store.remote.credentials import Authorizer, Credentials
from kg.store.remote.exchange import Reply, exchange
from kg.store.solutions import Solutions
from kg.version import __version__

_AGENT: Final = f"attest-kg/{__version__} SPARQLWrapper/{wrapper_version}"
LONGEST: Final = 2_000
"""Characters of an address up to which a query is sent by GET, which caches and old servers like; else by POST."""

_ROWS: Final = {"application/sparql-results+json": JSON, "application/json": JSON}
_TRIPLES: Final = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
}
_ACCEPT: Final = {
    JSON: "application/sparql-results+json, application/json;q=0.8",
    N3: "application/n-triples, text/turtle;q=0.8",
}
_MARKS_OF_TRIPLES: Final = 100
"""How many triple terms an answer in Turtle may hold: the parser ends the process where 20,000 stand in one another."""


class Endpoint:
    """The endpoint at *address*; each of its exchanges keeps to *limits*. *credentials* go before those of the address."""

    def __init__(self, address: Address, limits: Limits, credentials: Credentials | None = None) -> None:
        self._address = address
        self._limits = limits
        self._authorizer = Authorizer(credentials or Credentials(address.user, address.password, eager=True))
        self._whole = 0  # rows that an answer is known to have room for
        self.url = address.url

    def ask(self, text: str, form: str, graphs: Graphs | None = None) -> Answer:
        """Give the whole answer to the query *text* of *form* (SELECT, ASK, CONSTRUCT or DESCRIBE).

        Where *graphs* are given they are the dataset (section 2.1.4).
        Raises QueryError for a query that the endpoint refuses, QueryTimeout and QueryTooLarge past the limits,
        RemoteError for an endpoint that cannot be reached, declines, or gives what is no whole answer.
        """
        reply = self._send(text, form, graphs)
        if reply.status != 200:
            raise self._declined(reply)
        answer = self._read(reply, form)
        return self._of_virtuoso(answer) if virtuoso.answers(reply) else answer

    def _read(self, reply: Reply, form: str) -> Answer:
        rows = form in ("SELECT", "ASK")
        media_type = self._media_type(reply, list(_ROWS if rows else _TRIPLES))
        try:
            return self._read_rows(reply, form) if rows else self._read_triples(reply, media_type)
        except (ValueError, SyntaxError) as error:
            raise self._damaged(f"is damaged: {shortened(str(error))}") from error

    def _of_virtuoso(self, answer: Answer) -> Answer:
        """Give *answer* as any other store would. Raises QueryTooLarge where Virtuoso may have left some of it out."""
        if isinstance(answer, bool):
            return answer
        number = len(answer.rows if isinstance(answer, Solutions) else answer)
        if number > max(virtuoso.FEW, self._whole):
            reply = self._send(virtuoso.more_than(number), "SELECT", None)
            if reply.status != 200:
                raise self._declined(reply)
            found = self._read_rows(reply, "SELECT", number + 1)
            if not isinstance(found, Solutions) or len(found.rows) <= number:
                raise QueryTooLarge(
                    f"{self.url} gives {number:,} rows at most, and does not say whether there are more; nothing of the answer is given",
                    remedy="ask for less at once, or have its keeper raise ResultSetMaxRows in virtuoso.ini",
                )
            self._whole = number
        if isinstance(answer, Solutions):
            return virtuoso.solutions(answer)
        return list(map(virtuoso.triple, answer))

    def update(self, text: str) -> None:
        """Have the SPARQL 1.1 Update *text* done, sent as it is (section 2.2.2).

        Raises QueryError for one that the endpoint refuses, QueryTimeout past the deadline, RemoteError as :meth:`ask` does.
        """
        wrapper = self._wrapper()
        wrapper.queryString, wrapper.queryType = text, "INSERT"
        wrapper.setMethod(POST)
        wrapper.setRequestMethod(POSTDIRECTLY)
        wrapper.addCustomHttpHeader("Accept", "*/*")
        self._done(wrapper.query().response)  # type: ignore[arg-type]

    def post(self, graph: str, body: bytes, media_type: str) -> None:
        """Add the triples of *body* to the named graph *graph* (SPARQL 1.1 Graph Store HTTP Protocol, section 5.5). Raises as :meth:`update` does."""
        url = f"{self.url}{'&' if '?' in self.url else '?'}graph={quote(graph, safe='')}"
        request = Request(url, body, {"Content-Type": media_type, "User-Agent": _AGENT}, method="POST")  # noqa: S310 — an Address is http(s)
        self._done(send(request, self._limits, self.url, self._authorizer))

    def _done(self, reply: Reply) -> None:
        if not 200 <= reply.status < 300:
            raise self._declined(reply)

    def _wrapper(self) -> _Wrapper:
        return _Wrapper(self._address, self._limits, self._authorizer)

    def _send(self, text: str, form: str, graphs: Graphs | None) -> Reply:
        wrapper = self._wrapper()
        wrapper.queryString = text
        wrapper.queryType = (
            form  # setQuery() would take the first such word anywhere, a prefix too, for the form
        )
        wrapper.setReturnFormat(JSON if form in ("SELECT", "ASK") else N3)
        wrapper.addCustomHttpHeader("Accept", _ACCEPT[wrapper.returnFormat])
        for graph in graphs.default if graphs else ():
            wrapper.addParameter("default-graph-uri", graph)
        for graph in graphs.named if graphs else ():
            wrapper.addParameter("named-graph-uri", graph)
        return wrapper.query().response  # type: ignore[return-value]

    def _read_rows(self, reply: Reply, form: str, most: int = 0) -> Answer:
        answer = results.read(reply.body, most or self._limits.max_rows)
        if isinstance(answer, bool) != (form == "ASK"):
            raise ValueError(f"it is no answer to {form}")
        return answer

    def _read_triples(self, reply: Reply, media_type: str) -> list[ox.Triple]:
        if not reply.ended:  # nothing in these formats marks the end
            raise ValueError("it has neither length nor last chunk, so nobody can tell whether it is whole")
        if reply.body.count(b"<<") > _MARKS_OF_TRIPLES:
            raise ValueError(f"it holds more than {_MARKS_OF_TRIPLES} triple terms")
        triples = []
        for quad in ox.parse(reply.body, format=_TRIPLES[media_type], base_iri=self.url):
            triples.append(quad.triple)
            if len(triples) > self._limits.max_rows:
                raise QueryTooLarge(
                    f"the answer has more than {self._limits.max_rows:,} triples; nothing of it is given",
                    remedy="ask for less at once, or allow more (max_rows=…)",
                )
        return triples

    def _media_type(self, reply: Reply, wanted: Sequence[str]) -> str:
        """Give the media type of *reply*, which is one of *wanted*; raises RemoteError for any other."""
        if (coding := reply.headers.get("Content-Encoding", "identity").lower()) != "identity":
            raise self._damaged(f"is compressed ({shortened(coding)}), which was not asked for")
        if "Content-Type" not in reply.headers:
            raise self._damaged("does not say what it is", "the address may not be that of a SPARQL endpoint")
        found = reply.headers.get_content_type()
        if found not in wanted:
            what = "a web page" if found in ("text/html", "application/xhtml+xml") else shortened(found)
            raise self._damaged(
                f"is {what}, and {wanted[0]} was asked for",
                "the address may not be that of a SPARQL endpoint; it often ends in /sparql or /query",
            )
        charset = str(reply.headers.get_param("charset", "utf-8")).lower()
        if charset not in ("utf-8", "utf8", "us-ascii"):
            raise self._damaged(f"is in {shortened(charset)}, not in UTF-8")
        return found

    def _damaged(self, what: str, remedy: str = "") -> RemoteError:
        return RemoteError(
            f"the answer of {self.url} {what}",
            remedy=remedy or "nothing of it is used; try again, or tell its keeper",
        )

    def _declined(self, reply: Reply) -> KgError:
        """Give the error for any status but 200."""
        status, said = reply.status, _said(reply)
        if status in (400, 413, 414):
            return QueryError(f"{self.url} refuses the query{said or f' ({status})'}")
        what, remedy = f"answered with status {status}{said}", "try again later, or tell its keeper"
        if 300 <= status < 400 and (location := reply.headers.get("Location")):
            target = shortened(urljoin(self.url, location))
            what, remedy = f"sends on to {target}", "redirects are not followed; ask there if you trust it"
        elif status in (401, 403, 407):
            what = f"does not let you in ({status}){said}"
            remedy = f"name a user in the address (https://user@host/…) and set {PASSWORD}"
        elif status in (404, 405, 410):
            what, remedy = f"is no SPARQL endpoint ({status})", "it often ends in /sparql or /query"
        elif status in (429, 503):
            what, remedy = f"has no time now ({status}){said}", _later(reply.headers.get("Retry-After", ""))
        after = _seconds(reply.headers.get("Retry-After", ""))
        return RemoteError(f"{self.url} {what}", status=status, retry_after=after, remedy=remedy)


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper, which writes the request; the exchange is ours. No parameters but those of the protocol are sent."""

    def __init__(self, address: Address, limits: Limits, authorizer: Authorizer) -> None:
        super().__init__(address.url, agent=_AGENT)
        self.setOnlyConneg(True)
        self._limits = limits
        self._authorizer = authorizer

    def _query(self) -> tuple[Reply, str]:  # type: ignore[override]
        request: Request = self._createRequest()
        if self.requestMethod == POSTDIRECTLY:
            request.full_url = self.endpoint  # it writes a question mark with nothing after it
        elif "?" in self.endpoint or len(request.full_url) > LONGEST:
            self.setMethod(POST)
            request = self._createRequest()
        return send(request, self._limits, self.endpoint, self._authorizer), self.returnFormat


def send(request: Request, limits: Limits, url: str, authorizer: Authorizer) -> Reply:
    """Send *request* as *authorizer* signs it, and once more where the endpoint asks for that; raises as :func:`exchange` does."""
    tried: list[str] = []
    while True:
        tried.append(authorizer.sign(request))
        reply = exchange(request, limits, url)
        if not authorizer.asks_again(reply, tried):
            return reply


def _said(reply: Reply) -> str:
    """Give what the endpoint says of its refusal, in one line that begins with a colon; nothing of a web page."""
    if reply.headers.get_content_type() not in ("text/plain", "application/json"):
        return ""
    text = shortened(reply.body.decode("utf-8", "replace"))
    return f": {text}" if text else ""


def _seconds(after: str) -> float:
    """Give the seconds that Retry-After asks to wait (RFC 9110, section 10.2.3), 0 where it says nothing that can be read."""
    if after.isdecimal() and len(after) < 8:
        return float(after)
    try:
        return max(0.0, (parsedate_to_datetime(after).astimezone(UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return 0.0


def _later(after: str) -> str:
    """Give the remedy for Retry-After (RFC 9110, section 10.2.3): seconds, or a date."""
    if after.isdecimal() and len(after) < 8:
        return f"try again in {int(after)} seconds"
    try:
        return f"try again after {parsedate_to_datetime(after).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError):
        return "try again later"
