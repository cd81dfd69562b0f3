"""Tables of people on their pages: taken row by row, once, with the bad rows given back."""

import csv
import io
import re
from uuid import uuid4

import pytest

from cardservice.accounts.roles import Role
from cardservice.domain.order_columns import Column
from cardservice.web.office.uploads import sending
from tests.office_world import NOBODYS, World
from tests.registry.offices import REGION
from tests.unit.web_office.uploads.tables import (
    UPLOADS,
    bad_rows,
    counts,
    outcomes,
    page_of,
    people,
    send_rows,
    send_table,
)


def submitted(world: World) -> int:
    with world.desk.reading() as work:
        return len(work.applications.queue(REGION, "submitted").rows)


def test_good_rows_become_applications_and_bad_ones_say_what_is_wrong(world: World) -> None:
    employer, rows = world.browser(Role.EMPLOYER), people(7)
    rows[2]["enp"] = "1"
    rows[4]["surname"] = ""
    page = page_of(employer, send_rows(employer, rows))
    assert counts(page) == (5, 0, 2)
    wrong = {4: "refused", 6: "refused"}
    assert outcomes(page) == {number: wrong.get(number, "taken") for number in range(2, 9)}
    assert "Policy number: The policy number has not 16 digits." in page
    assert "Surname: The surname is missing." in page
    assert submitted(world) == 5


def test_a_table_sent_again_says_which_rows_were_there_already(world: World) -> None:
    employer, rows = world.browser(Role.EMPLOYER), people(6)
    page_of(employer, send_rows(employer, rows))
    again = page_of(employer, send_rows(employer, [*people(7)]))
    assert counts(again) == (1, 6, 0)
    assert list(outcomes(again).values()) == ["there already"] * 6 + ["taken"]
    last = page_of(employer, send_rows(employer, rows))
    assert counts(last) == (0, 6, 0)
    assert "All rows were there already; nothing was taken twice." in last
    assert submitted(world) == 7


def test_only_the_refused_rows_are_shown_when_asked_for(world: World) -> None:
    employer, rows = world.browser(Role.EMPLOYER), people(6)
    rows[3]["sex"] = "X"
    page = page_of(employer, send_rows(employer, rows), "?refused=true")
    assert outcomes(page) == {5: "refused"}


def test_bad_rows_are_given_back_with_their_reasons_mended_and_sent_again(world: World) -> None:
    employer, rows = world.browser(Role.EMPLOYER), people(12)
    right = [one["enp"] for one in rows]
    for one in rows[:6]:
        one["enp"] = "12"
    _, bad = bad_rows(employer, page_of(employer, send_rows(employer, rows)))
    assert [one["surname"] for one in bad] == [one["surname"] for one in rows[:6]]
    assert {one["what_is_wrong"] for one in bad} == {
        "Policy number: The policy number has not 16 digits."
    }
    text = io.StringIO()
    writer = csv.DictWriter(text, list(bad[0]))
    writer.writeheader()
    writer.writerows({**one, "enp": enp} for one, enp in zip(bad, right, strict=False))
    page = page_of(employer, send_table(employer, text.getvalue().encode()))
    assert counts(page) == (6, 0, 0)
    assert submitted(world) == 12


def test_bad_rows_that_were_not_mended_come_back_without_a_second_column_of_reasons(
    world: World,
) -> None:
    employer, rows = world.browser(Role.EMPLOYER), people(6)
    for one in rows:
        one["enp"] = "12"
    octets, _ = bad_rows(employer, page_of(employer, send_rows(employer, rows)))
    again, bad = bad_rows(employer, page_of(employer, send_table(employer, octets)))
    assert again == octets
    assert len(bad) == 6


def test_bad_rows_compute_nothing_when_they_are_opened(world: World) -> None:
    employer, rows = world.browser(Role.EMPLOYER), people(6)
    rows[0]["address"] = '=HYPERLINK("http://example.org")'
    rows[1]["address"] = "a\u202eb\u0007"
    _, bad = bad_rows(employer, page_of(employer, send_rows(employer, rows)))
    assert [one["address"][:2] for one in bad] == ["'=", "a\ufffd"]


def test_in_russian_the_reasons_are_russian_and_the_cells_apart_by_semicolons(
    world: World,
) -> None:
    employer, rows = world.browser(Role.EMPLOYER), people(6)
    rows[0]["surname"] = ""
    sent = send_rows(employer, rows)
    given = employer.get(sent.headers["location"] + "/bad-rows?lang=ru").content
    assert given.startswith("\ufeffsurname;".encode())
    assert "Фамилия: Фамилия не указана." in given.decode()


