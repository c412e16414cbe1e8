"""Every kind of page, held against the standard of HTML: without a browser, so beside the tests that need the one there is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import httpx
import pytest
from browser_pages import ADDRESSES

import suites


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
