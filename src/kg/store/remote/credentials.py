"""Who asks: HTTP Basic (RFC 7617), Digest (RFC 7616) and Bearer (RFC 6750), as an endpoint asks for them.

Nothing here is shown in a message, an address or a log: user, password and token leave in the field Authorization alone.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from urllib.error import URLError
from urllib.request import (
    AbstractDigestAuthHandler,
    HTTPPasswordMgr,
    Request,
    parse_http_list,
    parse_keqv_list,
)

from kg.store.remote.exchange import Reply


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user with a password, or a token; all empty for nobody. With *eager* Basic is sent before anybody asks for it."""

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    eager: bool = False

    def __bool__(self) -> bool:
        return bool(self.user or self.token)


class Authorizer:
    """Signs the requests to one endpoint by *credentials*, in the scheme that it asked for last."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._scheme = "bearer" if credentials.token else "basic" if credentials.eager else ""
        self._challenge: dict[str, str] = {}
        self._digest = AbstractDigestAuthHandler(_Known(credentials))

    def sign(self, request: Request) -> str:
        """Put the field Authorization into *request*, or take it out; give the name of the scheme, empty for none."""
        request.remove_header("Authorization")
        if (field := self._field(request)) is not None:
            request.add_unredirected_header("Authorization", field)
        return self._scheme if self._credentials else ""

    def asks_again(self, reply: Reply, tried: list[str]) -> bool:
        """Tell whether to send once more what was answered with *reply* after the schemes *tried*, in order, this one at the end."""
        if reply.status != 401 or not self._credentials.user or self._credentials.token or len(tried) > 3:
            return False
        if (challenge := _challenge(reply)) is not None:
            if (
                "digest" in tried[1:] or tried.count("digest") > 1
            ):  # a fresh challenge was answered, and not taken
                return False
            self._scheme, self._challenge = "digest", challenge
            return True
        if "basic" not in tried:
            self._scheme = "basic"
            return True
        if tried == ["basic"]:  # some ask for Digest only where nothing was sent
            self._scheme = ""
            return True
        return False

    def _field(self, request: Request) -> str | None:
        given = self._credentials
        if self._scheme == "bearer":
            return f"Bearer {given.token}"
        if self._scheme == "basic" and given.user:
            return "Basic " + base64.b64encode(f"{given.user}:{given.password}".encode()).decode("ascii")
        if self._scheme == "digest":
            try:
                answer = self._digest.get_authorization(request, self._challenge)
            except (URLError, ValueError, KeyError):  # an algorithm or a protection that Python has not
                return None
            return f"Digest {answer}" if answer else None
        return None


class _Known(HTTPPasswordMgr):
    """The one user of an endpoint, whatever it calls its realm."""

    def __init__(self, credentials: Credentials) -> None:
        super().__init__()
        self._known = (credentials.user, credentials.password)

    def find_user_password(self, realm: str | None, authuri: str) -> tuple[str | None, str | None]:
        """Give user and password."""
        return self._known


def _challenge(reply: Reply) -> dict[str, str] | None:
    """Give the parameters of the Digest that *reply* asks for, None where it asks for none."""
    for value in reply.headers.get_all("WWW-Authenticate") or []:
        scheme, _, rest = value.strip().partition(" ")
        if scheme.lower() == "digest":
            return parse_keqv_list(list(filter(None, parse_http_list(rest))))
    return None
