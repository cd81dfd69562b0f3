"""From a reading to a verdict: the good card, its state, and what the register says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.channel.card_management import LifeCycle
from cardservice.domain.register import CardStatus
from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.policycard.insurer import InsurerRecord, InsurerSignature, encode_insurer
from cardservice.policycard.owner import encode_owner
from cardservice.policycard.photo import encode_photo
from cardservice.policycard.security import SignedFiles
from cardservice.verify.findings import ChipProof
from cardservice.verify.judging import PHOTO_UNREAD, Judge
from cardservice.verify.reading import CardReading
from tests.chain import NOW, REGION, SIGNED, issuer
from tests.unit.policycard.golden_records import (
    JPEG,
    insurer_record,
    octets_of,
    owner_record,
    signed_files,
)
from tests.unit.verify.readings import (
    CARD_NUMBER,
    ENP,
    FILES,
    check_of,
    data_reason,
    judge,
    outcome_of,
    reading,
    register,
    sod,
)

VALID, INVALID, UNDECIDED = Outcome.VALID, Outcome.INVALID, Outcome.UNDECIDED
WITH_PHOTO = encode_owner(owner_record(photo=JPEG))
PHOTO_AT = WITH_PHOTO.index(encode_photo(JPEG))
PHOTO_FILES = signed_files(WITH_PHOTO)
TEXTS = octets_of("owner-snils")[3:]


def test_a_good_card_is_valid_and_its_texts_are_proved() -> None:
    examination = judge(reading())
    assert outcome_of(examination) is VALID
    assert examination.proved
    assert examination.holder == owner_record().holder
    assert examination.insurance == insurer_record().insurance
    assert examination.verdict is not None
    assert examination.verdict.signed_at == SIGNED
    assert examination.verdict.at == NOW


def test_a_card_is_named_by_its_number_only_when_its_files_are_proved() -> None:
    assert judge(reading()).card_number == CARD_NUMBER
    unsigned = replace(reading(), security_object=None)
    swapped = reading(replace(FILES, owner=WITH_PHOTO), security_object=sod(FILES))
    assert [judge(one).card_number for one in (unsigned, swapped)] == [None, None]


def test_the_register_is_asked_for_the_policy_and_the_card_of_ef_cardid() -> None:
    known = register()
    judge(reading(), known=known)
    assert known.asked == [(ENP, CARD_NUMBER)]


def test_a_photo_that_was_left_unread_is_no_failure_and_is_noted() -> None:
    first_part = replace(PHOTO_FILES, owner=WITH_PHOTO[: PHOTO_AT + 5])
    examination = judge(reading(first_part, security_object=sod(PHOTO_FILES)))
    assert outcome_of(examination) is VALID
    assert examination.verdict is not None
    assert PHOTO_UNREAD in examination.verdict.skipped


def test_a_photo_that_was_read_is_noted_as_read() -> None:
    examination = judge(reading(PHOTO_FILES))
    assert outcome_of(examination) is VALID
    assert examination.verdict is not None
    assert examination.verdict.skipped == ()


def unknown_policy() -> CardReading:
    return reading(security_object=None, chip=ChipProof.NOT_OFFERED)


def test_a_card_without_a_trust_layer_is_undecided() -> None:
    known = register()
    known.newest.clear()
    examination = judge(unknown_policy(), known=known)
    check = check_of(examination, CheckName.DATA_SIGNED)
    assert (check.outcome, check.reason) == (UNDECIDED, Reason.NO_TRUST_LAYER)
    assert outcome_of(examination) is UNDECIDED


def test_a_trust_layer_that_the_register_knows_of_was_removed() -> None:
    assert data_reason(unknown_policy()) is Reason.TRUST_LAYER_REMOVED


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (LifeCycle.BLOCKED, Reason.CARD_BLOCKED),
        (LifeCycle.TERMINATED, Reason.CARD_TERMINATED),
        (LifeCycle.BLANK, Reason.CARD_NOT_PERSONALIZED),
    ],
)
def test_a_chip_that_says_it_is_out_of_use_is_invalid(state: LifeCycle, reason: Reason) -> None:
    examination = judge(CardReading(life_cycle=state))
    assert outcome_of(examination) is INVALID
    assert check_of(examination, CheckName.CARD_NOT_BLOCKED).reason is reason
    assert (examination.holder, examination.insurance) == (None, None)


def test_a_card_that_lets_nothing_be_read_and_calls_itself_active_is_undecided() -> None:
    examination = judge(CardReading(life_cycle=LifeCycle.PERSONALIZED))
    assert outcome_of(examination) is UNDECIDED


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (CardStatus.BLOCKED, INVALID, Reason.CARD_BLOCKED),
        (CardStatus.TERMINATED, INVALID, Reason.CARD_TERMINATED),
        (CardStatus.UNKNOWN, UNDECIDED, Reason.CARD_UNKNOWN),
    ],
)
def test_what_the_register_says_of_the_card_decides(
    status: CardStatus, outcome: Outcome, reason: Reason
) -> None:
    known = register()
    known.cards[CARD_NUMBER] = status
    examination = judge(reading(), known=known)
    assert outcome_of(examination) is outcome
    assert check_of(examination, CheckName.CARD_NOT_BLOCKED).reason is reason


def test_a_register_that_cannot_be_reached_leaves_the_card_undecided() -> None:
    known = register()
    known.stopped = True
    examination = judge(reading(), known=known)
    assert outcome_of(examination) is UNDECIDED
    assert examination.verdict is not None
    assert examination.verdict.signed_at == SIGNED


def test_a_desk_without_a_register_does_not_decide() -> None:
    desk = Judge(issuer().trust(), register=None, clock=lambda: NOW, region=REGION)
    assert outcome_of(desk.judge(reading())) is UNDECIDED


def test_old_answers_of_a_register_decide_nothing() -> None:
    known = register()
    known.as_of = NOW - timedelta(days=4)
    examination = judge(reading(), known=known)
    assert outcome_of(examination) is UNDECIDED
    assert check_of(examination, CheckName.CARD_NOT_BLOCKED).age == timedelta(days=4)


def test_a_record_older_than_the_newest_one_is_superseded() -> None:
    known = register()
    known.newest[ENP] = SIGNED + timedelta(seconds=1)
    examination = judge(reading(), known=known)
    assert outcome_of(examination) is INVALID
    assert check_of(examination, CheckName.INSURER_CURRENT).reason is Reason.SUPERSEDED


def test_a_card_whose_ef_cardid_is_no_such_file_is_asked_about_by_policy_alone() -> None:
    known = register()
    judge(reading(replace(FILES, card_id=b"\x61\x00")), known=known)
    judge(reading(replace(FILES, card_id=None)), known=known)
    assert known.asked == [(ENP, None)] * 2


def test_a_policy_that_expired_is_invalid_though_everything_is_genuine() -> None:
    record = replace(owner_record(), expiry=(NOW - timedelta(days=1)).date())
    examination = judge(reading(signed_files(encode_owner(record))))
    assert outcome_of(examination) is INVALID
    assert check_of(examination, CheckName.POLICY_IN_FORCE).reason is Reason.POLICY_EXPIRED
    assert examination.proved


def test_an_insurance_that_ended_is_invalid_though_everything_is_genuine() -> None:
    files = replace(FILES, insurer=octets_of("insurer-ended"))
    examination = judge(reading(files))
    assert outcome_of(examination) is INVALID
    assert check_of(examination, CheckName.INSURER_CURRENT).reason is Reason.INSURER_ENDED


def test_the_insurers_own_signature_makes_no_card_valid() -> None:
    record = InsurerRecord(insurer_record().insurance, InsurerSignature(bytes(64), b"\x30\x00"))
    files = replace(FILES, insurer=encode_insurer(record))
    unsigned = judge(reading(files, security_object=None))
    assert outcome_of(unsigned) is not VALID
    assert not unsigned.proved
    assert outcome_of(judge(reading(files))) is VALID  # whatever it is: it was not looked at


def test_an_unknown_object_under_a_right_hash_is_passed_over_and_told() -> None:
    files: SignedFiles = replace(FILES, owner=encode_object(0x62, TEXTS + b"\x5f\x6e\x01\x00"))
    examination = judge(reading(files))
    assert outcome_of(examination) is VALID
    assert examination.verdict is not None
    assert examination.verdict.skipped == ("unknown object 5F6E was not read",)


@pytest.mark.parametrize("octets", [b"", b"\x62", b"\x62\x02\x5f", b"\x64\x00", b"\x62\x00"])
def test_a_field_card_with_unreadable_files_is_undecided_and_shows_nothing(octets: bytes) -> None:
    files = SignedFiles(owner=octets, insurer=octets, card_id=None, iccid=None, chip_security=None)
    examination = judge(CardReading(files=files))
    assert outcome_of(examination) is UNDECIDED
    assert (examination.holder, examination.insurance) == (None, None)
    assert examination.verdict is not None
    reasons = {one.name: one.reason for one in examination.verdict.checks}
    assert reasons[CheckName.CARD_NOT_BLOCKED] is Reason.NOT_READ  # Nobody could be asked.


def test_a_field_card_with_a_readable_owner_shows_it_though_its_insurer_is_unreadable() -> None:
    files = replace(FILES, insurer=b"\x64\x05\x5f\x51\x02\x30\x30")
    examination = judge(CardReading(files=files))
    assert examination.holder == owner_record().holder
    assert examination.insurance is None
