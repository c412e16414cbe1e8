"""Every kind of page in a real browser: nothing leaves the origin, nothing is complained of, it fits, and it can be used without a mouse."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from browser_pages import ADDRESSES

import kg
import suites

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("browser")]
REFUSED = {"nothing": 404, "question refused": 404, "sparql refused": 400}
"""The status of pages that are errors."""


@cache
def axe() -> str:
    """Give the source of axe-core, the checker of accessibility."""
    suites.require("node")
    return (suites.ROOT / "tests/node/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def faults(found: list[dict[str, Any]]) -> list[str]:
    """Give what axe found as lines: the rule, what it says, and each place."""
    return [
        f"{rule['id']}: {rule['help']}: " + "; ".join(node["html"][:160] for node in rule["nodes"][:5])
        for rule in found
    ]


OUTLINED = """const outlined = it => { const style = getComputedStyle(it);
  return it !== document.body && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 }"""
NOTED = f"""() => {{ {OUTLINED}
  window.noted = []
  document.addEventListener('keyup', ({{key}}) => {{ if (key !== 'Tab') return
    const it = document.activeElement
    window.noted.push([it.outerHTML.slice(0, 200), outlined(it)]) }}) }}"""
"""Notes after each press of Tab where it led, and whether that is outlined."""
REACHABLE = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(each => each.checkVisibility({visibilityProperty: true}))"""
BARE = f"""() => {{ {OUTLINED}
  return ({REACHABLE})().filter(each => {{ each.focus(); return document.activeElement !== each || !outlined(each) }})
    .map(each => each.outerHTML.slice(0, 200)) }}"""
"""What can be reached and shows no outline when it has the focus."""
PRESSES = 60
"""How often Tab is pressed at most."""


def test_a_page_keeps_to_itself_and_fits(opened: Any, url: str, name: str) -> None:
    page = opened.at(320)
    assert opened.status == REFUSED.get(name, 200)
    assert page.locator("h1").count() == 1
    assert [each for each in opened.seen.requests if not each.startswith((url, "data:"))] == []
    expected = {f"error: Failed to load resource: the server responded with a status of {REFUSED.get(name)}"}
    assert [said for said in opened.seen.messages if said.partition(" (")[0] not in expected] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_every_link_and_field_is_reached_by_keyboard(opened: Any) -> None:
    """The first ones by pressing Tab; all of them show that they have the focus, once keys have been used."""
    page = opened.at(1280)
    page.evaluate(NOTED)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator("a.skip").bounding_box()["x"] >= 0
    presses = min(page.evaluate(f"({REACHABLE})().length"), PRESSES)
    for _ in range(presses - 1):
        page.keyboard.press("Tab")
    noted = page.evaluate("window.noted")
    assert len(noted) == presses
    assert [where for where, outlined in noted if not outlined] == []
    assert page.evaluate(BARE) == []
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


@pytest.mark.needs("node")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Any, scheme: str) -> None:
    page = opened.at(1280 if scheme == "light" else 360, scheme)
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(axe())
    assert faults(page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]) == []


def test_it_says_the_same_without_javascript(opened: Any, window: Any, name: str) -> None:
    page = window(1280, java_script_enabled=False).new_page()
    page.goto(ADDRESSES[name])
    said, plainly = (each.locator("main").inner_text().split() for each in (opened.at(1280), page))
    assert set(plainly) - set(said) == set()
    assert len(plainly) > 3


@pytest.fixture(scope="module")
def hidden(archive: kg.Archive) -> set[str]:
    """The sentences of veiled claims."""
    return {claim.sentence for claim in archive.claims() if claim.veiled}


def test_what_is_veiled_is_not_shown(opened: Any, hidden: set[str]) -> None:
    assert hidden
    page = opened.at(1280)
    shown = " ".join(page.locator("body").inner_text().split())
    assert [sentence for sentence in hidden if sentence in shown] == []
    assert [sentence for sentence in hidden if sentence in page.title()] == []


def test_what_is_veiled_is_shown_when_asked_for(window: Any, archive: kg.Archive) -> None:
    page = window(1280).new_page()
    page.goto(ADDRESSES["veiled claim"])
    page.locator("main summary").first.click()
    assert archive.claim("asbarez-c09-s3-01").words.split()[-1] in page.locator("main").inner_text()


def test_the_skip_link_leads_to_the_content(window: Any) -> None:
    page = window(1280).new_page()
    page.goto("/event/baku-1990-01")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("which", ["home", "event", "claim", "question", "unknown", "comparison", "timeline"])
def test_a_printed_page_has_its_content_and_no_controls(window: Any, which: str) -> None:
    page = window(1280, color_scheme="dark").new_page()
    page.goto(ADDRESSES[which])
    page.emulate_media(media="print", color_scheme="light")
    assert page.locator("h1").is_visible()
    assert not page.locator("header nav").first.is_visible()
    assert not page.locator(".skip").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_page_of_names_in_another_language_is_marked_so(window: Any) -> None:
    page = window(360, locale="ru-RU").new_page()
    page.goto("/place/baku")
    assert page.locator("h1").inner_text() == "Баку"
    assert (
        json.loads(
            page.evaluate("JSON.stringify(document.querySelector('h1 bdi, h1').closest('[lang]').lang)")
        )
        == "ru"
    )
