"""The store that a release is sent to: each request patiently, since whoever serves millions of statements is busy at times."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar
from urllib.parse import urlsplit

import pyoxigraph as ox

from kg.errors import KgError, QueryError, QueryTimeout, RemoteError, StoreError
from kg.store.limits import Limits
from kg.store.remote.address import Address, is_loopback
from kg.store.remote.credentials import Credentials
from kg.store.remote.endpoint import Endpoint
from kg.store.remote.standing import QUERY, Standing, read
from kg.store.solutions import Solutions
from kg.transfer import wording
from kg.transfer.shipment import Batch

USER, PASSWORD, TOKEN = "KG_PUSH_USER", "KG_PUSH_PASSWORD", "KG_PUSH_TOKEN"
"""The environment variables with the user and the password, or the token, of whoever may write."""
TIMEOUT: Final = 600.0
"""Seconds for one request: to copy the graphs of ten million statements takes a store minutes."""

_BUSY: Final = (429, 502, 503, 504)
_REFUSING: Final = (400, 413, 422, 500)
"""A smaller request might be taken: it was understood, and declined for what it holds."""
_TOO_LONG: Final = 300.0
"""Seconds beyond which nobody waits, whatever Retry-After says."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Access:
    """The addresses of a store: for queries, for updates, and where it has one for its graph store; and who asks."""

    endpoint: str
    update: str = ""
    graph_store: str = ""
    credentials: Credentials = field(default_factory=Credentials, repr=False)

    @classmethod
    def of(
        cls,
        endpoint: str,
        update: str = "",
        graph_store: str = "",
        environment: Mapping[str, str] = os.environ,
    ) -> Access:
        """Give the access to these addresses with what *environment* says of the one who asks.

        Raises StoreError for an address that is none, has a user or a password in it, or would have either sent in the clear.
        """
        user, password, token = (environment.get(name, "") for name in (USER, PASSWORD, TOKEN))
        if bool(user) != bool(password) or (user and token):
            raise StoreError(
                f"who writes is told by {USER} and {PASSWORD}, or by {TOKEN} alone",
                remedy="set both, or only the last",
            )
        credentials = Credentials(user, password, token)
        for text in filter(None, (endpoint, update, graph_store)):
            if "@" in text.partition("://")[2].partition("/")[0]:
                raise StoreError(
                    "an address with a user or a password in it stands in the history of the terminal and in the list of processes",
                    remedy=f"leave it out, and set {USER} and {PASSWORD}",
                )
            url = Address.read(text).url
            if credentials and url.startswith("http://") and not is_loopback(urlsplit(url).hostname or ""):
                raise StoreError(
                    f"the password or token for {url} would be sent in the clear", remedy="use https"
                )
        return cls(endpoint, update or endpoint, graph_store, credentials)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is sent again, and how long is waited: *first* seconds, then twice as long each time, up to *most*.

    The wait is between half of that and the whole, at random, so that several who wait do not come back together.
    """

    tries: int = 8
    first: float = 0.5
    most: float = 30.0
    sleep: Callable[[float], None] = time.sleep

    def wait(self, number: int, asked: float = 0.0) -> None:
        """Wait before the try after the one of *number*, and as long as the store *asked* for."""
        most = min(self.most, self.first * 2.0**number)
        self.sleep(max(asked, most * random.uniform(0.5, 1.0)))  # noqa: S311


class Target:
    """The store at *access*; what it has no time for is asked again with *patience*."""

    def __init__(self, access: Access, patience: Patience | None = None, timeout: float = TIMEOUT) -> None:
        limits = Limits(timeout=timeout)
        self.url = Address.read(access.endpoint).url
        self._patience = patience or Patience()
        self._reached = False
        self._queries, self._updates = (
            Endpoint(Address.read(text), limits, access.credentials)
            for text in (access.endpoint, access.update)
        )
        self._graphs = (
            Endpoint(Address.read(access.graph_store), limits, access.credentials)
            if access.graph_store
            else None
        )
        self.waits = 0
        """How often it has been asked again."""

    def records(self) -> list[Standing]:
        """Give what ``kg push`` wrote there of itself."""
        answer = self._patiently(lambda: self._queries.ask(QUERY, "SELECT"))
        return read(answer.rows) if isinstance(answer, Solutions) else []

    def count(self, graph: str) -> int:
        """Give the number of statements in *graph*."""
        answer = self._patiently(lambda: self._queries.ask(wording.counted(graph), "SELECT"))
        if isinstance(answer, Solutions) and len(answer.rows) == 1:
            (term, *_) = answer.rows[0]
            if isinstance(term, ox.Literal) and term.value.isdecimal():
                return int(term.value)
        raise RemoteError(f"the answer of {self.url} holds no number where one was asked for")

    def update(self, *texts: str) -> None:
        """Have *texts* done, in one request. Each has to be such that it may be done twice: an answer can be lost."""
        self._patiently(lambda: self._updates.update(" ;\n".join(filter(None, texts))))

    def insert(self, batch: Batch, staged: Mapping[str, str], after: str) -> None:
        """Add *batch* to the graphs that *staged* names, then do the update *after*.

        What the store refuses whole is sent in halves, down to the statement that it does not take. Raises StoreError for that one.
        """
        try:
            if self._graphs is None:
                self.update(wording.insertion(batch, staged), after)
            else:
                for graph, lines in batch.graphs.items():
                    self._post(staged[graph], wording.triples(lines))
                self.update(after)
        except RemoteError as error:
            if error.status not in _REFUSING:
                raise
            if batch.size == 1:
                raise _untaken(self.url, batch, error) from error
            first, second = batch.halves()
            self.insert(first, staged, "")
            self.insert(second, staged, after)

    def _post(self, graph: str, body: bytes) -> None:
        store = self._graphs
        assert store is not None  # noqa: S101
        self._patiently(lambda: store.post(graph, body, "application/n-triples"))

    def _patiently(self, ask: Callable[[], _T]) -> _T:
        """Give what *ask* gives, asked again while the store has no time or cannot be reached; the first request has to reach it."""
        for number in range(self._patience.tries):
            try:
                found = ask()
            except (RemoteError, QueryTimeout) as error:
                last = number + 1 == self._patience.tries
                asked = error.retry_after if isinstance(error, RemoteError) else 0.0
                if last or not self._worth_it(error) or asked > _TOO_LONG:
                    if isinstance(error, RemoteError):
                        raise
                    raise _late(error) from TimeoutError()
                self.waits += 1
                self._patience.wait(number, asked)
            except QueryError as error:  # 400: of a transfer the store is asked, and not the user
                raise RemoteError(
                    error.message, status=400, remedy="see that it takes SPARQL 1.1 Update at this address"
                ) from error
            else:
                self._reached = True
                return found
        raise AssertionError  # pragma: no cover

    def _worth_it(self, error: KgError) -> bool:
        if isinstance(error, RemoteError) and error.status:
            return error.status in _BUSY
        return self._reached and (isinstance(error, QueryTimeout) or isinstance(error.__cause__, OSError))


def _late(error: QueryTimeout) -> RemoteError:
    """Give the error of a deadline as one of the network, which a transfer is about."""
    return RemoteError(
        error.message, remedy="the same command goes on where it stopped; --timeout allows more"
    )


def _untaken(url: str, batch: Batch, error: KgError) -> StoreError:
    ((graph, (line,)),) = batch.graphs.items()
    shown = line[:300].decode("utf-8", "replace")
    return StoreError(
        f"{url} does not take this statement of {graph}: {shown} — {error.message}",
        remedy="nothing that can be read was changed; change the statement, or choose a store that takes it",
    )
