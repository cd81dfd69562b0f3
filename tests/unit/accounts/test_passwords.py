"""Passwords: what is taken, how they are kept."""

import pytest

from cardservice.accounts.password_rules import PasswordRules, is_common
from cardservice.accounts.passwords import PASSWORD_MAX, Argon2Settings, Passwords, prepare
from cardservice.errors import Refusal
from tests.unit.accounts.office import CHEAP, NAME, PASSWORD, CountingHasher, Office

RULES = PasswordRules()


def _counted() -> tuple[Passwords, CountingHasher]:
    hasher = CountingHasher(CHEAP)
    return Passwords(CHEAP, hasher=lambda _: hasher), hasher


def test_the_default_parameters_are_the_second_recommended_option_of_the_standard() -> None:
    stored = Passwords(Argon2Settings(at_once=1)).hash("a")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_the_right_password_verifies_and_another_does_not() -> None:
    passwords, _ = _counted()
    stored = passwords.hash(PASSWORD)
    assert passwords.verify(stored, PASSWORD)
    assert not passwords.verify(stored, PASSWORD + "x")


def test_one_text_in_two_normal_forms_is_one_password() -> None:
    passwords, _ = _counted()
    stored = passwords.hash(prepare("ёлка и ёжик") or "")
    assert passwords.verify(stored, "е\u0308лка\u00a0и е\u0308жик")


@pytest.mark.parametrize("typed", ["", "x" * (PASSWORD_MAX + 1), "a\x00b", "\ud800", PASSWORD])
def test_every_question_costs_one_verification(typed: str) -> None:
    passwords, hasher = _counted()
    assert not passwords.verify(None, typed)
    assert not passwords.verify(passwords.hash("another"), typed)
    assert hasher.verified == 2


def test_no_text_is_the_password_of_an_account_without_one() -> None:
    passwords, _ = _counted()
    assert not any(passwords.verify(None, one) for one in ("\x00", " ", "", "None"))


def test_a_text_that_cannot_be_a_password_fits_no_hash_whatever_it_is_replaced_by() -> None:
    passwords, _ = _counted()
    assert not passwords.verify(passwords.hash(" "), "\x00")


def test_a_damaged_hash_fits_nothing() -> None:
    passwords, _ = _counted()
    assert not passwords.verify("$argon2id$damaged", PASSWORD)


def test_a_hash_with_old_parameters_is_renewed_at_the_next_sign_in() -> None:
    office = Office()
    old = office.account().password_hash
    office.hasher = CountingHasher(Argon2Settings(time_cost=2, memory_kib=16, parallelism=1))
    office.passwords._hasher = office.hasher
    office.sign_in.with_password(NAME, PASSWORD, address=None)
    new = office.account().password_hash
    assert new != old
    assert "m=16,t=2" in (new or "")
    office.sign_in.with_password(NAME, PASSWORD, address=None)
    assert office.account().password_hash == new


@pytest.mark.parametrize(
    "password", [PASSWORD, "дырявая калоша шумит", "k3-Vq9_zLw2p", "четыре мокрых барсука"]
)
def test_long_uncommon_passwords_are_taken(password: str) -> None:
    assert RULES.accept(password, near=(NAME,)) == password


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password-too-short"),
        ("elevenchars", "password-too-short"),
        ("x" * (PASSWORD_MAX + 1), "password-too-long"),
        ("heron umbrella\x00", "password-characters"),
        ("heron umbrella\n", "password-characters"),
        ("aaaaaaaaaaaaaaaa", "password-common"),
        ("abababababababab", "password-common"),
        ("123456789012", "password-common"),
        ("password12345", "password-common"),
        ("P@ssw0rdP@ssw0rd", "password-common"),
        ("qwertyuiop123", "password-common"),
        ("йцукенгшщзхъ12", "password-common"),
        ("пароль-2026-пароль", "password-common"),
        ("1qaz2wsx3edc4rfv", "password-common"),
        ("a.petrova2026!", "password-common"),
    ],
)
def test_a_bad_new_password_is_refused_with_its_reason(password: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        RULES.accept(password, near=(NAME,))
    assert (caught.value.code, caught.value.field) == (code, "new_password")


def test_a_refusal_never_quotes_the_password() -> None:
    with pytest.raises(Refusal) as caught:
        RULES.accept("Password99999")
    assert "9999" not in caught.value.sentence


def test_real_words_with_a_common_one_among_them_are_not_common() -> None:
    assert not is_common("welcome to the barn, heron")
