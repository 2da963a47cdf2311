"""The page in a real browser: nothing fetched, nothing cut off, light and dark, on paper.

Needs Debian's chromium and Playwright's Python package; MULTIHOME_SCREENSHOTS names a folder
for pictures that a person would like to look at.
"""

import os
import shutil
from pathlib import Path

import pytest

from multihome.report import html

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.slow
WIDTHS = {"desktop": 1100, "phone": 390}


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def page_url(run, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "run.html"
    path.write_text(html.to_html(run), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_and_fetches_nothing(browser, page_url, scheme, width):
    page = browser.new_page(viewport={"width": WIDTHS[width], "height": 900}, color_scheme=scheme)
    fetched, complaints = [], []
    page.on("request", lambda request: fetched.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(page_url)
    assert fetched == [page_url]
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]
    assert page.locator(".verdict strong").is_visible()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(251, 251, 249)"
    assert dark == (scheme == "dark")
    if folder := os.environ.get("MULTIHOME_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"report-{width}-{scheme}.png", full_page=True)
    page.close()


def test_the_page_prints(browser, page_url):
    page = browser.new_page()
    page.goto(page_url)
    assert page.pdf().startswith(b"%PDF")
    page.close()
