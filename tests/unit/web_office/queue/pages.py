"""What a browser without a screen does with a page: read it, fill a form of it in, send it."""

import html
import re
from dataclasses import dataclass

import httpx

from tests.unit.accounts.browser import Browser

_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
_ACTION = re.compile(r'action="([^"]*)"')
BOUNDARY = "part-of-a-form"


@dataclass(frozen=True, slots=True)
class File:
    """A file to be uploaded."""

    name: str
    octets: bytes


def words(answer: httpx.Response) -> str:
    """Return what a page says in its main part, without marks and with single blanks."""
    main = answer.text.partition("<main")[2].partition(">")[2]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def hidden_of(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form of a page that is sent to ``action``."""
    for marks, inner in _FORM.findall(page.partition("<main")[2]):
        found = _ACTION.search(marks)
        if found is None or found[1] == action:
            return {name: html.unescape(value) for name, value in _HIDDEN.findall(inner)}
    raise AssertionError(f"no form is sent to {action}")


def fill(browser: Browser, page: str, action: str | None = None, **fields: str) -> httpx.Response:
    """Open ``page``, fill its form in that goes to ``action``, and send it."""
    there = action or page
    opened = browser.get(page)
    assert opened.status_code == httpx.codes.OK, opened.text
    return browser.send(there, hidden_of(opened.text, there) | fields)


def upload(browser: Browser, page: str, file: File | None, **fields: str) -> httpx.Response:
    """Open ``page``, fill its form in, choose a file, and send it."""
    sent = hidden_of(browser.get(page).text, page) | fields
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in sent.items()
    ]
    if file is not None:
        head = f'form-data; name="file"; filename="{file.name}"\r\nContent-Type: image/png'
        begin = f"--{BOUNDARY}\r\nContent-Disposition: {head}\r\n\r\n".encode()
        parts.append(begin + file.octets + b"\r\n")
    body = b"".join((*parts, f"--{BOUNDARY}--\r\n".encode()))
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return browser.ask("POST", page, headers={**browser.origin, "content-type": kind}, content=body)
