"""Forms of the office's pages as a browser sends them: token, key, version, several values."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import httpx

from tests.unit.accounts.browser import Browser

BORDER = "----a-border-of-the-form"
Values = Mapping[str, str | Sequence[str]]


def hidden(page: str, name: str) -> str:
    """Return the value of the first hidden field of that name on a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def send(
    browser: Browser, path: str, fields: Values, *, on: str | None = None, key: str | None = None
) -> httpx.Response:
    """Open the page ``on``, or the one of the form, fill the form in and send it."""
    page = browser.get(on or path).text
    known = {"token": hidden(page, "token"), "key": key or hidden(page, "key")}
    if 'name="version"' in page:
        known["version"] = hidden(page, "version")
    content = urlencode({**known, **fields}, doseq=True).encode()
    return browser.ask(
        "POST",
        path,
        headers={
            **browser.origin,
            "accept": "text/html",
            "content-type": "application/x-www-form-urlencoded",
        },
        content=content,
    )


def send_file(
    browser: Browser, path: str, octets: bytes, *, name: str = "people.csv", **fields: str
) -> httpx.Response:
    """Send a file with a form of the page at ``path``."""
    page = browser.get(path).text
    known = {"token": hidden(page, "token"), "key": hidden(page, "key"), **fields}
    return browser.ask(
        "POST", path, headers=multipart_headers(browser), content=multipart(known, octets, name)
    )


def multipart_headers(browser: Browser) -> dict[str, str]:
    """Return the headers of a form with a file."""
    kind = f"multipart/form-data; boundary={BORDER}"
    return {**browser.origin, "accept": "text/html", "content-type": kind}


def multipart(fields: Mapping[str, str], octets: bytes, name: str) -> bytes:
    """Return the body of a form with a file in the field ``file``."""
    parts = [
        f'--{BORDER}\r\nContent-Disposition: form-data; name="{one}"\r\n\r\n{value}\r\n'.encode()
        for one, value in fields.items()
    ]
    head = f'--{BORDER}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    return b"".join((*parts, head.encode(), b"\r\n", octets, f"\r\n--{BORDER}--\r\n".encode()))
