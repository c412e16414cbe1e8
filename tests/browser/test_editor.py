"""The editor of the query page, in Chromium: by keyboard, without a complaint of the browser, and without leaving the origin."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

import running
from kg.names import KG
from kg.pages.assets import assets

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("browser")]

UNHEARD = 200  # ms; a list that has just opened takes no key for its first 75, lest one typed on chooses
WRONG = f"PREFIX kg: <{KG}>\nSELECT ?c\nWHER {{ ?c a kg:Claim }}"


@pytest.fixture
def complaints() -> list[str]:
    """What the browser wrote to its console, and what it asked elsewhere."""
    return []


@pytest.fixture
def page(browser: Browser, url: str, complaints: list[str]) -> Iterator[Page]:
    if not any(asset.name == "editor.js" for asset in assets()):
        pytest.skip("the editor is not bundled: make does so where there is npm")
    context = browser.new_context(base_url=url, viewport={"width": 1000, "height": 900})
    page = context.new_page()

    def heard(message: ConsoleMessage) -> None:
        if "status of 400" not in message.text:  # the page of a query that is wrong
            complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith(f"{url}/") else complaints.append(request.url),
    )
    yield page
    context.close()
    assert complaints == []


def test_a_query_is_written_and_run_by_keyboard(page: Page) -> None:
    page.goto("/sparql")
    editor = page.get_by_role("textbox", name="Query, in SPARQL")
    assert editor.is_visible()
    assert page.locator("textarea").is_hidden()
    for _ in range(30):
        page.keyboard.press("Tab")
        if editor.evaluate("element => element.getRootNode().activeElement === element"):
            break
    page.keyboard.press("Control+A")
    page.keyboard.type("ASK { ?s ?p ?o }")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sparql?query=ASK*")
    assert page.locator(".result").inner_text().split()[:2] == ["Answer", "yes"]


def test_tab_leads_on_and_back(page: Page) -> None:
    page.goto("/sparql")
    editor = page.get_by_role("textbox", name="Query, in SPARQL")
    editor.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"
    page.keyboard.press("Shift+Tab")
    assert editor.evaluate("element => element.getRootNode().activeElement === element")


def test_a_term_is_offered_and_brings_its_prefix(page: Page) -> None:
    page.goto("/sparql")
    page.get_by_role("textbox", name="Query, in SPARQL").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("SELECT ?claim { ?claim a kg:Quant")
    page.get_by_role("option", name="kg:QuantityClaim").wait_for()
    page.wait_for_timeout(UNHEARD)
    page.keyboard.press("Enter")
    page.keyboard.type(" }")
    page.keyboard.press("Escape")
    written = page.locator("textarea").input_value()
    assert written == f"PREFIX kg: <{KG}>\nSELECT ?claim {{ ?claim a kg:QuantityClaim }}"
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sparql?query=*")
    assert page.locator("table.answer tbody tr").count() > 10


def test_the_place_of_a_fault_is_marked(page: Page) -> None:
    page.goto(f"/sparql?query={quote(WRONG)}")
    assert page.locator(".cm-lintRange-error").inner_text() == "WHER"
    assert page.locator("ol.source mark").inner_text() == "WHER"  # as for those without scripts
    assert "did you mean WHERE?" in page.locator(".problem").inner_text()


def test_a_long_query_is_sent_in_the_body(page: Page) -> None:
    page.goto("/sparql")
    editor = page.get_by_role("textbox", name="Query, in SPARQL")
    editor.focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(f"ASK {{}} # {'x' * 40_000}")
    page.keyboard.press("Control+Enter")
    page.locator(".result").wait_for()
    assert page.url.endswith("/sparql")
    assert "too long for an address" in page.locator(".result").inner_text()


def test_it_wears_the_colours_of_the_page(page: Page) -> None:
    """Its styles reach it though the policy forbids what is inline, in the light and in the dark."""
    colours = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto("/sparql")
        shown = page.evaluate(
            """() => { const e = document.querySelector(".editor").shadowRoot.querySelector(".cm-editor")
            const style = getComputedStyle(e); return [style.backgroundColor, style.color, style.display] }"""
        )
        assert shown[2] == "flex"
        colours.add(tuple(shown))
    assert len(colours) == 2


def test_without_scripts_the_form_is_whole(browser: Browser, url: str) -> None:
    context = browser.new_context(base_url=url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sparql")
    page.get_by_label("Query").fill(WRONG)
    page.get_by_role("button", name="Run").click()
    assert page.locator("ol.source mark").inner_text() == "WHER"
    assert page.locator("ol.source li.wrong").get_attribute("value") == "3"
    assert page.get_by_label("Query").input_value() == WRONG
    assert page.get_by_text("runs it").is_hidden()
    context.close()


def test_the_script_is_an_asset_of_the_server(url: str) -> None:
    if not any(asset.name == "editor.js" for asset in assets()):
        pytest.skip("the editor is not bundled: make does so where there is npm")
    answer = httpx.get(f"{url}/static/editor.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    again = httpx.get(f"{url}/static/editor.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert "Permission is hereby granted" in answer.text  # the licence goes with the code
    page = httpx.get(f"{url}/sparql", headers={"Accept": running.BROWSER})
    assert 'src="/static/editor.js"' in page.text
