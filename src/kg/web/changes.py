"""``/changes``: what has become of a resource, or of rows that were cited, since a release that is kept; without a question, a form.

For a resource the kept release is opened for the one comparison and closed after it. Rows (of a question, a query, a comparison, a list) are
asked of both releases as a client would ask for them, with its budget and within all limits. What has been taken back is 410 with the
day and the reason, and nothing else; a release that still holds it is not opened at all (:mod:`kg.web.shelf`).
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
from kg.pages.pages import ROWS, Pages
from kg.rows import Rows
from kg.web.changed_rows import Found, both
from kg.web.meant import Meant, meaning
from kg.web.origin import origin
from kg.web.parameters import in_address
from kg.web.place import Place
from kg.web.representations import represent
from kg.web.versions import prefix

DEADLINE: Final = 30.0
"""Seconds that a comparison may take, most of which are for opening the release."""
WAIT: Final = 10.0
"""Seconds that one waits for another that is under way."""
_LISTED: Final = 20
_CARE: Final = {"X-Robots-Tag": "noindex"}


class Changes:
    """The comparisons of *pages*' archive with the other releases that are kept at its *place*, if there are any."""

    def __init__(self, pages: Pages, place: Place) -> None:
        self._pages = pages
        self._shelf = place.shelf
        self._release = place.release

    def routes(self) -> list[Route]:
        """Give the routes."""
        return [Route(CHANGES, self.endpoint), Route(f"{CHANGES}.{{suffix}}", self.endpoint)]

    async def endpoint(self, request: Request) -> Response:
        """Give the comparison that is asked for, or what can be asked."""
        given = dict(in_address(request))
        since = given.get("since", "").strip()
        meant = await run_in_threadpool(
            meaning, given.get("iri", ""), self._pages, origin(request.scope, self._pages.addresses)
        )
        since = since or meant.since
        if since and not meant.text:
            raise QueryError(
                "the parameter iri is missing", remedy="write /changes?iri=<IRI>&since=<release>"
            )
        if since and meant.path:
            return await run_in_threadpool(
                self._response, request, meant, await self._rows(request, meant, since)
            )
        change = await self._compared(meant.iri, since) if since else None
        return await run_in_threadpool(self._response, request, meant, change)

    async def _rows(self, request: Request, meant: Meant, since: str) -> Found:
        """Give the rows that are meant as both releases have them. Raises NotFound where there is no such release, and what they answer."""
        now = self._pages.archive.manifest.id
        if self._release is None or self._shelf is None or since not in self._shelf.ids:
            raise await run_in_threadpool(self._missing, since)
        return await both(request.scope, meant, await self._release(since), await self._release(now))

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
        """Give the comparison of the current release with *since*. Raises NotFound for one that is not kept."""
        now = self._pages.archive
        if since == now.manifest.id:
            return changes(now, now, iri)
        if self._shelf is None or since not in self._shelf.ids:
            raise self._missing(since)
        with self._shelf.lent(since, WAIT) as before:
            return changes(before, now, iri)

    def _missing(self, since: str) -> NotFound:
        """Give the error for a release that is not kept, which lists those that are."""
        kept = [each.id for each in self._kept()][:_LISTED]
        remedy = (
            f"there are {', '.join(kept)}"
            if kept
            else "this server keeps no other release than the current one"
        )
        return NotFound(f"the release {since[:40]!r} is not kept here", remedy=remedy)

    def _kept(self) -> list[Manifest]:
        """Give the manifests of the releases that the current one can be compared with, the one built last first."""
        kept = self._shelf.kept() if self._shelf is not None else []
        return [each for each in kept if each.id != self._pages.archive.manifest.id]

    def _response(self, request: Request, meant: Meant, found: Change | Found | None) -> Response:
        kept = self._kept()

        def summary() -> dict[str, Any]:
            if found is None:
                return {"releases": [_release(each) for each in kept]}
            return self._summary(found) if isinstance(found, Change) else self._told(found)

        writers = {
            JSON: lambda: as_json(summary()),
            HTML: lambda: self._page(meant, found, kept).encode(),
        }
        answer = represent(request, CHANGES, request.path_params.get("suffix", ""), writers, headers=_CARE)
        if isinstance(found, Change) and found.state == "taken back":
            answer.status_code = 410
        return answer

    def _page(self, meant: Meant, found: Change | Found | None, kept: list[Manifest]) -> str:
        since = "" if found is None else found.since if isinstance(found, Change) else found.table.since
        asked = {"iri": meant.text, "since": since}
        again = "".join(f"{urlencode({name: value})}&" for name, value in asked.items() if value)
        shown: dict[str, Any] = {"change": found if isinstance(found, Change) else None, "table": None}
        if isinstance(found, Found):
            shown |= {"table": found.table, "removed": found.removed(ROWS), "added": found.added(ROWS)}
        return self._pages.render(
            "changes.html", iri=meant.text, since=since, releases=kept, kept=again, **shown
        )

    def _told(self, found: Found) -> dict[str, Any]:
        """Give what has become of rows as JSON."""
        table = found.table
        rows = {
            name: Rows.of(table.columns, cells, self._pages.archive.base).to_json()
            for name, cells in (("added", table.added), ("removed", table.removed))
        }
        return {
            "address": table.address,
            "since": table.since,
            "now": table.now,
            "state": table.state,
            "verdict": table.verdict,
            "sentences": list(table.sentences),
            "complete": not table.limits,
            "limits": list(table.limits),
            "columns": list(table.columns),
            "same": table.same,
            **rows,
            "veiled": {"added": table.veiled_added, "removed": table.veiled_removed},
            "href": {"since": f"{prefix(table.since)}{table.address}", "now": table.address},
        }

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
