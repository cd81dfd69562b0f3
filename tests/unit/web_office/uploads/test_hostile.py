"""Hostile tables are refused with a reason on the page, and what was typed stays."""

import asyncio
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from cardservice.accounts.roles import Role
from cardservice.uploads.receiving import TABLE_OCTETS
from tests.office_world import World
from tests.registry.test_uploads import table
from tests.unit.accounts.browser import Browser
from tests.unit.web_office.sending import BORDER, hidden, multipart_headers
from tests.unit.web_office.uploads.tables import UPLOADS, outcomes, page_of, people, send_rows
from tests.unit.web_office.uploads.tables import send_table as send

MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30


def bomb() -> bytes:
    """Return a workbook whose sheet unpacks to 200 MiB."""
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(200 * MEBIBYTE))
    return octets.getvalue()


def uploads(world: World) -> int:
    with world.desk.reading() as work:
        return len(work.uploads.of_region("00000").rows)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: b"", "Choose a file."),
        (lambda: bytes(TABLE_OCTETS + 1), "too large"),
        (bomb, ""),
        (lambda: b"%PDF-1.7 no table", "no table in CSV or XLSX"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "no table in CSV or XLSX"),
        (lambda: b"\xff" * 500, ""),
        (lambda: b"surname,given_name\nA,B\n", "does not name these columns"),
        (lambda: table(people(4)), "An employer applies for"),
        (lambda: table([]), "no rows"),
        (lambda: table(people(1) * 10_001), "more than 10000 rows"),
        (lambda: table(people(6)).replace(b"surname", b"sur\x00name", 1), "U+0000"),
        (lambda: table(people(6)).replace(b"surname", "sur\u202ename".encode(), 1), "U+202E"),
    ],
)
def test_a_file_that_is_no_table_of_ours_is_refused_as_a_whole(
    world: World, make: Callable[[], bytes], words: str
) -> None:
    employer = world.browser(Role.EMPLOYER)
    sent = send(employer, make())
    assert sent.status_code in {413, 422}
    assert words in sent.text
    assert 'id="refusal"' in sent.text or "cannot be done" in sent.text
    assert uploads(world) == 0


@pytest.mark.parametrize(
    ("column", "typed", "words"),
    [
        ("surname", "=1+1", "formula"),
        ("address", "@SUM(A1)", "formula"),
        ("surname", "Про\u202eбный", "invisible"),
        ("surname", "Проб\u0000ный", "NUL"),
        ("address", "д" * 1001, "too many characters"),
        ("phone", "+7 (000) 000-00-00; call me", ""),
        ("birth_date", "2999-01-01", "in the future"),
    ],
)
def test_a_hostile_cell_refuses_its_row_alone_with_a_reason(
    world: World, column: str, typed: str, words: str
) -> None:
    employer, rows = world.browser(Role.EMPLOYER), people(6)
    rows[3][column] = typed
    page = page_of(employer, send_rows(employer, rows))
    assert outcomes(page)[5] == "refused"
    assert list(outcomes(page).values()).count("taken") == 5
    assert words in page


def test_without_consent_nothing_is_taken(world: World) -> None:
    employer = world.browser(Role.EMPLOYER)
    sent = send(employer, table(people(6)), consent="")
    assert sent.status_code == 422
    assert 'href="#consent"' in sent.text
    assert uploads(world) == 0


@pytest.mark.parametrize("name", ["a\u202egpj.csv", "x" * 2000, "../../etc/passwd", '"><script>'])
def test_a_hostile_file_name_is_refused_or_shown_as_text(world: World, name: str) -> None:
    employer = world.browser(Role.EMPLOYER)
    sent = send(employer, table(people(6)), name=name.replace('"', "%22"))
    assert sent.status_code in {303, 422}
    assert "<script" not in employer.get(UPLOADS).text


def streamed(world: World, browser: Browser, *, total: int, declared: bool) -> tuple[int, int, str]:
    """Send a form of ``total`` octets; return status, octets that were asked for, and the page."""
    page = browser.get(UPLOADS).text
    head = (
        f'--{BORDER}\r\nContent-Disposition: form-data; name="token"\r\n\r\n'
        f'{hidden(page, "token")}\r\n--{BORDER}\r\nContent-Disposition: form-data; name="file"; '
        'filename="people.csv"\r\n\r\n'
    ).encode()
    chunk, asked, shown = bytes(MEBIBYTE), 0, bytearray()
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        nonlocal asked
        body = head if asked == 0 else chunk
        asked += len(body)
        return {"type": "http.request", "body": body, "more_body": asked < total}

    async def answer(message: dict[str, Any]) -> None:
        nonlocal shown
        statuses.extend([message["status"]] if "status" in message else [])
        shown += message.get("body", b"")

    headers = {**multipart_headers(browser), "host": "127.0.0.1:8080"}
    headers["cookie"] = "; ".join(f"{one.name}={one.value}" for one in browser.cookies.jar)
    if declared:
        headers["content-length"] = str(total)
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": UPLOADS,
        "raw_path": UPLOADS.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8080),
    }
    asyncio.run(world.app(scope, receive, answer))  # type: ignore[arg-type]
    (status,) = statuses
    return status, asked, shown.decode()


@pytest.mark.parametrize(("declared", "most"), [(True, 0), (False, TABLE_OCTETS + 2 * MEBIBYTE)])
def test_a_gibibyte_is_refused_with_a_reason_and_not_received(
    world: World, declared: bool, most: int
) -> None:
    employer = world.browser(Role.EMPLOYER)
    status, asked, page = streamed(world, employer, total=GIBIBYTE, declared=declared)
    assert status == 413
    assert asked <= most
    assert "The file is larger than 10 MiB." in page
    assert uploads(world) == 0
