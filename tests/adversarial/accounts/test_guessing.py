"""Guesses: of names, passwords and codes, one after another and all at once."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from cardservice.accounts.applicants import WrongApplicantCodeError
from cardservice.accounts.buckets import Rate, TokenBuckets, TooManyRequestsError
from cardservice.accounts.lockout import LockedOutError
from cardservice.accounts.roles import Role
from cardservice.accounts.signing_in import WrongCodeError, WrongCredentialsError
from cardservice.errors import CardServiceError
from tests.unit.accounts.browser import Browser
from tests.unit.accounts.office import (
    APPLICATION,
    BIRTH_DATE,
    NAME,
    PASSWORD,
    Clock,
    Office,
)

THREADS = 16
PAUSE_S = 0.005  # longer than a thread runs before another one does
ODD = [
    "",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e",
    "'; DROP TABLE accounts;--",
    "x" * 10_000,
    "﷽" * 64,
]


@pytest.fixture
def office() -> Office:
    return Office()


def _slow(read: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``read`` with a pause after it, in which the other threads read the same."""

    def reading(*values: object) -> object:
        found = read(*values)
        time.sleep(PAUSE_S)
        return found

    return reading


@pytest.fixture
def slow_office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose stores answer late, so that what is not done in one step goes wrong."""
    monkeypatch.setattr(office.attempts, "get", _slow(office.attempts.get))
    monkeypatch.setattr(office.accounts, "by_id", _slow(office.accounts.by_id))
    monkeypatch.setattr(office.challenges, "find", _slow(office.challenges.find))
    return office


def _at_once(act: Callable[[int], object]) -> list[object]:
    """Return what each of sixteen threads got, which all begin at the same moment."""
    barrier = Barrier(THREADS)

    def run(number: int) -> object:
        barrier.wait()
        try:
            return act(number)
        except CardServiceError as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def _of(results: list[object], kind: type) -> int:
    return sum(isinstance(one, kind) for one in results)


# Enumeration


def _cases(office: Office) -> dict[str, tuple[str, str]]:
    closed = office.add("closed", Role.CLERK)
    office.book.disable(office.account(closed))
    return {
        "unknown": ("nobody", PASSWORD),
        "wrong": (NAME, "wrong"),
        "closed": ("closed", PASSWORD),
        "no name": ("<>", PASSWORD),
        "empty": (NAME, ""),
        "NUL": (NAME, PASSWORD + "\x00"),
        "huge": (NAME, "x" * 10_000),
    }


def test_every_refused_sign_in_costs_exactly_one_verification(office: Office) -> None:
    cost = {}
    for kind, (name, password) in _cases(office).items():
        before = office.hasher.verified
        with pytest.raises(WrongCredentialsError):
            office.sign_in.with_password(name, password, address=kind)
        cost[kind] = office.hasher.verified - before
    assert cost == dict.fromkeys(cost, 1)


def test_every_refused_sign_in_gets_the_same_answer(office: Office) -> None:
    app = office.app()
    answers = set()
    for name, password in _cases(office).values():
        answer = Browser(app).sign_in(name, password)
        shown = answer.text.split('role="alert"')[1].split("</div>")[0]
        answers.add((answer.status_code, shown))
    assert len(answers) == 1


def test_an_unknown_name_is_locked_like_a_known_one(office: Office) -> None:
    outcomes = []
    for name in (NAME, "nobody", "<>"):
        for _ in range(5):
            with pytest.raises(WrongCredentialsError):
                office.sign_in.with_password(name, "wrong", address=None)
        with pytest.raises(LockedOutError) as caught:
            office.sign_in.with_password(name, "wrong", address=None)
        outcomes.append((str(caught.value), caught.value.wait_s))
    assert len(set(outcomes)) == 1


def test_while_it_is_locked_the_right_password_is_refused_and_costs_nothing(
    office: Office,
) -> None:
    for _ in range(5):
        with pytest.raises(WrongCredentialsError):
            office.sign_in.with_password(NAME, "wrong", address=None)
    before = office.hasher.verified
    with pytest.raises(LockedOutError):
        office.sign_in.with_password(NAME, PASSWORD, address=None)
    assert office.hasher.verified == before
    office.clock.move(seconds=2)
    office.sign_in.with_password(NAME, PASSWORD, address=None)


def test_a_locked_sign_in_says_how_long_to_wait(office: Office) -> None:
    browser = Browser(office.app())
    for _ in range(5):
        browser.sign_in(password="wrong")  # noqa: S106
    answer = browser.sign_in()
    assert answer.status_code == 429
    assert "Осталось 2 секунды." in answer.text


def test_one_address_does_not_try_one_password_at_many_names(office: Office) -> None:
    for one in range(30):
        with pytest.raises(WrongCredentialsError):
            office.sign_in.with_password(f"name{one}", "wrong", address="192.0.2.1")
    with pytest.raises(LockedOutError):
        office.sign_in.with_password(NAME, PASSWORD, address="192.0.2.1")
    office.sign_in.with_password(NAME, PASSWORD, address="192.0.2.2")


def test_signing_in_to_ones_own_account_does_not_buy_more_guesses(office: Office) -> None:
    office.add("mallory", Role.AUDITOR)
    for one in range(30):
        office.sign_in.with_password("mallory", PASSWORD, address="192.0.2.1")
        with pytest.raises(WrongCredentialsError):
            office.sign_in.with_password(f"name{one}", "wrong", address="192.0.2.1")
    with pytest.raises(LockedOutError):
        office.sign_in.with_password("name30", "wrong", address="192.0.2.1")


def test_neither_the_same_application_nor_another_shows_whether_it_exists(office: Office) -> None:
    browser = Browser(office.app())
    answers = set()
    for number in (APPLICATION.number, "00-2026-000018"):
        form = {"number": number, "birth_date": BIRTH_DATE.isoformat()}
        answer = browser.fill("/sign-in/applicant", **form)
        page = browser.get("/sign-in/applicant/code")
        answers.add((answer.status_code, answer.headers["location"], page.text))
    assert len(answers) == 1
    assert len(office.mailbox.codes) == 1


# What nobody types


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_are_wrong_and_nothing_worse(office: Office, text: str) -> None:
    for name, password in ((text, PASSWORD), (NAME, text)):
        with pytest.raises(WrongCredentialsError):
            office.sign_in.with_password(name, password, address=text)
    token = office.applicants.ask(text, BIRTH_DATE, address=text)
    for guess in (text, "000000"):
        with pytest.raises(WrongApplicantCodeError):
            office.applicants.answer(token, guess)
    with pytest.raises(WrongApplicantCodeError):
        office.applicants.answer(text, "000000")


@pytest.mark.parametrize("code", ODD)
def test_odd_codes_are_wrong_and_nothing_worse(office: Office, code: str) -> None:
    office.enrol()
    half = office.sign_in.with_password(NAME, PASSWORD, address=None).token
    with pytest.raises(WrongCodeError):
        office.sign_in.with_code(half, code, address=None)


def test_a_huge_password_never_reaches_the_hash(office: Office) -> None:
    with pytest.raises(WrongCredentialsError):
        office.sign_in.with_password(NAME, "x" * 10_000_000, address=None)
    assert max(office.hasher.lengths) <= 256


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/applicant", "/account/password"])
def test_a_huge_form_is_refused_before_it_is_read(office: Office, path: str) -> None:
    browser = Browser(office.app())
    browser.sign_in()
    body = b"token=a&password=" + b"x" * 2_000_000
    headers = browser.origin | {"content-type": "application/x-www-form-urlencoded"}
    answer = browser.ask("POST", path, headers=headers, content=body)
    assert answer.status_code == 413


def test_forms_of_one_address_are_limited(office: Office) -> None:
    browser = Browser(office.app(office.context(forms=Rate(3, 60))))
    codes = [browser.sign_in(name=f"n{one}").status_code for one in range(4)]
    assert codes == [422, 422, 422, 429]


# All at once


def test_of_guesses_at_the_same_moment_no_more_than_five_are_looked_at(slow_office: Office) -> None:
    results = _at_once(
        lambda one: slow_office.sign_in.with_password(NAME, f"g{one}", address=str(one))
    )
    assert _of(results, WrongCredentialsError) == slow_office.hasher.verified
    assert slow_office.hasher.verified == 5
    assert _of(results, LockedOutError) == THREADS - 5


def test_one_code_at_the_same_moment_opens_one_session(slow_office: Office) -> None:
    secret, _ = slow_office.enrol()
    halves = [
        slow_office.sign_in.with_password(NAME, PASSWORD, address=None) for _ in range(THREADS)
    ]
    code = slow_office.code(secret)
    results = _at_once(
        lambda one: slow_office.sign_in.with_code(halves[one].token, code, address=str(one))
    )
    assert _of(results, CardServiceError) == THREADS - 1


def test_one_recovery_code_at_the_same_moment_opens_one_session(slow_office: Office) -> None:
    _, codes = slow_office.enrol()
    halves = [
        slow_office.sign_in.with_password(NAME, PASSWORD, address=None) for _ in range(THREADS)
    ]
    results = _at_once(
        lambda one: slow_office.sign_in.with_code(halves[one].token, codes[0], address=str(one))
    )
    assert _of(results, CardServiceError) == THREADS - 1


def test_a_guesser_who_knows_the_password_has_five_codes_before_waiting(
    slow_office: Office,
) -> None:
    slow_office.enrol()
    for one in range(5):
        half = slow_office.sign_in.with_password(NAME, PASSWORD, address=str(one)).token
        with pytest.raises(WrongCodeError):
            slow_office.sign_in.with_code(half, "abc", address=str(one))
    half = slow_office.sign_in.with_password(NAME, PASSWORD, address="x").token
    with pytest.raises(LockedOutError):
        slow_office.sign_in.with_code(half, "abc", address="x")


def test_of_codes_of_an_applicant_at_the_same_moment_five_are_looked_at(
    slow_office: Office,
) -> None:
    token = slow_office.applicants.ask(APPLICATION.number, BIRTH_DATE, address=None)
    _at_once(lambda _: slow_office.applicants.answer(token, "abc"))
    (left,) = [one.tries_left for one in slow_office.challenges._rows.values()]
    assert left == 0
    with pytest.raises(WrongApplicantCodeError):
        slow_office.applicants.answer(token, slow_office.mailbox.codes[0])


def test_the_right_code_of_an_applicant_at_the_same_moment_opens_one_session(
    slow_office: Office,
) -> None:
    token = slow_office.applicants.ask(APPLICATION.number, BIRTH_DATE, address=None)
    results = _at_once(lambda _: slow_office.applicants.answer(token, slow_office.mailbox.codes[0]))
    assert _of(results, WrongApplicantCodeError) == THREADS - 1


def test_a_bucket_gives_no_more_than_its_burst_at_the_same_moment() -> None:
    buckets = TokenBuckets(Rate(5, 60), clock=Clock())
    results = _at_once(lambda _: buckets.take("a"))
    assert _of(results, TooManyRequestsError) == THREADS - 5
