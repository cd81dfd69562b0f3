"""What is shown of a card: under an EF.SOD only what its hashes cover."""

from dataclasses import replace

from cardservice.apdu.tlv import encode_object
from cardservice.domain.verdict import Outcome
from cardservice.policycard.owner import encode_owner
from cardservice.policycard.security import Group, digest_groups
from tests.chain import issuer
from tests.unit.policycard.golden_records import (
    JPEG,
    insurer_record,
    octets_of,
    owner_record,
    signed_files,
)
from tests.unit.verify.readings import (
    FILES,
    altered,
    judge,
    outcome_of,
    reading,
    sod,
)

INVALID = Outcome.INVALID
OTHER_OWNER = octets_of("owner-minimal")


def test_texts_of_an_altered_owner_file_are_not_shown_under_an_ef_sod() -> None:
    examination = judge(altered(owner=OTHER_OWNER))
    assert examination.holder is None
    assert examination.insurance == insurer_record().insurance


def test_a_text_behind_the_photo_is_not_shown_under_an_ef_sod() -> None:
    without = owner_record("owner-plain", photo=JPEG)
    files = signed_files(encode_owner(without))
    snils = encode_object(0x5F27, b"112-233-445 95")
    octets = encode_owner(without)
    tampered = encode_object(0x62, octets[4:] + snils)
    examination = judge(reading(replace(files, owner=tampered), security_object=sod(files)))
    assert outcome_of(examination) is INVALID
    assert examination.holder is None


def test_an_altered_insurer_record_is_not_shown_under_an_ef_sod() -> None:
    examination = judge(altered(insurer=octets_of("insurer-ended")))
    assert examination.insurance is None
    assert examination.holder == owner_record().holder
    assert not examination.proved


def test_nothing_is_shown_under_a_wrong_signature() -> None:
    card_hash = digest_groups(FILES)[Group.ICCID]
    examination = judge(reading(security_object=sod().replace(card_hash, bytes(32))))
    assert (examination.holder, examination.insurance) == (None, None)


def test_texts_signed_by_somebody_unknown_are_shown_as_unproved() -> None:
    examination = judge(reading(), trust=issuer("Another Scheme").trust())
    assert examination.holder == owner_record().holder
    assert not examination.proved


def test_a_card_without_an_ef_sod_is_shown_as_unproved() -> None:
    examination = judge(reading(security_object=None))
    assert examination.holder == owner_record().holder
    assert examination.insurance == insurer_record().insurance
    assert not examination.proved
