"""An address of each kind of page, and what a page does beside showing itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page

ADDRESSES = {
    "home": "/",
    "event": "/event/baku-1990-01",
    "person": "/person/irina-mosesova",
    "observation": "/obs/asbarez-c03-man",
    "group": "/group/asbarez-c05-women",
    "place": "/place/krasnovodsk",
    "organisation": "/org/asbarez",
    "photograph": "/photo/asbarez-12",
    "veiled": "/photo/asbarez-09",
    "caption": "/caption/asbarez-02",
    "publication": "/work/mosesova-armenians-of-baku",
    "source": "/source/asbarez-91953",
    "text": "/text/asbarez-91953-1",
    "passage": "/passage/asbarez-c02-s2",
    "claim": "/claim/asbarez-c02-s2-01",
    "veiled claim": "/claim/asbarez-c09-s3-01",
    "derived claim": "/claim/attest-gathering-sunday",
    "decision": "/decision/baku-1990-01-dates",
    "anomaly": "/anomaly/asbarez-r2-link",
    "concept": "/concept/possibly-living",
    "term": "/resource?iri=https%3A%2F%2Fw3id.org%2Fattest%2Fns%23Claim",
    "questions": "/queries",
    "question": "/queries/claims-by-measure?event=baku-1990-01&measure=deaths",
    "question refused": "/queries/claims-by-measure?event=nowhere",
    "sparql": "/sparql",
    "sparql answered": "/sparql?query=SELECT%20%2A%20%7B%20%3Fs%20a%20%3Fo%20%7D%20LIMIT%205",
    "sparql refused": "/sparql?query=SELECT%20%2A%20%7B",
    "downloads": "/download/",
    "dataset": "/dataset",
    "terms": "/ns",
    "rules": "/shapes",
    "prefixes": "/prefixes",
    "method": "/method",
    "naming": "/naming",
    "privacy": "/privacy",
    "citing": "/citing",
    "unknown": "/unknown",
    "comparison": "/event/baku-1990-01/claims/deaths",
    "comparison filtered": "/event/baku-1990-01/claims/deaths?as-of=1990-01-16&origin=independent",
    "measures": "/event/baku-1990-01/claims",
    "event as known": "/event/baku-1990-01?as-of=1990-01-16",
    "timeline": "/timeline",
    "timeline as known": "/timeline?as-of=1990-01-16",
    "map": "/map",
    "map of an event": "/map?event=baku-1990-01",
    "search": "/search?q=%D0%9C%D1%83%D1%81%D0%B5%D1%81%D0%BE%D0%B2%D0%B0",
    "search missed": "/search?q=Xyzzyq",
    "lists": "/list",
    "photographs": "/photographs?shows=baku",
    "people": "/people",
    "claims": "/claims?kind=QuantityClaim&as-of=1990-01-16",
    "class": "/list?class=kg:Caption",
    "questions filtered": "/queries?asked-by=historian",
    "changes": "/changes?iri=event:baku-1990-01",
    "nothing": "/nowhere",
    "other names": "/place/baku?lang=ru",
}
"""An address of each kind of page."""


@dataclass
class Seen:
    """What a page did beside showing itself: requests, messages of the console, errors."""

    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> Page:
        """Note what *page* does."""
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda said: self.messages.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.messages.append(f"error: {error}"))
        return page
