"""How fast cards that were read are verified and judged, beside the bare signature check."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from bench.cards import Issued, in_turn, issued_cards
from bench.figures import FULL, Figure, Pace, per_second, rates_in_turn
from cardservice.domain.verdict import Outcome
from cardservice.home.issuer import utc_now
from cardservice.pki.ef_sod import parse_ef_sod
from cardservice.pki.trust import TrustStore
from cardservice.verify.judging import Judge, verify_files
from cardservice.verify.reading import CardReading

REFERENCE: Final = "the same cards' P-256 signatures checked by cryptography, and nothing else"


def offline(pace: Pace = FULL) -> Figure:
    """Measure hashes, EF.SOD, signature and signer of a card's files; no field is decoded.

    The signer's chain is known from the first card on, as at any desk.
    """
    with issued_cards(pace.cards) as issued:
        now = utc_now()
        verify = in_turn(lambda one: _verify(issued.home.trust, one, now), issued.readings)
        value, reference = rates_in_turn(verify, _bare_checks(issued), pace)
    return _figure("verify.offline", "files/s", value, reference)


def verdict(pace: Pace = FULL) -> Figure:
    """Measure the whole verdict on files already read: fields, register and every check."""
    with issued_cards(pace.cards) as issued:
        judge = Judge(issued.home.trust, register=issued.home.ledger, clock=utc_now)
        judged = in_turn(lambda one: _judge(judge, one), issued.readings)
        value, reference = rates_in_turn(judged, _bare_checks(issued), pace)
    return _figure("verify.verdict", "verdicts/s", value, reference)


def _verify(trust: TrustStore, reading: CardReading, now: datetime) -> None:
    state = verify_files(reading.security_object or b"", reading.files)
    verified = state.verified
    if verified is None or state.groups.findings:
        raise AssertionError("a good card was refused")
    judged = trust.judge_signer(verified.signer_der, signing_time=verified.signing_time, now=now)
    if judged.outcome is not Outcome.VALID:
        raise AssertionError("a good signer was refused")


def _judge(judge: Judge, reading: CardReading) -> None:
    found = judge.judge(reading).verdict
    if found is None or found.outcome is not Outcome.VALID:
        raise AssertionError("a good card was not judged valid")


def _bare_checks(issued: Issued) -> Callable[[], None]:
    """Return a call that checks the next card's signature, with the key at hand."""
    key = load_der_public_key(issued.signer.certificate.public_key)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise TypeError("the signer's key is not on an elliptic curve")
    scheme = ec.ECDSA(SHA256())
    parts = [parse_ef_sod(one.security_object or b"") for one in issued.readings]
    signed = [(one.signature, one.covered) for one in parts]
    return in_turn(lambda one: key.verify(one[0], one[1], scheme), signed)


def _figure(name: str, unit: str, value: float, reference: float) -> Figure:
    return Figure(
        name=name,
        value=per_second(value),
        unit=unit,
        reference=REFERENCE,
        reference_value=per_second(reference),
    )
