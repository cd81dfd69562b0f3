"""An applicant signs in with a number, a birth date and a code that was sent."""

from dataclasses import replace
from datetime import date

import pytest

from cardservice.accounts.applicants import WrongApplicantCodeError
from cardservice.accounts.buckets import TooManyRequestsError
from cardservice.accounts.roles import Role
from tests.unit.accounts.office import APPLICATION, BIRTH_DATE, Office


@pytest.fixture
def office() -> Office:
    return Office()


def _ask(office: Office) -> tuple[str, str]:
    token = office.applicants.ask(APPLICATION.number, BIRTH_DATE, address=None)
    return token, office.mailbox.codes[-1]


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_code_opens_the_one_application(office: Office) -> None:
    token, code = _ask(office)
    opened = office.applicants.answer(token, f" {code[:3]} {code[3:]}")
    assert opened.session.subject.id == APPLICATION.id
    assert opened.session.subject.roles == {Role.APPLICANT}
    assert opened.session.subject.region == APPLICATION.region


def test_a_code_has_six_digits_and_is_stored_nowhere(office: Office) -> None:
    _, code = _ask(office)
    assert len(code) == 6
    assert code.isdigit()
    assert code not in repr(office.challenges._rows)
    assert all(code.encode() not in one.code_mac for one in office.challenges._rows.values())


def test_a_code_is_good_once(office: Office) -> None:
    token, code = _ask(office)
    office.applicants.answer(token, code)
    with pytest.raises(WrongApplicantCodeError):
        office.applicants.answer(token, code)


def test_a_code_is_good_for_ten_minutes(office: Office) -> None:
    token, code = _ask(office)
    office.clock.move(minutes=10)
    with pytest.raises(WrongApplicantCodeError):
        office.applicants.answer(token, code)


def test_after_five_wrong_tries_the_right_code_is_refused(office: Office) -> None:
    token, code = _ask(office)
    for _ in range(5):
        with pytest.raises(WrongApplicantCodeError):
            office.applicants.answer(token, _wrong(code))
    with pytest.raises(WrongApplicantCodeError):
        office.applicants.answer(token, code)


def test_the_fifth_try_may_be_the_right_one(office: Office) -> None:
    token, code = _ask(office)
    for _ in range(4):
        with pytest.raises(WrongApplicantCodeError):
            office.applicants.answer(token, _wrong(code))
    assert office.applicants.answer(token, code).session.subject.id == APPLICATION.id


def test_a_code_works_only_in_the_browser_that_asked(office: Office) -> None:
    _, code = _ask(office)
    other = office.applicants.ask("00-2026-999999", BIRTH_DATE, address=None)
    with pytest.raises(WrongApplicantCodeError):
        office.applicants.answer(other, code)


def test_a_code_of_an_older_message_does_not_fit_a_newer_one(office: Office) -> None:
    _, old = _ask(office)
    token, new = _ask(office)
    while old == new:
        token, new = _ask(office)
    with pytest.raises(WrongApplicantCodeError):
        office.applicants.answer(token, old)


@pytest.mark.parametrize(
    ("number", "day"), [("00-2026-000018", BIRTH_DATE), (APPLICATION.number, date(1985, 4, 13))]
)
def test_what_does_not_match_is_sent_nothing_and_gets_a_challenge_all_the_same(
    office: Office, number: str, day: date
) -> None:
    token = office.applicants.ask(number, day, address=None)
    assert len(token) == 43
    assert office.mailbox.codes == []
    with pytest.raises(WrongApplicantCodeError):
        office.applicants.answer(token, "000000")


def test_no_code_fits_a_challenge_without_an_application(office: Office) -> None:
    token, code = _ask(office)
    (challenge,) = office.challenges._rows.values()
    office.challenges.put(replace(challenge, subject=None))
    with pytest.raises(WrongApplicantCodeError):
        office.applicants.answer(token, code)


@pytest.mark.parametrize("number", [APPLICATION.number, "00-2026-000018"])
def test_three_codes_an_hour_are_sent_for_one_number_whether_it_exists_or_not(
    office: Office, number: str
) -> None:
    for _ in range(3):
        office.applicants.ask(number, BIRTH_DATE, address=None)
    with pytest.raises(TooManyRequestsError):
        office.applicants.ask(f" {number} ", BIRTH_DATE, address="192.0.2.1")


def test_one_address_asks_for_so_many_numbers_only(office: Office) -> None:
    for one in range(20):
        office.applicants.ask(str(one), BIRTH_DATE, address="192.0.2.1")
    with pytest.raises(TooManyRequestsError):
        office.applicants.ask("20", BIRTH_DATE, address="192.0.2.1")
    office.applicants.ask("20", BIRTH_DATE, address="192.0.2.2")
