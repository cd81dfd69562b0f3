from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cardservice.domain.holder import Category
from cardservice.domain.numbers import Enp
from cardservice.errors import MalformedDataError, Refusal, UsageError
from cardservice.papers.statement import base45
from cardservice.papers.statement.claims import encode_claims
from cardservice.papers.statement.content import statement_of
from cardservice.papers.statement.cose import sign1
from cardservice.papers.statement.signed import (
    PREFIX,
    STATEMENT_OCTETS,
    TEXT_LENGTH,
    TYPE,
    StatementKey,
    sign_statement,
    verify_statement,
)
from tests.unit.papers.examples import (
    CERTIFICATE,
    ISSUED,
    OTHER_OGRN,
    VALID_UNTIL,
    key,
    long_named,
    statement,
    trusted,
)

TEXT = sign_statement(statement(), key())


def _refused(text: str, *keys: StatementKey, on: date = ISSUED) -> str:
    with pytest.raises(Refusal) as caught:
        verify_statement(text, keys or [trusted()], on)
    return caught.value.code


def _signed(payload: bytes, *, typ: str = TYPE) -> str:
    return PREFIX + base45.encode(sign1(payload, typ=typ, key=key()))


@pytest.mark.parametrize("on", [ISSUED, date(2026, 12, 31), VALID_UNTIL])
def test_a_desk_with_the_key_reads_what_the_office_said(on: date) -> None:
    assert verify_statement(TEXT, [trusted("other", OTHER_OGRN), trusted()], on) == statement()


def test_a_statement_has_at_most_300_octets_with_the_longest_names_and_numbers() -> None:
    longest = replace(
        statement_of(replace(CERTIFICATE, person=long_named(), category=Category.EAEU_WORKER)),
        number="999999999",
        fund="99999",
        surname="Щ" * 20,
        given_name="Щ" * 20,
        patronymic="Щ" * 20,
        birth_date=date(1900, 1, 2),
    )
    text = sign_statement(longest, key())
    assert len(base45.decode(text.removeprefix(PREFIX))) <= STATEMENT_OCTETS
    assert len(text) <= TEXT_LENGTH
    assert verify_statement(text, [trusted()], ISSUED) == longest


def test_a_statement_of_more_than_300_octets_is_not_signed() -> None:
    # From 2106 a time takes four octets more.
    far = {"issued": date(2110, 1, 1), "valid_until": date(2110, 2, 1)}
    names = dict.fromkeys(("surname", "given_name", "patronymic"), "Щ" * 20)
    with pytest.raises(UsageError, match="more than 300"):
        sign_statement(statement(**far, **names, fund="99999"), key())


def test_the_text_needs_only_the_alphanumeric_mode_of_a_qr_code() -> None:
    assert set(TEXT) <= set(base45.ALPHABET)


def test_another_key_is_unknown() -> None:
    assert _refused(TEXT, trusted("other")) == "statement-unknown-key"


def test_no_key_at_all_is_an_unknown_key() -> None:
    with pytest.raises(Refusal, match="does not know"):
        verify_statement(TEXT, [], ISSUED)


def test_an_altered_payload_is_refused() -> None:
    octets = base45.decode(TEXT.removeprefix(PREFIX))
    altered = octets.replace("Цветков".encode(), "Цветкин".encode())
    assert altered != octets
    assert _refused(PREFIX + base45.encode(altered)) == "statement-altered"


def test_the_key_of_one_insurer_signs_for_no_other() -> None:
    assert _refused(TEXT, trusted(insurer=OTHER_OGRN)) == "statement-other-insurer"


def test_the_day_before_is_too_early() -> None:
    early = ISSUED - timedelta(days=1)
    assert _refused(TEXT, on=early) == "statement-not-yet-valid"


def test_the_day_after_is_too_late() -> None:
    late = VALID_UNTIL + timedelta(days=1)
    assert _refused(TEXT, on=late) == "statement-expired"


def test_a_statement_of_another_kind_by_the_same_key_is_refused() -> None:
    assert (
        _refused(_signed(encode_claims(statement()), typ="x.other+cwt")) == "statement-other-type"
    )


def test_another_kind_of_code_is_refused() -> None:
    assert _refused(TEXT.replace("OMS1:", "HC1:")) == "statement-other-type"
    assert _refused("") == "statement-other-type"


def test_a_signed_payload_that_says_something_else_is_refused() -> None:
    assert _refused(_signed(b"\xa0")) == "statement-malformed"


def test_a_code_longer_than_ours_is_refused_unread() -> None:
    assert _refused(PREFIX + "0" * (TEXT_LENGTH - len(PREFIX) + 1)) == "statement-too-long"


def test_no_refusal_quotes_the_person() -> None:
    with pytest.raises(Refusal) as caught:
        verify_statement(TEXT, [trusted()], date(2030, 1, 1))
    assert "Цветков" not in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "12345678"},
        {"number": "12345678x"},
        {"fund": "100000"},
        {"enp": Enp("0058000844000018")},
        {"surname": ""},
        {"surname": "Щ" * 30},
        {"valid_until": ISSUED - timedelta(days=1)},
        {"valid_until": date.max},
    ],
)
def test_what_nobody_could_read_is_not_signed(changes: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        sign_statement(statement(**changes), key())


def test_a_key_on_another_curve_is_not_taken() -> None:
    other = ec.generate_private_key(ec.SECP384R1()).public_key()
    spki = other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(MalformedDataError, match="P-256"):
        StatementKey(OTHER_OGRN, spki)
