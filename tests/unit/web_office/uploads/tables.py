"""Tables of fictional people, good and bad, as employers send them."""

import csv
import io
import re
from collections.abc import Mapping

import httpx

from tests.registry.test_uploads import holders, table
from tests.unit.accounts.browser import Browser
from tests.unit.web_office.sending import send_file

UPLOADS = "/office/uploads"
# The office's day in tests is before some of the insurances in the fictional table begin.
START = "2026-01-01"
Rows = list[dict[str, str]]


def people(count: int = 7) -> Rows:
    """Return rows that are good on the day of the tests."""
    return [{**one, "insurance_start": START} for one in holders(count)]


def send_rows(browser: Browser, rows: Rows, **more: str) -> httpx.Response:
    """Send rows as a table, with the box of the consent ticked."""
    return send_table(browser, table(rows), **more)


def send_table(browser: Browser, octets: bytes, **more: str) -> httpx.Response:
    """Send a table, with the box of the consent ticked."""
    return send_file(browser, UPLOADS, octets, **{"consent": "yes", **more})


def page_of(browser: Browser, sent: httpx.Response, query: str = "") -> str:
    """Return the page of results that a table that was taken leads to."""
    assert sent.status_code == 303, sent.text
    return browser.get(sent.headers["location"] + query).text


def counts(page: str) -> tuple[int, ...]:
    """Return how many rows were taken, known and refused."""
    found = (re.search(rf'id="{one}">(\d+)<', page) for one in ("taken", "known", "refused"))
    return tuple(int(one[1]) for one in found if one)


def outcomes(page: str) -> dict[int, str]:
    """Return the row numbers of a page of results with what became of each."""
    row = r'data-name="Row">(\d+)</th>\s*<td data-name="What became of it"><span[^>]*>([^<]*)<'
    return {int(number): words for number, words in re.findall(row, page)}


def bad_rows(browser: Browser, page: str) -> tuple[bytes, list[Mapping[str, str]]]:
    """Return the download of bad rows that a page offers, as octets and as rows."""
    found = re.search(r'href="([^"]*/bad-rows)"', page)
    assert found is not None
    octets = browser.get(found[1]).content
    text = octets.decode("utf-8-sig")
    return octets, list(csv.DictReader(io.StringIO(text)))
