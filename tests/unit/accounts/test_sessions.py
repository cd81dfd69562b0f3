"""Sessions: fresh tokens, time-outs, ends."""

import pytest

from cardservice.accounts.account import Account
from cardservice.accounts.dice import hash_token
from cardservice.accounts.roles import Role
from cardservice.accounts.session import Stage
from cardservice.accounts.sessions import Opened
from cardservice.accounts.signing_in import subject_of
from cardservice.errors import Refusal
from tests.unit.accounts.office import NAME, NEW_PASSWORD, PASSWORD, Office


@pytest.fixture
def office() -> Office:
    return Office()


def _open(office: Office) -> Opened:
    return office.sign_in.with_password(NAME, PASSWORD, address=None)


def test_the_token_has_256_bits_and_only_its_hash_is_stored(office: Office) -> None:
    opened = _open(office)
    assert len(opened.token) == 43
    assert list(office.rows._rows) == [hash_token(opened.token)]
    assert opened.token not in repr(office.rows._rows) + repr(opened)


def test_a_session_in_use_lasts_until_the_absolute_end(office: Office) -> None:
    opened = _open(office)
    for _ in range(11 * 4):
        office.clock.move(minutes=15)
        assert office.sessions.find(opened.token) is not None
    office.clock.move(minutes=29)
    assert office.sessions.find(opened.token) is not None
    office.clock.move(minutes=29)
    assert office.sessions.find(opened.token) is not None
    office.clock.move(minutes=2)
    assert office.sessions.find(opened.token) is None


def test_an_idle_session_ends_and_does_not_come_back(office: Office) -> None:
    opened = _open(office)
    office.clock.move(minutes=30)
    assert office.sessions.find(opened.token) is None
    office.clock.move(minutes=-10)
    assert office.sessions.find(opened.token) is None


def test_half_a_session_waits_five_minutes_for_its_code(office: Office) -> None:
    office.enrol()
    opened = _open(office)
    assert opened.session.stage is Stage.SECOND_FACTOR
    office.clock.move(minutes=5)
    assert office.sessions.find(opened.token) is None


@pytest.mark.parametrize("token", [None, "", "x", "x" * 65, "\ud800", "\x00"])
def test_what_is_no_token_finds_nothing(office: Office, token: str | None) -> None:
    _open(office)
    assert office.sessions.find(token) is None


def test_a_session_is_changed_once(office: Office) -> None:
    opened = _open(office)
    subject = subject_of(office.account())
    first = office.sessions.change(opened.token, subject=subject)
    assert first is not None
    assert first.token != opened.token
    assert office.sessions.find(opened.token) is None
    assert office.sessions.change(opened.token, subject=subject) is None


def test_a_changed_token_does_not_make_the_session_younger(office: Office) -> None:
    opened = _open(office)
    office.clock.move(minutes=20)
    changed = office.sessions.change(opened.token, subject=subject_of(office.account()))
    assert changed is not None
    assert changed.session.authenticated_at == opened.session.authenticated_at


def test_another_password_ends_the_other_sessions_and_renews_this_one(office: Office) -> None:
    here, there = _open(office), _open(office)
    renewed = office.book.change_password(office.account(), NEW_PASSWORD, token=here.token)
    found = [office.sessions.find(one.token) for one in (here, there, renewed)]
    assert found == [None, None, renewed.session]
    office.sign_in.with_password(NAME, NEW_PASSWORD, address=None)


def test_the_present_password_is_no_new_one(office: Office) -> None:
    here = _open(office)
    with pytest.raises(Refusal, match="password you have now"):
        office.book.change_password(office.account(), PASSWORD, token=here.token)


@pytest.mark.parametrize("change", ["roles", "disable"])
def test_other_roles_or_none_end_every_session(office: Office, change: str) -> None:
    opened = _open(office)
    account: Account = office.account()
    if change == "roles":
        office.book.change_roles(account, frozenset({Role.AUDITOR}))
    else:
        office.book.disable(account)
    assert office.sessions.find(opened.token) is None


def test_a_stale_change_of_an_account_is_refused(office: Office) -> None:
    old = office.account()
    office.book.change_roles(old, frozenset({Role.AUDITOR}))
    with pytest.raises(Refusal) as caught:
        office.book.change_roles(old, frozenset({Role.ADMINISTRATOR}))
    assert caught.value.code == "account-stale"
    assert office.account().roles == {Role.AUDITOR}


def test_sessions_that_are_over_are_dropped(office: Office) -> None:
    _open(office)
    office.clock.move(hours=13)
    young = _open(office)
    assert office.sessions.prune() == 1
    assert office.sessions.find(young.token) is not None