def test_a_table_that_is_not_kept_any_more_gives_no_bad_rows(world: World) -> None:
    employer, rows = world.browser(Role.EMPLOYER), people(6)
    rows[0]["surname"] = ""
    sent = send_rows(employer, rows)
    for address in list(world.parts.vault.addresses()):
        world.parts.vault.erase(address)
    assert "The file you sent is not kept any more" in page_of(employer, sent)
    assert employer.get(sent.headers["location"] + "/bad-rows").status_code == 404


def test_a_long_table_is_taken_after_the_answer_and_the_page_says_how_far_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "QUICK_ROWS", 5)
    employer = world.browser(Role.EMPLOYER)
    page = page_of(employer, send_rows(employer, people(6)))
    assert counts(page) == (6, 0, 0)
    monkeypatch.setattr(sending, "receive_table", lambda *_: None)
    page = page_of(employer, send_rows(employer, people(8)))
    assert "0 of 8 rows are through" in page
    assert '<meta http-equiv="refresh"' in page


def test_a_table_that_stopped_half_way_goes_on_when_it_is_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    employer = world.browser(Role.EMPLOYER)
    with monkeypatch.context() as dying:
        dying.setattr(sending, "receive_table", lambda *_: None)
        stopped = send_rows(employer, people(8))
    again = send_rows(employer, people(8))
    assert again.headers["location"] == stopped.headers["location"]
    assert counts(page_of(employer, again)) == (8, 0, 0)


def test_the_same_form_sent_twice_is_taken_once(world: World) -> None:
    employer, rows = world.browser(Role.EMPLOYER), people(6)
    first = send_rows(employer, rows, key="the-same-key")
    second = send_rows(employer, rows, key="the-same-key")
    assert first.headers["location"] == second.headers["location"]
    assert submitted(world) == 6


def test_the_list_has_the_newest_first_and_an_employer_sees_their_own_only(world: World) -> None:
    employer, other = world.browser(Role.EMPLOYER), world.browser(Role.EMPLOYER)
    send_rows(employer, people(6), name="first.csv")
    world.desk.clock.pass_days(1)
    send_rows(employer, people(7), name="second.csv")
    sent = send_rows(other, people(8), name="theirs.csv")
    page = employer.get(UPLOADS).text
    assert page.index("second.csv") < page.index("first.csv")
    assert "theirs.csv" not in page
    assert employer.get(sent.headers["location"]).status_code == 404
    assert employer.get(sent.headers["location"] + "/bad-rows").status_code == 404
    assert "theirs.csv" in world.browser(Role.CLERK).get(UPLOADS).text


def test_the_pages_show_nothing_of_the_people_in_the_table(world: World) -> None:
    employer, rows = world.browser(Role.EMPLOYER), people(6)
    rows[0]["enp"] = "1"
    page = page_of(employer, send_rows(employer, rows))
    assert [one["surname"] for one in rows if one["surname"] in page] == []
    assert "/office/applications/" not in page
    assert (
        "/office/applications/"
        in world.browser(Role.CLERK).get(send_rows(employer, rows).headers["location"]).text
    )


def test_the_empty_table_has_our_columns_and_its_example_is_refused(world: World) -> None:
    employer = world.browser(Role.EMPLOYER)
    sent = employer.get(f"{UPLOADS}/template")
    (example,) = csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig")))
    assert list(example) == [one.value for one in Column]
    page = page_of(employer, send_rows(employer, [*people(5), dict(example)]))
    assert counts(page) == (5, 0, 1)
    russian = employer.get(f"{UPLOADS}/template?lang=ru").content.decode("utf-8-sig")
    assert russian.startswith("surname;given_name;")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COURIER, Role.ADMINISTRATOR])
@pytest.mark.parametrize("path", [UPLOADS, f"{UPLOADS}/template", f"{UPLOADS}/{NOBODYS}"])
def test_others_send_no_tables(world: World, role: Role, path: str) -> None:
    assert world.browser(role).get(path).status_code == 403


def test_what_is_not_there_is_not_found(world: World) -> None:
    employer = world.browser(Role.EMPLOYER)
    assert employer.get(f"{UPLOADS}/{uuid4()}").status_code == 404
    assert employer.get(f"{UPLOADS}/1").status_code == 422
    assert employer.get(f"{UPLOADS}/{uuid4()}?cursor=zz").status_code in {404, 409}


def test_a_page_of_results_goes_on_where_the_last_one_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cardservice.web.office.uploads.results.ROWS", 4)
    employer = world.browser(Role.EMPLOYER)
    page = page_of(employer, send_rows(employer, people(6)))
    following = re.search(r'rel="next" href="([^"]*)"', page)
    assert following is not None
    rest = employer.get(following[1].replace("&amp;", "&")).text
    assert [*outcomes(page), *outcomes(rest)] == list(range(2, 8))
