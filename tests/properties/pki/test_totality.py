"""Readers of the PKI are total: any octets give a value or a PeerError, and nothing else."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardservice.domain.verdict import Outcome
from cardservice.errors import PeerError
from cardservice.pki.algorithms import digest_of_algorithm, recognise
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.ef_sod import parse_ef_sod, sign_ef_sod, verify_ef_sod
from cardservice.pki.foreign_form import read_foreign_form
from cardservice.pki.issued_form import match_issued_form
from cardservice.pki.revocations import parse_revocation_list
from cardservice.pki.security_object import (
    decode_security_object,
    encode_security_object,
    match_issued_layout,
)
from cardservice.pki.suite import SHA_256, der_from_plain, load_public_key, plain_from_der
from tests.unit.pki.office import (
    HASHES,
    NOW,
    SIGNED,
    START,
    Desk,
    ef_sod,
    root,
    signer_under,
)

LIST = root().issue_revocations([], number=1, at=START)
SIGNER = signer_under(root())
STORE = Desk().store()

READERS: dict[str, tuple[Callable[[bytes], Any], bytes]] = {
    "ef_sod": (parse_ef_sod, ef_sod()),
    "foreign form": (read_foreign_form, ef_sod()[4:]),
    "security object": (decode_security_object, encode_security_object(HASHES, digest=SHA_256)),
    "certificate": (parse_certificate, SIGNER.certificate.der),
    "revocation list": (parse_revocation_list, LIST),
    "signature algorithm": (recognise, SIGNER.certificate.signature_algorithm),
    "digest algorithm": (digest_of_algorithm, SIGNER.certificate.signature_algorithm),
    "public key": (load_public_key, SIGNER.certificate.public_key),
    "DER signature": (plain_from_der, SIGNER.certificate.signature),
    "plain signature": (der_from_plain, bytes(64)),
}


@st.composite
def damaged(draw: st.DrawFn, octets: bytes) -> bytes:
    """Return ``octets`` with up to four runs replaced by others."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(octets)))
        length = draw(st.integers(0, 8))
        octets = octets[:start] + draw(st.binary(max_size=8)) + octets[start + length :]
    return octets


@pytest.mark.parametrize("name", READERS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_reader_returns_or_raises_a_peer_error(name: str, data: st.DataObject) -> None:
    reader, sample = READERS[name]
    octets = data.draw(st.binary(max_size=200) | damaged(sample))
    with suppress(PeerError):
        assert reader(octets) is not None


@given(octets=damaged(SIGNER.certificate.der))
@settings(max_examples=150, deadline=None)
def test_a_damaged_signer_is_judged_and_never_good(octets: bytes) -> None:
    judged = STORE.judge_signer(octets, signing_time=SIGNED, now=NOW)
    assert (judged.outcome is Outcome.VALID) == (octets == SIGNER.certificate.der)


@given(octets=damaged(ef_sod()))
@settings(max_examples=150, deadline=None)
def test_what_the_quick_reader_takes_the_patient_one_takes_alike(octets: bytes) -> None:
    quick = match_issued_form(octets)
    if quick is not None:
        patient = read_foreign_form(octets[4:])
        assert (quick.covered, quick.content) == (patient.covered, patient.content)
        assert quick.signing_time == patient.signing_time


NUMBERS = st.sets(st.integers(1, 16), min_size=2, max_size=16)


@given(numbers=NUMBERS, seed=st.binary(min_size=32, max_size=32))
@settings(max_examples=50, deadline=None)
def test_what_is_signed_is_what_is_verified(numbers: set[int], seed: bytes) -> None:
    hashes = dict.fromkeys(numbers, seed)
    octets = sign_ef_sod(hashes, signer=SIGNER, at=SIGNED)
    assert dict(verify_ef_sod(parse_ef_sod(octets)).hashes) == hashes
    assert match_issued_form(octets) is not None


@given(octets=damaged(encode_security_object(HASHES, digest=SHA_256)))
@settings(max_examples=150, deadline=None)
def test_the_two_decoders_of_hashes_agree(octets: bytes) -> None:
    matched = match_issued_layout(octets, SHA_256)
    if matched is not None:
        assert matched == decode_security_object(octets)


@given(at=st.datetimes(datetime(2026, 11, 1, 10), datetime(2027, 1, 31), timezones=st.just(UTC)))  # noqa: DTZ001
@settings(max_examples=30, deadline=None)
def test_any_time_of_the_usage_period_is_signed_and_read(at: datetime) -> None:
    octets = sign_ef_sod(HASHES, signer=SIGNER, at=at)
    assert parse_ef_sod(octets).signing_time == at.replace(microsecond=0)
