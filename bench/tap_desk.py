"""What is tapped, and on what: one made card, a desk that is enrolled, and one that is not."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from bench.cards import card_orders
from cardservice.channel.terminal_authentication import Sign
from cardservice.channel.terminal_authentication_chain import TerminalChain
from cardservice.home.issuer import Home, new_ephemeral, scratch_home, utc_now
from cardservice.keystores.software_keys import EcdsaP256Key, generate_key
from cardservice.pki.cv.certificates import CvCertificate
from cardservice.pki.cv.issuing import Cvca, DocumentVerifier, create_cvca
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.requests import create_request, verify_request
from cardservice.pki.cv.terms import TerminalRights
from cardservice.pki.suite import ECDSA_P256_SHA256, plain_from_der
from cardservice.policycard.photo import Photo, PhotoFormat
from cardservice.settings import load_settings
from cardservice.transport.inprocess import open_seam
from cardservice.verify.access import Enrolment
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.judging import Judge
from simulators.card import SoftwareCard, blank_card
from simulators.card.trust_point import initial_trust_point
from simulators.reader import InProcessReader

PHOTO: Final = Photo(PhotoFormat.JPEG, b"\xff\xd8\xff\xe0" + bytes(16_000))
"""As large as photos are; a desk reads as far as its header."""
_CVCA_YEARS_DAYS: Final = 3 * 365
_AGE: Final = timedelta(days=3)
"""The desk's certificates are younger than the card, which so has to set its date forward."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A card and the desks it is presented at.

    Attributes:
        card: personalized, with a trust point and a photo; copy it before it is presented.
        can: what is printed on it.
        enrolled: shows the card its certificates.
        plain: has none to show.
        certificate_octets: what the enrolled desk shows.
    """

    card: SoftwareCard
    can: str = field(repr=False)
    enrolled: CardExaminer
    plain: CardExaminer
    certificate_octets: int


@contextmanager
def stage() -> Iterator[Stage]:
    """Make a card at a station, give it a trust point, and lend it with its desks."""
    with scratch_home(load_settings()) as (home, keys):
        order = replace(card_orders(home, 1)[0], photo=PHOTO)
        card, reader = blank_card(), InProcessReader("station")
        reader.insert(card)
        made = home.station(keys).make(open_seam(reader.connect), order)
        reader.remove()
        today = utc_now().date()
        authority = _authority(today)
        card.memory.transaction(initial_trust_point(authority.certificate.octets))
        chain, key = _terminal(authority, today)
        yield Stage(
            card=card,
            can=made.secrets.can,
            enrolled=_desk(home, Enrolment((chain,), _signer(key))),
            plain=_desk(home, None),
            certificate_octets=sum(len(one.content) for one in chain.certificates),
        )


def _desk(home: Home, enrolment: Enrolment | None) -> CardExaminer:
    judge = Judge(home.trust, register=home.ledger, clock=utc_now)
    return CardExaminer(
        judge, new_ephemeral=new_ephemeral, new_scalar=new_scalar, enrolment=enrolment
    )


def new_scalar(order: int) -> int:
    """Return a fresh secret of a group of that order."""
    return secrets.randbelow(order - 1) + 1


def _authority(today: date) -> Cvca:
    return create_cvca(
        generate_key(ECDSA_P256_SHA256),
        holder=HolderReference("RU", "OMSCVCA", "00001"),
        effective=today - 2 * _AGE,
        expiration=today + timedelta(days=_CVCA_YEARS_DAYS),
    )


def _terminal(authority: Cvca, today: date) -> tuple[TerminalChain, EcdsaP256Key]:
    rights = TerminalRights.READ_POLICY
    verifier_key, terminal_key = (generate_key(ECDSA_P256_SHA256) for _ in range(2))
    verifier_name = HolderReference("RU", "OMSDV77", "00001")
    verifier: CvCertificate = authority.issue_document_verifier(
        verify_request(create_request(verifier_key, holder=verifier_name)),
        rights=rights,
        at=today - _AGE,
    )
    terminal_name = HolderReference("RU", "DESK0042", "00001")
    terminal = DocumentVerifier(verifier, verifier_key).issue_terminal(
        verify_request(create_request(terminal_key, holder=terminal_name)),
        rights=rights,
        at=today,
    )
    return TerminalChain((verifier, terminal), rights), terminal_key


def _signer(key: EcdsaP256Key) -> Sign:
    return lambda message: plain_from_der(key.sign(message))
