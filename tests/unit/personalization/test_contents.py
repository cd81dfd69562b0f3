"""What a card is given: secrets without bias, files that name the chip, an EF.SOD over all."""

from collections import Counter
from datetime import timedelta

import pytest

from cardservice.errors import UsageError
from cardservice.personalization.contents import (
    CAN_DIGITS,
    PIN_DIGITS,
    PUK_DIGITS,
    CardFiles,
    draw_secrets,
    sign_files,
)
from cardservice.personalization.order import prepare
from cardservice.pki.ef_sod import parse_ef_sod, verify_ef_sod
from cardservice.policycard.identity import decode_card_id, decode_iccid
from cardservice.policycard.security import SignedFiles, check_groups
from tests.chain import FUND, PHOTO, SIGNED, an_order, issuer
from tests.unit.policycard.golden_records import octets_of

SERIAL = bytes(range(8))
POINT = octets_of("chip-security")[-65:]


def signed(*, microsecond: int = 0) -> CardFiles:
    return sign_files(
        prepare(an_order(photo=PHOTO)),
        chip_serial=SERIAL,
        chip_point=POINT,
        signer=issuer().signer,
        at=SIGNED.replace(microsecond=microsecond),
    )


def test_the_files_name_the_chip_the_fund_and_the_place_in_the_list() -> None:
    files = signed()
    identity = decode_card_id(files.card_id).identity
    assert (identity.chip_serial, identity.fund) == (SERIAL, FUND.code)
    assert (identity.list_number, identity.list_index) == (1, 7)
    assert decode_iccid(files.iccid).iccid.chip_serial == SERIAL
    assert files.chip_security == octets_of("chip-security")


def test_ef_sod_covers_every_file_of_the_card() -> None:
    prepared, files = prepare(an_order(photo=PHOTO)), signed()
    verified = verify_ef_sod(parse_ef_sod(files.security_object))
    on_the_card = SignedFiles(
        owner=prepared.owner,
        insurer=prepared.insurer,
        card_id=files.card_id,
        iccid=files.iccid,
        chip_security=files.chip_security,
    )
    checked = check_groups(verified.hashes, on_the_card)
    assert checked.findings == ()
    assert checked.covered == {1, 2, 3, 4, 5, 14}


def test_the_signing_time_is_whole_seconds_and_told_as_it_is_signed() -> None:
    files = signed(microsecond=999_999)
    verified = verify_ef_sod(parse_ef_sod(files.security_object))
    assert files.signed_at == verified.signing_time == SIGNED


def test_nothing_is_signed_out_of_the_signers_usage_period() -> None:
    with pytest.raises(UsageError, match="signs from"):
        sign_files(
            prepare(an_order()),
            chip_serial=SERIAL,
            chip_point=POINT,
            signer=issuer().signer,
            at=SIGNED + timedelta(days=400),
        )


def test_secrets_are_digits_of_the_lengths_that_the_card_takes() -> None:
    secrets = draw_secrets(lambda count: bytes(range(count)))
    assert (secrets.pin, secrets.puk, secrets.can) == ("012345", "01234567", "012345")
    assert (len(secrets.pin), len(secrets.puk), len(secrets.can)) == (
        PIN_DIGITS,
        PUK_DIGITS,
        CAN_DIGITS,
    )


def test_every_digit_is_equally_likely_because_odd_octets_are_drawn_again() -> None:
    every_octet = iter(list(range(256)) * 20)
    counted: Counter[str] = Counter()
    for _ in range(200):
        secrets = draw_secrets(lambda count: bytes(next(every_octet) for _ in range(count)))
        counted.update(secrets.pin + secrets.puk + secrets.can)
    # Digits that 250 to 255 would favour are 0 to 5: one in 256 more often each.
    assert max(counted.values()) - min(counted.values()) <= 6


def test_octets_from_250_on_give_no_digit() -> None:
    drawn = iter([bytes((250, 255, 251, 252, 253, 254)), bytes((249, 9, 19, 29, 39, 240))])
    rest = bytes(8)
    secrets = draw_secrets(lambda _: next(drawn, rest))
    assert secrets.pin == "999990"


def test_the_printed_form_of_secrets_and_files_shows_none_of_them() -> None:
    secrets = draw_secrets(lambda count: bytes(range(1, count + 1)))
    assert repr(secrets) == "HolderSecrets()"
    printed = repr(signed())
    assert all(octets.hex() not in printed for octets in (SERIAL, POINT))
