"""A real browser on the real collection, and every kind of page to open in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from browser_pages import ADDRESSES, Seen
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import collection
import kg
import running
import suites

QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip
"""What keeps Chromium from looking for its maker."""


@pytest.fixture(scope="session")
def archive() -> kg.Archive:
    """The real collection."""
    return kg.open(collection.built())


@pytest.fixture(scope="session")
def url(archive: kg.Archive) -> Iterator[str]:
    """The address of a server of the real collection."""
    with running.serving(archive) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one module: as long as Playwright is there an event loop runs in this thread, and no test with one of its own can."""
    program = suites.require("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=["--no-sandbox", *QUIET])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def contexts(browser: Browser, url: str) -> Iterator[Callable[..., BrowserContext]]:
    """What gives a window of a size and with options, each made once: a page is cheap, a window is not."""
    made: dict[tuple[object, ...], BrowserContext] = {}

    def give(width: int = 1280, **options: Any) -> BrowserContext:
        key = (width, *sorted(options.items()))
        if key not in made:
            made[key] = browser.new_context(base_url=url, viewport={"width": width, "height": 900}, **options)
        return made[key]

    yield give
    for context in made.values():
        context.close()


@pytest.fixture
def window(contexts: Callable[..., BrowserContext]) -> Iterator[Callable[..., BrowserContext]]:
    """What gives a window; the pages that a test opened in it are closed after it."""
    used: list[tuple[BrowserContext, list[Page]]] = []

    def give(width: int = 1280, **options: Any) -> BrowserContext:
        context = contexts(width, **options)
        used.append((context, context.pages))
        return context

    yield give
    for context, before in used:
        for page in context.pages:
            if page not in before:
                page.close()


@dataclass(frozen=True)
class Opened:
    """A page that was opened once, wide and light, for all tests of its address."""

    page: Page
    status: int
    seen: Seen

    def at(self, width: int = 1280, scheme: Literal["light", "dark"] = "light") -> Page:
        """Give the page in a window of *width* and in the colours of *scheme*."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=scheme)
        return self.page


@pytest.fixture(scope="module", params=ADDRESSES)
def name(request: pytest.FixtureRequest) -> str:
    """Each of the addresses in turn, with all tests of it."""
    return str(request.param)


@pytest.fixture(scope="module")
def opened(name: str, contexts: Callable[..., BrowserContext]) -> Iterator[Opened]:
    """The page of an address; a test leaves nothing in it that the next could see."""
    seen = Seen()
    page = seen.watch(contexts(1280, color_scheme="light").new_page())
    answer = page.goto(ADDRESSES[name])
    assert answer is not None
    yield Opened(page, answer.status, seen)
    page.close()
