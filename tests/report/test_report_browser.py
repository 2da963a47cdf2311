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
pytestmark = pytest.mark.browser
WIDTHS = {"desktop": 1280, "phone": 390}


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
    assert page.locator("figure").count() == page.locator("figure svg:visible").count() > 0
    aside = "[...document.querySelectorAll('figure')].map(one => one.scrollWidth - one.clientWidth)"
    assert max(page.evaluate(aside)) <= 0
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(251, 251, 249)"
    assert dark == (scheme == "dark")
    if folder := os.environ.get("MULTIHOME_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"report-{width}-{scheme}.png", full_page=True)
    page.close()


SPILLED = """[...document.querySelectorAll('figure svg g')].flatMap(group => {
  const box = group.querySelector(':scope > rect');
  if (!box || !box.getClientRects().length) return [];
  const outer = box.getBoundingClientRect();
  return [...group.querySelectorAll(':scope > text')].filter(text => {
    const inner = text.getBoundingClientRect();
    return inner.left < outer.left - 1 || inner.right > outer.right + 1
      || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
  }).map(text => text.textContent);
})"""


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_is_wider_than_its_box(browser, page_url, width):
    page = browser.new_page(viewport={"width": WIDTHS[width], "height": 900})
    page.goto(page_url)
    assert page.locator("figure svg text:visible").count() > 10
    assert page.evaluate(SPILLED) == []
    page.close()


def test_rounds_are_side_by_side_on_a_desktop_and_below_each_other_on_a_phone(browser, page_url):
    for width, columns in ((1280, 2), (390, 1)):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(page_url)
        lefts = page.evaluate(
            "[...document.querySelectorAll('figure')].map(one => one.getBoundingClientRect().left)"
        )
        assert len(set(lefts)) == columns
        page.close()


def test_the_page_prints(browser, page_url):
    page = browser.new_page()
    page.goto(page_url)
    assert page.pdf().startswith(b"%PDF")
    page.close()


def test_on_paper_what_folds_is_a_line_and_the_matrix_is_whole(browser, page_url):
    page = browser.new_page(viewport={"width": 794, "height": 1123})
    page.emulate_media(media="print")
    page.goto(page_url)
    assert page.locator(".matrix table").first.is_visible()
    assert not page.locator("details:not(.paper)").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 794
    if folder := os.environ.get("MULTIHOME_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / "report-paper.png", full_page=True)
    page.close()


def test_nothing_of_a_hostile_router_runs(browser, evil, tmp_path):
    path = tmp_path / "evil.html"
    path.write_text(html.to_html(evil), encoding="utf-8")
    page = browser.new_page()
    spoken = []
    page.on("dialog", lambda dialog: (spoken.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    assert spoken == []
    assert page.locator("script").count() == 0
    assert page.locator("img, iframe, object, a[href]").count() == 0
    page.close()
