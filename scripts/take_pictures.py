"""Takes the pictures in ``docs/images/`` from a built site: ``make demo``, then this script.

Needs Chromium. Pages are opened as files, in a window of 1200 x 680, in the light theme, and kept as WebP,
which takes less than PNG.
"""

import base64
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-headless-shell")
FLAGS = ["--no-sandbox", "--disable-gpu"]
IMAGES = ROOT / "docs" / "images"
SIZE = ViewportSize(width=1200, height=680)


def main(site: Path) -> None:
    """Take one picture of each kind of page: the first run's, and its first failure's."""
    pages = {
        "leaderboard": site / "index.html",
        "run": min(site.glob("runs/*/index.html")),
        "compare": min(site.glob("compare/*/index.html")),
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        window = browser.new_context(viewport=SIZE, color_scheme="light").new_page()
        for name, page in pages.items():
            window.goto(page.as_uri(), wait_until="networkidle")
            take(window, name)
        for page in sorted(pages["run"].parent.glob("*/index.html")):
            window.goto(page.as_uri(), wait_until="networkidle")
            # A docstring that the program repeats would put the benchmark's own text into the picture.
            failed = window.locator(".sample.bad", has_text="Failing test", has_not_text='"""').first
            if failed.count():
                failed.evaluate("sample => sample.scrollIntoView({behavior: 'instant'})")
                take(window, "failure")
                break
        browser.close()


def take(window: Page, name: str) -> None:
    """Keep what the window shows. Playwright itself writes no WebP; Chromium does."""
    chromium = window.context.new_cdp_session(window)
    taken = chromium.send("Page.captureScreenshot", {"format": "webp", "quality": 85})
    (IMAGES / f"{name}.webp").write_bytes(base64.b64decode(taken["data"]))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "demo" / "site").resolve())
