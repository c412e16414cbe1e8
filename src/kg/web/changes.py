"""``/changes``: what has become of a resource since a release that is kept, in sentences; without a question, a form.

The kept release is opened for the one comparison and closed after it. What has been taken back is 410 with the day and the reason, and
nothing else; a release that still holds it is not opened at all (:mod:`kg.web.shelf`).
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

import anyio
from anyio import to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.changes import Change, changes
from kg.errors import NotFound, QueryError, Unavailable
from kg.formats import HTML, JSON, as_json
from kg.manifest import Manifest
from kg.pages.cited import CHANGES
from kg.pages.pages import Pages
from kg.web.parameters import in_address
from kg.web.representations import represent
from kg.web.shelf import Shelf
from kg.web.versions import prefix

DEADLINE: Final = 30.0
"""Seconds that a comparison may take, most of which are for opening the release."""
WAIT: Final = 10.0
"""Seconds that one waits for another that is under way."""
_LISTED: Final = 20
_CARE: Final = {"X-Robots-Tag": "noindex"}


class Changes:
    """The comparisons of *pages*' archive with the other releases of *shelf*, None where there is no other."""

    def __init__(self, pages: Pages, shelf: Shelf | None) -> None:
        self._pages = pages
        self._shelf = shelf

    def routes(self) -> list[Route]:
        """Give the routes."""
        return [Route(CHANGES, self.endpoint), Route(f"{CHANGES}.{{suffix}}", self.endpoint)]

    async def endpoint(self, request: Request) -> Response:
        """Give the comparison that is asked for, or what can be asked."""
        given = dict(in_address(request))
        iri, since = given.get("iri", "").strip(), given.get("since", "").strip()
        if since and not iri:
            raise QueryError(
                "the parameter iri is missing", remedy="write /changes?iri=<IRI>&since=<release>"
            )
        iri = self._pages.archive.base.expand(iri) if iri else ""
        change = await self._compared(iri, since) if since else None
        return await run_in_threadpool(self._response, request, iri, change)

    async def _compared(self, iri: str, since: str) -> Change:
        """Give the comparison, made in a thread. Raises Unavailable where it takes too long; the thread then ends by itself."""
        with anyio.move_on_after(DEADLINE):
            return await to_thread.run_sync(partial(self._change, iri, since), abandon_on_cancel=True)
        raise Unavailable(
            f"this comparison takes more than {DEADLINE:.0f} seconds",
            retry_after=60,
            remedy="try again later, or compare the downloads of both releases",
        )

    def _change(self, iri: str, since: str) -> Change:
        """Give the comparison of the current release with *since*. Raises NotFound for one that is not kept, which lists those that are."""
        now = self._pages.archive
        if since == now.manifest.id:
            return changes(now, now, iri)
        if self._shelf is None or since not in self._shelf.ids:
            kept = [each.id for each in self._kept()][:_LISTED]
            remedy = (
                f"there are {', '.join(kept)}"
                if kept
                else "this server keeps no other release than the current one"
            )
            raise NotFound(f"the release {since[:40]!r} is not kept here", remedy=remedy)
        with self._shelf.lent(since, WAIT) as before:
            return changes(before, now, iri)

    def _kept(self) -> list[Manifest]:
        """Give the manifests of the releases that the current one can be compared with, the one built last first."""
        kept = self._shelf.kept() if self._shelf is not None else []
        return [each for each in kept if each.id != self._pages.archive.manifest.id]

    def _response(self, request: Request, iri: str, change: Change | None) -> Response:
        kept = self._kept()
        writers = {
            JSON: lambda: as_json({"releases": [_release(each) for each in kept]} if change is None else self._summary(change)),
            HTML: lambda: self._page(iri, change, kept).encode(),
        }  # fmt: skip
        answer = represent(request, CHANGES, request.path_params.get("suffix", ""), writers, headers=_CARE)
        if change is not None and change.state == "taken back":
            answer.status_code = 410
        return answer

    def _page(self, iri: str, change: Change | None, kept: list[Manifest]) -> str:
        asked = {"iri": iri, "since": change.since if change is not None else ""}
        again = "".join(f"{urlencode({name: value})}&" for name, value in asked.items() if value)
        return self._pages.render("changes.html", iri=iri, change=change, releases=kept, kept=again)

    def _summary(self, change: Change) -> dict[str, Any]:
        at = self._pages.addresses.of
        found = {
            "iri": change.iri,
            "since": change.since,
            "now": change.now,
            "state": change.state,
            "verdict": change.verdict,
            "sentences": list(change.sentences),
        }
        if change.state == "taken back":
            return found | {"reason": change.reason, "date": change.date}
        return found | {
            "label": change.label,
            "was": change.was,
            "veiled": change.veiled,
            "complete": not change.limits,
            "limits": list(change.limits),
            "added": list(change.added),
            "removed": list(change.removed),
            "claims": [
                {
                    "iri": claim.iri,
                    "fate": claim.fate,
                    "sentence": claim.sentence,
                    "was": claim.was,
                    "said_by": claim.said_by,
                    "added": list(claim.added),
                    "removed": list(claim.removed),
                    "veiled": claim.veiled,
                    "reason": claim.reason,
                    "date": claim.date,
                }
                for claim in change.claims
            ],
            "href": {"since": f"{prefix(change.since)}{at(change.iri)}", "now": at(change.iri)},
        }


def _release(release: Manifest) -> dict[str, str]:
    return {"id": release.id, "edition": release.version, "date": release.date}
