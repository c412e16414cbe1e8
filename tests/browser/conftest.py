"""A real browser on the real collection, and every kind of page to open in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browser_pages import Seen
from playwright.sync_api import Browser, BrowserContext, sync_playwright

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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    program = suites.require("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=["--no-sandbox", *QUIET])
        yield browser
        browser.close()


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def window(browser: Browser, url: str) -> Iterator[Any]:
    """What opens a window of a size and a scheme of colours; it is closed after the test."""
    opened: list[BrowserContext] = []

    def make(width: int = 1280, **options: Any) -> BrowserContext:
        context = browser.new_context(base_url=url, viewport={"width": width, "height": 900}, **options)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
