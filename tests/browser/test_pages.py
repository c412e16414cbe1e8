"""Every kind of page in a real browser: nothing leaves the origin, nothing is complained of, it fits, and it can be used without a mouse."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser_pages import ADDRESSES, Seen

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


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_keeps_to_itself_and_fits(window: Any, url: str, seen: Seen, name: str) -> None:
    page = seen.watch(window(320).new_page())
    answer = page.goto(ADDRESSES[name])
    assert answer is not None
    assert answer.status == REFUSED.get(name, 200)
    assert page.locator("h1").count() == 1
    assert [each for each in seen.requests if not each.startswith((url, "data:"))] == []
    expected = {f"error: Failed to load resource: the server responded with a status of {REFUSED.get(name)}"}
    assert [said for said in seen.messages if said.partition(" (")[0] not in expected] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.needs("node")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ADDRESSES)
def test_axe_finds_nothing(window: Any, name: str, scheme: str) -> None:
    page = window(1280 if scheme == "light" else 360, color_scheme=scheme).new_page()
    page.goto(ADDRESSES[name])
    page.evaluate(axe())
    assert faults(page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]) == []


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_link_and_field_is_reached_by_keyboard(window: Any, name: str) -> None:
    page = window(1280).new_page()
    page.goto(ADDRESSES[name])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator("a.skip").bounding_box()["x"] >= 0
    reachable = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex=\"0\"]')]"
        ".filter(each => each.checkVisibility({visibilityProperty: true})).length"
    )
    presses = min(reachable, 60)
    for _ in range(presses - 1):
        page.keyboard.press("Tab")
        outlined = page.evaluate(
            "(() => { const it = document.activeElement; if (it === document.body) return false;"
            " const style = getComputedStyle(it); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 })()"
        )
        assert outlined, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_the_skip_link_leads_to_the_content(window: Any) -> None:
    page = window(1280).new_page()
    page.goto("/event/baku-1990-01")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("name", ADDRESSES)
def test_it_says_the_same_without_javascript(window: Any, name: str) -> None:
    said = []
    for enabled in (True, False):
        page = window(1280, java_script_enabled=enabled).new_page()
        page.goto(ADDRESSES[name])
        said.append(page.locator("main").inner_text().split())
    assert set(said[1]) - set(said[0]) == set()
    assert len(said[1]) > 3


@pytest.mark.needs("node")
def test_the_html_is_valid(url: str, tmp_path: Path) -> None:
    """By html-validate, with its standard rules."""
    for name, path in ADDRESSES.items():
        page = httpx.get(f"{url}{path}", headers={"Accept": "text/html"}, timeout=60)
        (tmp_path / f"{name.replace(' ', '-')}.html").write_bytes(page.content)
    rules = tmp_path / ".htmlvalidate.json"
    rules.write_text('{"root": true, "extends": ["html-validate:standard"], "elements": ["html5"]}')
    program = suites.ROOT / "tests/node/node_modules/html-validate/bin/html-validate.mjs"
    files = sorted(map(str, tmp_path.glob("*.html")))
    assert len(files) == len(ADDRESSES)
    command = [
        str(suites.require("node")),
        str(program),
        "--config",
        str(rules),
        "--formatter",
        "text",
        *files,
    ]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", timeout=300)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout[:3000] + done.stderr[:500]


@pytest.mark.parametrize("name", ["home", "event", "claim", "question", "unknown", "comparison", "timeline"])
def test_a_printed_page_has_its_content_and_no_controls(window: Any, name: str) -> None:
    page = window(1280, color_scheme="dark").new_page()
    page.goto(ADDRESSES[name])
    page.emulate_media(media="print", color_scheme="light")
    assert page.locator("h1").is_visible()
    assert not page.locator("header nav").first.is_visible()
    assert not page.locator(".skip").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_what_is_veiled_is_not_shown_until_asked_for(window: Any, archive: kg.Archive) -> None:
    hidden = {claim.sentence for claim in archive.claims() if claim.veiled}
    assert hidden
    page = window(1280).new_page()
    for path in ADDRESSES.values():
        page.goto(path)
        shown = " ".join(page.locator("body").inner_text().split())
        assert [sentence for sentence in hidden if sentence in shown] == [], path
        assert [sentence for sentence in hidden if sentence in page.title()] == [], path
    page.goto(ADDRESSES["veiled claim"])
    page.locator("main summary").first.click()
    assert archive.claim("asbarez-c09-s3-01").words.split()[-1] in page.locator("main").inner_text()


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
