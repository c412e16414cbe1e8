"""Every error that Attest raises, as one tree.

::

    KgError
    ├── ProjectError      no kg.toml, or one that cannot be used
    ├── SourceError       a file that cannot be read as RDF (file, line, column)
    ├── EditError         a change of a file that cannot be made as it was asked for
    ├── EvidenceError     a text, passage or digest that cannot be used
    ├── InvalidGraph      the data do not conform (report)
    ├── QueryError        a query or parameter that is not valid
    │   ├── QueryTimeout  it ran past its deadline
    │   ├── QueryTooLarge its answer, or what it took to find it, is over a limit
    │   └── QueryAborted  the process that answered it ended before it had
    ├── Unavailable       too much is asked at once (retry_after)
    ├── NotFound          nothing has that name (suggestions)
    │   └── Gone          it was withdrawn (reason, date)
    ├── NotAcceptable     no format that the client accepts (available)
    └── StoreError        a release or store that cannot be used
        └── RemoteError   a remote endpoint that did not answer as it should (status, retry_after)

Each carries one plain sentence (``str(error)``) and, where there is one, a ``remedy``. HTTP statuses
belong to :mod:`kg.web`, exit codes to :mod:`kg.cli`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from kg.validation import Report


def _place(path: str, line: int, column: int) -> str:
    return path + (f":{line}" if line else "") + (f":{column}" if column else "")


class KgError(Exception):
    """Any error of Attest: a sentence, and a remedy where one is known."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class ProjectError(KgError):
    """There is no usable project here: kg.toml is missing, or says something that it may not.

    ``path`` is the file that says it, ``line`` and ``column`` count from 1; empty and 0 where none is known.
    """

    def __init__(
        self, message: str, *, path: str = "", line: int = 0, column: int = 0, remedy: str = ""
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.path = path
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{_place(self.path, self.line, self.column)}: {self.message}" if self.path else self.message


class SourceError(KgError):
    """A file could not be read as RDF.

    ``path`` is the file, ``line`` and ``column`` count from 1 (0: not known).
    """

    def __init__(
        self, message: str, *, path: Path | str, line: int = 0, column: int = 0, remedy: str = ""
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.path = str(path)
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{_place(self.path, self.line, self.column)}: {self.message}"


class EditError(KgError):
    """A change of a file cannot be made as it was asked for, and the file is as it was."""


class EvidenceError(KgError):
    """A text, a passage or a digest is not what the evidence rules ask for."""


class InvalidGraph(KgError):
    """The data do not conform; ``report`` holds every finding."""

    def __init__(self, message: str, *, report: Report, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.report = report


class QueryError(KgError):
    """A query, or a parameter of one, is not valid; ``line`` and ``column`` where known (else 0)."""

    def __init__(self, message: str, *, line: int = 0, column: int = 0, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.line = line
        self.column = column


class QueryTimeout(QueryError):
    """A query ran past its deadline and was stopped."""


class QueryTooLarge(QueryError):
    """A query's answer is over a limit of rows or bytes, or its evaluation over one of memory; nothing of it is returned."""


class QueryAborted(QueryError):
    """The process that answered a query ended before it had, and nothing of the answer is returned."""


class Unavailable(KgError):
    """Nothing can be asked now, because too much is; ``retry_after`` is the seconds after which to try again."""

    def __init__(self, message: str, *, retry_after: int = 1, remedy: str = "try again later") -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after = retry_after


class NotFound(KgError):
    """Nothing here has that name; ``suggestions`` are the nearest that do."""

    def __init__(self, message: str, *, suggestions: tuple[str, ...] = (), remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.suggestions = suggestions


class Gone(NotFound):
    """The resource was withdrawn; ``reason`` and ``date`` say why and when."""

    def __init__(self, message: str, *, reason: str, date: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.date = date


class NotAcceptable(KgError):
    """No format that the client accepts exists; ``available`` lists those that do."""

    def __init__(self, message: str, *, available: tuple[str, ...]) -> None:
        super().__init__(message)
        self.available = available


class StoreError(KgError):
    """A release or its store is absent, damaged or of another format version."""


class RemoteError(StoreError):
    """A remote endpoint did not answer as the SPARQL 1.1 Protocol says.

    ``status`` is the HTTP status with which it declined; 0 where it gave none, or gave 200 and an answer that is unusable.
    ``retry_after`` is the seconds after which it wants to be asked again, 0 where it does not say.
    """

    def __init__(self, message: str, *, status: int = 0, retry_after: float = 0.0, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.status = status
        self.retry_after = retry_after
