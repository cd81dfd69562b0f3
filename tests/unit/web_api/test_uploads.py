"""Tables of people through the API."""

import csv
import io
from collections.abc import Iterable

import httpx
import pytest

from cardservice.accounts.roles import Role
from cardservice.domain.order_columns import Column
from cardservice.uploads.receiving import TABLE_OCTETS
from tests.office_world import Program, World
from tests.shared import data
from tests.unit.web_api.steps import V1, code

FIVE = 5  # people, the least an employer sends
YEARS = 1500  # days after which every insurance of the fictional table has begun


@pytest.fixture
def employer(world: World) -> Program:
    """An employer's program, on a day when the fictional table is none of the future's."""
    world.desk.clock.pass_days(YEARS)
    return world.program(Role.EMPLOYER)


def table(rows: Iterable[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, [one.value for one in Column], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def holders(*, bad: int = 0) -> bytes:
    """Return a table of five people, the last ones with a birth date that is none."""
    rows = list(csv.DictReader(io.StringIO(data("holders.csv").decode())))[:FIVE]
    for one in rows[FIVE - bad :]:
        one[Column.BIRTH_DATE.value] = "30.02.1980"
    return table(rows)


def send(program: Program, octets: bytes, *, consent: str = "true") -> httpx.Response:
    files = {"file": ("люди.csv", octets, "text/csv")}
    return program.send("POST", f"{V1}/uploads", data={"consent": consent}, files=files)


def test_good_rows_become_applications_and_bad_ones_say_why(employer: Program) -> None:
    answer = send(employer, holders(bad=1))
    assert answer.status_code == 201
    path = answer.headers["location"]
    shown = employer.get(path).json()
    assert (shown["rows"], shown["taken"], shown["refused"]) == (FIVE, FIVE - 1, 1)
    rows = employer.get(f"{path}/rows").json()["items"]
    assert [one["application_id"] is None for one in rows] == [False] * 4 + [True]
    (bad,) = employer.get(f"{path}/rows", refused="true").json()["items"]
    assert [one["field"] for one in bad["findings"]] == ["birth_date"]
    assert "30.02.1980" not in str(bad)


def test_what_is_wrong_with_a_row_is_said_in_russian_if_wanted(employer: Program) -> None:
    path = send(employer, holders(bad=1)).headers["location"]
    answer = employer.ask(
        "GET", f"{path}/rows", params={"refused": "true"}, headers={"Accept-Language": "ru"}
    )
    (bad,) = answer.json()["items"]
    assert not bad["findings"][0]["sentence"].isascii()


def test_a_table_sent_again_takes_nothing_twice(employer: Program) -> None:
    send(employer, holders())
    again = send(employer, holders())
    assert (again.json()["made"]["taken"], again.json()["made"]["known"]) == ("0", str(FIVE))
    listed = employer.get(f"{V1}/uploads").json()["items"]
    assert [one["taken"] for one in listed] == [FIVE, 0]


def test_another_employer_sees_nothing_of_it(world: World, employer: Program) -> None:
    path = send(employer, holders()).headers["location"]
    other = world.program(Role.EMPLOYER)
    assert other.get(f"{V1}/uploads").json()["items"] == []
    for one in (path, f"{path}/rows"):
        assert other.get(one).status_code == 404


@pytest.mark.parametrize(
    ("octets", "status", "wanted"),
    [
        (b"", 409, "header-missing"),
        (b"%PDF-1.7", 409, "table-kind"),
        (b"name\n" + bytes(TABLE_OCTETS), 413, "file-too-large"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    employer: Program, octets: bytes, status: int, wanted: str
) -> None:
    answer = send(employer, octets)
    assert (answer.status_code, code(answer)) == (status, wanted)


def test_a_table_without_consent_is_refused(employer: Program) -> None:
    answer = send(employer, holders(), consent="false")
    assert (answer.status_code, code(answer)) == (409, "consent-missing")
