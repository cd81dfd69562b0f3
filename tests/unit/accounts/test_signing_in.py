"""Sign-in by name, password and second factor."""

from urllib.parse import parse_qs, urlsplit

import pytest

from cardservice.accounts.enrolment import enrolment_address, qr_path, typed_secret
from cardservice.accounts.recovery import spend
from cardservice.accounts.roles import Role
from cardservice.accounts.session import Stage
from cardservice.accounts.signing_in import (
    SessionOverError,
    WrongCodeError,
    WrongCredentialsError,
)
from cardservice.errors import Refusal, UsageError
from tests.unit.accounts.office import NAME, PASSWORD, Office


@pytest.fixture
def office() -> Office:
    return Office()


def _half(office: Office) -> str:
    return office.sign_in.with_password(NAME, PASSWORD, address=None).token


@pytest.mark.parametrize("name", [NAME, " A.Petrova ", "ａ.petrova"])
def test_a_name_is_found_however_it_is_written(office: Office, name: str) -> None:
    opened = office.sign_in.with_password(name, PASSWORD, address=None)
    assert opened.session.stage is Stage.FULL
    assert opened.session.subject.roles == {Role.CLERK}


def test_a_closed_account_is_refused_like_a_wrong_password(office: Office) -> None:
    office.book.disable(office.account())
    with pytest.raises(WrongCredentialsError):
        office.sign_in.with_password(NAME, PASSWORD, address=None)


def test_with_a_device_the_password_opens_half_a_session(office: Office) -> None:
    secret, _ = office.enrol()
    half = _half(office)
    opened = office.sign_in.with_code(half, office.code(secret), address=None)
    assert opened.session.stage is Stage.FULL
    assert office.sessions.find(half) is None


def test_a_code_may_be_typed_with_a_blank(office: Office) -> None:
    secret, _ = office.enrol()
    code = office.code(secret)
    office.sign_in.with_code(_half(office), f"{code[:3]} {code[3:]}", address=None)


def test_each_code_is_good_once(office: Office) -> None:
    secret, _ = office.enrol()
    code = office.code(secret)
    office.sign_in.with_code(_half(office), code, address=None)
    with pytest.raises(WrongCodeError):
        office.sign_in.with_code(_half(office), code, address=None)


def test_the_code_of_the_enrolment_is_spent(office: Office) -> None:
    secret, _ = office.enrol()
    with pytest.raises(WrongCodeError):
        office.sign_in.with_code(_half(office), office.code(secret, steps=-2), address=None)


def test_each_recovery_code_is_good_once(office: Office) -> None:
    _, codes = office.enrol()
    typed = codes[3].lower().replace("-", " ")
    office.sign_in.with_code(_half(office), typed, address=None)
    assert len(office.account().recovery) == 9
    with pytest.raises(WrongCodeError):
        office.sign_in.with_code(_half(office), codes[3], address=None)
    office.sign_in.with_code(_half(office), codes[4], address=None)


def test_a_recovery_code_of_another_account_fits_nothing(office: Office) -> None:
    _, codes = office.enrol()
    other = office.add("b.ivanov", Role.CLERK)
    assert spend(other, codes[0], office.account().recovery) is None


def test_a_whole_session_takes_no_code(office: Office) -> None:
    full = _half(office)
    with pytest.raises(SessionOverError):
        office.sign_in.with_code(full, "000000", address=None)


def test_a_wrong_code_enrols_nothing(office: Office) -> None:
    token = _half(office)
    account, secret = office.book.begin_enrolment(office.account())
    wrong = office.code(secret, steps=5)
    with pytest.raises(WrongCodeError):
        office.book.finish_enrolment(account, wrong, token=token)
    assert office.account().second_factor is None


def test_without_a_beginning_nothing_is_enrolled(office: Office) -> None:
    token = _half(office)
    with pytest.raises(WrongCodeError):
        office.book.finish_enrolment(office.account(), "000000", token=token)


def test_a_device_that_is_forgotten_asks_for_no_code(office: Office) -> None:
    office.enrol()
    office.book.remove_second_factor(office.account())
    opened = office.sign_in.with_password(NAME, PASSWORD, address=None)
    assert opened.session.stage is Stage.FULL


def test_a_sealed_secret_opens_for_its_own_account_only(office: Office) -> None:
    sealed = office.stores.sealer.seal(b"secret", context=b"one")
    with pytest.raises(UsageError):
        office.stores.sealer.open(sealed, context=b"two")


@pytest.mark.parametrize("name", ["", " ", "a b", "a/b", "a\x00", "<b>", "a\u202eb", "x" * 65])
def test_an_odd_name_is_refused(office: Office, name: str) -> None:
    with pytest.raises(Refusal) as caught:
        office.add(name, Role.CLERK)
    assert caught.value.code == "account-name"


def test_a_name_is_taken_once(office: Office) -> None:
    with pytest.raises(Refusal) as caught:
        office.add(NAME.upper(), Role.CLERK)
    assert caught.value.code == "account-exists"


@pytest.mark.parametrize("roles", [(), (Role.APPLICANT,), (Role.CLERK, Role.APPLICANT)])
def test_an_account_has_roles_of_the_staff(office: Office, roles: tuple[Role, ...]) -> None:
    with pytest.raises(Refusal) as caught:
        office.add("c.sidorov", *roles)
    assert caught.value.code == "account-roles"


def test_nothing_secret_shows_in_the_text_of_an_account(office: Office) -> None:
    office.enrol()
    shown = repr(office.account())
    assert "argon2" not in shown
    assert "sealed" not in shown
    assert "recovery" not in shown


def test_the_device_is_told_name_issuer_and_secret() -> None:
    address = enrolment_address(b"12345678901234567890", name="пётр@e", issuer="A & B")
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    query = parse_qs(parts.query)
    assert query["secret"] == ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"]
    assert query["issuer"] == ["A & B"]
    assert typed_secret(b"12345678901234567890")[:9] == "GEZD GNBV"


def test_the_picture_is_a_square_with_its_margin() -> None:
    side, path = qr_path("otpauth://totp/x")
    assert (side - 8 - 17) % 4 == 0
    assert path.startswith("M4 4h1v1h-1z")
