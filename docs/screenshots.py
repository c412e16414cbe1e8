"""Write docs/screenshots/: eight pages of the collection, wide, narrow and in the dark, as Chromium shows them.

``make screenshots`` runs it on the release that ``kg build`` wrote. Pages are cut at the height of a window, as a reader meets them.
Fonts are those of the machine; the pictures in the repository were made with Noto (Debian's fonts-noto-core).
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from playwright.sync_api import sync_playwright  # noqa: E402

import kg  # noqa: E402
import running  # noqa: E402

PAGES: Final = {
    "home": "/",
    "event": "/event/baku-1990-01",
    "figures": "/event/baku-1990-01/claims/deaths",
    "claim": "/claim/asbarez-c02-s2-01",
    "photograph": "/photo/asbarez-12",
    "timeline": "/timeline",
    "search": "/search?q=%D0%9C%D1%83%D1%81%D0%B5%D1%81%D0%BE%D0%B2%D0%B0",
    "query": "/queries/claims-by-measure?event=baku-1990-01&measure=deaths",
}
VIEWS: Final = {"wide": (1280, 1120, "light"), "narrow": (360, 780, "light"), "dark": (1280, 1120, "dark")}
PLACE: Final = ROOT / "docs" / "screenshots"


def main() -> None:
    """Write all pictures anew."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        raise SystemExit("Chromium is needed: apt-get install chromium")
    PLACE.mkdir(exist_ok=True)
    with running.serving(kg.open(ROOT / "build")) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for view, (width, height, scheme) in VIEWS.items():
            context = browser.new_context(
                base_url=url,
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            page = context.new_page()
            for name, path in PAGES.items():
                answer = page.goto(path)
                if answer is None or not answer.ok:
                    raise SystemExit(f"{path} is not there")
                page.screenshot(path=PLACE / f"{name}-{view}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
